"""Which guide carries a message to whom, and on which day: columns instead of a loop over members.

A relation is a guide who has the member as a contact. Who is chosen is a stated order of choices; what does not fit a
guide's day moves to their next one, and past the last day it is told as over the limit, never dropped in silence. Balancing
is a greedy walk under a rising water line: it leaves nobody waiting while one of their guides has room, and is not proven
to place the greatest possible number (that is a flow problem, and takes minutes where this takes a second).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.kernel.sets.columns import Column, from_column, to_column
from wellspring.kernel.sets.splitting import hashed

Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
NOBODY = -1
# As many days as a campaign may be spread over.
DAYS_MAX = 31
# Members placed between two rises of the water line: 1/32 of all, so that loads differ by about 3 % of the mean.
_RISES = 32


class Choice(StrEnum):
    """By what a guide is chosen."""

    OWNER = "owner"
    LAST_CONTACT = "last_contact"
    BALANCED = "balanced"


@dataclass(frozen=True)
class Relations:
    """Columns of one length in rising order of (member, guide): guides are numbered from 0, `last_at` is in any unit of time."""

    members: Column
    guides: Whole
    last_at: Whole
    is_owner: Mask

    @classmethod
    def of(cls, members: Column, guides: Whole, last_at: Whole, is_owner: Mask) -> "Relations":
        """The relations in their order, from columns in any order."""
        order = np.lexsort((guides, members))
        return cls(members[order], guides[order], last_at[order], is_owner[order])

    def where(self, mask: Mask) -> "Relations":
        """Some of the relations."""
        return Relations(self.members[mask], self.guides[mask], self.last_at[mask], self.is_owner[mask])

    def among(self, wanted: Column) -> "Relations":
        """The relations of some members, who are given in rising order."""
        return self.where(_found(self.members, wanted))


@dataclass(frozen=True)
class Assignment:
    """Columns of one length, members in rising order: the guide (-1 for none) and the day (-1 past the last one) of each."""

    members: Column
    guides: Whole
    days: Whole
    shape: tuple[int, int]

    def counts(self) -> Whole:
        """Messages by guide and day: int64[guides, days]."""
        placed = self.days != NOBODY
        flat = self.guides[placed] * self.shape[1] + self.days[placed]
        return np.bincount(flat, minlength=self.shape[0] * self.shape[1]).astype(np.int64).reshape(self.shape)

    @property
    def without_guide(self) -> BitMap:
        """Who has no guide by any of the choices."""
        return from_column(self.members[self.guides == NOBODY])

    @property
    def over_limit(self) -> BitMap:
        """Who has a guide, and no day on which that guide has room."""
        return from_column(self.members[(self.guides != NOBODY) & (self.days == NOBODY)])

    def batches(self) -> Iterator[tuple[int, int, BitMap]]:
        """The members of each guide and day that has any, in that order."""
        placed = self.days != NOBODY
        flat = self.guides[placed] * self.shape[1] + self.days[placed]
        order = np.argsort(flat, kind="stable")
        found, starts = np.unique(flat[order], return_index=True)
        pieces = np.split(self.members[placed][order], starts[1:]) if len(found) else []
        for place, piece in zip(found.tolist(), pieces, strict=True):
            yield place // self.shape[1], place % self.shape[1], from_column(piece)


def choose(members: BitMap, relations: Relations, room: Whole, *, by: Sequence[Choice], salt: str) -> Assignment:
    """A guide and a day for each member: the first choice that names a guide decides, whatever room that guide has.

    `room` is int64[guides, days]: the messages that a guide may still send on a day. Within a guide, a stable hash of the
    member says who goes first, so that it is not always the oldest members. BALANCED names a guide for everyone who has one.
    """
    guides_total, days = room.shape
    if not 1 <= days <= DAYS_MAX or room.min(initial=0) < 0:
        raise ValueError(f"room is for 1 to {DAYS_MAX} days and never negative")
    wanted = to_column(members)
    chosen = np.full(len(wanted), NOBODY, dtype=np.int64)
    is_last = np.zeros(len(wanted), dtype=np.bool_)
    load = np.zeros(guides_total, dtype=np.int64)
    capacity = room.sum(axis=1)
    for choice in by:
        open_places = np.flatnonzero(chosen == NOBODY)
        if not len(open_places):
            break
        pairs = relations.among(wanted[open_places])
        if choice is Choice.BALANCED:
            named, is_last[open_places] = _balanced(wanted[open_places], pairs, load, capacity, salt)
        else:
            named = _named(wanted[open_places], pairs, choice)
        chosen[open_places] = named
        load += np.bincount(named[named != NOBODY], minlength=guides_total)
    return Assignment(wanted, chosen, _days(wanted, chosen, room, is_last, salt), (guides_total, days))


def _named(wanted: Column, pairs: Relations, choice: Choice) -> Whole:
    """The owner, or the guide of the last contact; the guide with the lower number where there are two."""
    if choice is Choice.OWNER:
        pairs = pairs.where(pairs.is_owner)
    else:
        order = np.lexsort((pairs.guides, -pairs.last_at, pairs.members))
        pairs = Relations(pairs.members[order], pairs.guides[order], pairs.last_at[order], pairs.is_owner[order])
    found, first = _firsts(pairs.members)
    named = np.full(len(wanted), NOBODY, dtype=np.int64)
    named[np.searchsorted(wanted, found)] = pairs.guides[first]
    return named


def _balanced(wanted: Column, pairs: Relations, load: Whole, capacity: Whole, salt: str) -> tuple[Whole, Mask]:
    """Chunk by chunk each member goes to their guide with the least load below the water line, which then rises.

    The second answer marks those none of whose guides had room: they stand last in the queue of the one they are named to.
    """
    named = np.full(len(wanted), NOBODY, dtype=np.int64)
    place = np.searchsorted(wanted, pairs.members)
    turn = _turns(wanted, salt)[place]
    load = load.copy()
    chunk = -(-len(wanted) // _RISES)
    sharing = max(1, int(np.count_nonzero(capacity)))
    # The line rises on after the last chunk, for those whose guides were above it or are allowed little.
    lines = [(step * chunk, np.minimum(capacity, -(-step * chunk // sharing))) for step in range(1, 3 * _RISES)]
    endless = np.full_like(capacity, np.iinfo(np.int64).max)
    for upto, line in [*lines, (len(wanted), capacity), (len(wanted), endless)]:
        has_room = named != NOBODY
        is_open = ~has_room[place] & (turn < upto)
        _filled(place[is_open], turn[is_open], pairs.guides[is_open], named, load, line)
    return named, (named != NOBODY) & ~has_room


def _filled(place: Whole, turn: Whole, guides: Whole, named: Whole, load: Whole, line: Whole) -> None:
    """Rounds of asking and taking until nobody who is open has a guide below the line; fills `named` and `load`."""
    while True:
        below = load[guides] < line[guides]
        place, turn, guides = place[below], turn[below], guides[below]
        if not len(place):
            return
        # Each asks the guide with the least load; equal loads are told apart by a number that differs from member to member.
        spread = (guides * 0x9E3779B1 + turn * 0x85EBCA77) & 0xFFFFFFFF
        order = np.lexsort((spread, load[guides], place))
        _, first = _firsts(place[order])
        asked = order[first]
        asked = asked[np.lexsort((turn[asked], guides[asked]))]
        taken = asked[_ranks(guides[asked]) < (line - load)[guides[asked]]]
        named[place[taken]] = guides[taken]
        load += np.bincount(guides[taken], minlength=len(load))
        still = named[place] == NOBODY
        place, turn, guides = place[still], turn[still], guides[still]


def _days(wanted: Column, chosen: Whole, room: Whole, is_last: Mask, salt: str) -> Whole:
    """The day of each by their place in the guide's queue; -1 past the last."""
    days = np.where(chosen == NOBODY, NOBODY, 0)
    asked = np.bincount(chosen[chosen != NOBODY], minlength=len(room))
    # Only the queues of guides who are asked for more than one day holds have an order.
    queued = np.flatnonzero((chosen != NOBODY) & (asked > room[:, 0])[chosen])
    queued = queued[np.lexsort((hashed(wanted[queued], salt), is_last[queued], chosen[queued]))]
    guides = chosen[queued]
    rank, until = _ranks(guides), np.cumsum(room, axis=1)
    late = np.zeros(len(queued), dtype=np.int64)
    for day in range(room.shape[1]):
        late += rank >= until[guides, day]
    days[queued] = np.where(late == room.shape[1], NOBODY, late)
    return days


def _turns(wanted: Column, salt: str) -> Whole:
    turns = np.empty(len(wanted), dtype=np.int64)
    turns[np.argsort(hashed(wanted, salt), kind="stable")] = np.arange(len(wanted))
    return turns


def _ranks(ordered: Whole) -> Whole:
    """The place of each within its run of equal values."""
    found, first = _firsts(ordered)
    lengths = np.diff(np.append(first, len(ordered)))
    return np.arange(len(ordered)) - np.repeat(first, lengths) if len(found) else np.zeros(0, dtype=np.int64)


def _firsts(ordered: npt.NDArray[np.integer]) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.intp]]:
    """Each value of an ordered column once, and where it first stands."""
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(ordered) else np.zeros(0, dtype=np.intp)
    return ordered[starts], starts


def _found(column: Column, wanted: Column) -> Mask:
    """Where a column holds one of the wanted, who are given in rising order."""
    if not len(wanted):
        return np.zeros(len(column), dtype=np.bool_)
    is_wanted = np.zeros(int(max(wanted[-1], column.max(initial=0))) + 1, dtype=np.bool_)
    is_wanted[wanted] = True
    found: Mask = is_wanted[column]
    return found
