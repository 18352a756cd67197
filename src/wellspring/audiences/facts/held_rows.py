"""The rows of one kind in memory: columns in order of time that grow at their end, those that came late beside them."""

import dataclasses
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint32]
Whole = npt.NDArray[np.int64]

# Views of so many arrivals are kept: a heartbeat still sees the rows that it began with.
_VIEWS_MAX = 4
# Late rows are merged with the others once there are so many, or a sixteenth of them.
_LATE_MAX = 1 << 16
_LATE_SHARE = 16
# Rows that came since the way in by member was made are looked through; beyond this share of all it is made anew.
_UNINDEXED_SHARE = 16


class Block(NamedTuple):
    """Some rows: member as written, instant, arrival, and what an order came to in ten-thousandths."""

    member: Numbers
    at: Whole
    arrival: Whole
    amount: Whole

    def of(self, which: npt.NDArray[np.bool_] | npt.NDArray[np.intp] | slice) -> "Block":
        """Some of the rows."""
        return Block(self.member[which], self.at[which], self.arrival[which], self.amount[which])

    def in_time(self) -> "Block":
        """The same by instant."""
        return self.of(np.argsort(self.at, kind="stable"))

    def between(self, low: int, high: int) -> "Block":
        """Rows of instants in [low, high), of rows by instant."""
        first, after = np.searchsorted(self.at, (low, high))
        return self.of(slice(int(first), int(after)))


def joined(*blocks: Block) -> Block:
    """All rows of these."""
    some = [block for block in blocks if len(block.member)] or list(blocks[:1])
    if len(some) == 1:
        return some[0]
    member = np.concatenate([block.member for block in some])
    at, arrival, amount = (np.concatenate([block[place] for block in some]) for place in range(1, 4))
    return Block(member, at, arrival, amount)


@dataclasses.dataclass(frozen=True)
class View:
    """The rows up to one arrival; nobody changes them."""

    base: Block
    late: Block
    upto: int
    age: int
    # Whether every order came to whole ten-thousandths, so that amounts say exactly what totals were.
    is_whole: bool
    rows: "Rows"

    def between(self, low: int, high: int) -> Block:
        """Rows of instants in [low, high), in no order."""
        return joined(self.base.between(low, high), self.late.between(low, high))

    def since(self, arrival: int) -> Block:
        """Rows that came after an arrival."""
        known = self.rows.view(arrival)
        # What came in time stands after what was known, unless everything was put in order anew meanwhile.
        first = len(known.base.member) if known is not None and known.age == self.age else 0
        came = [block.of(block.arrival > arrival) for block in (self.base.of(slice(first, None)), self.late)]
        return joined(*came)

    def by_member(self) -> Block:
        """All rows, nearly all of them by member and instant."""
        index = self.rows.index(self)
        return joined(self.base.of(index.order.astype(np.intp)), self.base.of(slice(index.count, None)), self.late)

    def histories(self, members: Numbers) -> Block:
        """All rows of some members, who are given once each, in no order."""
        index = self.rows.index(self)
        wanted = np.zeros(int(members.max(initial=0)) + 1, dtype=bool)
        wanted[members] = True
        fresh = [block.of(_among(block.member, wanted)) for block in (self.base.of(slice(index.count, None)), self.late)]
        return joined(self.base.of(index.places(members)), *fresh)


class _Index:
    """Where each member's rows are, of the first `count` rows of the base."""

    def __init__(self, member: Numbers) -> None:
        self.count = len(member)
        # Sorting numbers that hold member and place is five times quicker than sorting places by member.
        keys = member.astype(np.uint64) << np.uint64(32) | np.arange(self.count, dtype=np.uint64)
        keys.sort()
        self.order = keys.astype(np.uint32)
        self._starts = np.searchsorted(keys, np.arange(int(member.max(initial=0)) + 2, dtype=np.uint64) << np.uint64(32)).astype(np.int32)

    def places(self, members: Numbers) -> npt.NDArray[np.intp]:
        """The rows of these members, member by member in order of time."""
        known = members[members < len(self._starts) - 1]
        starts = self._starts[known].astype(np.int64)
        lengths = self._starts[known + np.uint32(1)] - starts
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        inside = np.arange(total) - np.repeat(ends - lengths, lengths)
        found: npt.NDArray[np.intp] = self.order[np.repeat(starts, lengths) + inside].astype(np.intp)
        return found


class Rows:
    """The rows of one kind, exact up to an arrival."""

    def __init__(self, block: Block, upto: int, *, is_whole: bool = True) -> None:
        self._room = self._base = block.in_time()
        self._late = block.of(slice(0))
        self._views: list[View] = []
        self._is_whole = is_whole
        self._index: _Index | None = None
        # How often the rows were put in order anew.
        self._age = 0
        self._note(upto)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._base.member) + len(self._late.member)

    def view(self, upto: int) -> View | None:
        """The rows up to this arrival, if that is still known."""
        # Between two arrivals of which views were taken nothing of the kind can have come that is not in the later one.
        return next((view for view in reversed(self._views) if view.upto == upto), None)

    def append(self, block: Block, upto: int, *, is_whole: bool = True) -> None:
        """Takes rows that arrived up to `upto`."""
        self._is_whole = self._is_whole and is_whole
        if len(block.member):
            sorted_ = block.in_time()
            last = int(self._base.at[-1]) if len(self._base.at) else -(2**63)
            late = int(np.searchsorted(sorted_.at, last))
            self._grow(sorted_.of(slice(late, None)))
            if late:
                self._late = joined(self._late, sorted_.of(slice(0, late))).in_time()
            if len(self._late.member) > max(_LATE_MAX, len(self._base.member) // _LATE_SHARE):
                self._room = self._base = joined(self._base, self._late).in_time()
                self._late, self._index = self._late.of(slice(0)), None
                self._age += 1
        self._note(upto)

    def index(self, view: View) -> _Index:
        """The way in by member to the rows of a view."""
        count, index = len(view.base.member), self._index
        if index is None or view.age != self._age or not count - count // _UNINDEXED_SHARE <= index.count <= count:
            index = _Index(view.base.member)
            # A view of before the rows were put in order anew has places of its own.
            self._index = index if view.age == self._age else self._index
        return index

    def _grow(self, block: Block) -> None:
        count, more = len(self._base.member), len(block.member)
        if count + more > len(self._room.member):
            many = (count + more) * 17 // 16 + 4096
            whole = [np.empty(many, dtype=np.int64) for _ in range(3)]
            empty = Block(np.empty(many, dtype=np.uint32), *whole)
            _put(empty, 0, self._base)
            self._room = empty
        _put(self._room, count, block)
        self._base = self._room.of(slice(0, count + more))

    def _note(self, upto: int) -> None:
        self._views = [*self._views[-_VIEWS_MAX + 1 :], View(self._base, self._late, upto, self._age, self._is_whole, self)]


def _put(room: Block, place: int, block: Block) -> None:
    inside = slice(place, place + len(block.member))
    room.member[inside] = block.member
    room.at[inside] = block.at
    room.arrival[inside] = block.arrival
    room.amount[inside] = block.amount


def _among(member: Numbers, wanted: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    found = member < len(wanted)
    found[found] = wanted[member[found]]
    return found
