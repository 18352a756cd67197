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
Rows = npt.NDArray[np.intp]
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
        rows, place = _pairs(relations.members, wanted[open_places])
        if choice is Choice.BALANCED:
            turn = _turns(wanted[open_places], salt)
            named, is_last[open_places] = _balanced(turn, place, relations.guides[rows], load, capacity)
        else:
            is_told = relations.is_owner[rows] if choice is Choice.OWNER else _is_latest(place, relations.last_at[rows])
            named = _named(len(open_places), place[is_told], relations.guides[rows[is_told]])
        chosen[open_places] = named
        load += np.bincount(named[named != NOBODY], minlength=guides_total)
    return Assignment(wanted, chosen, _days(wanted, chosen, room, is_last, salt), (guides_total, days))


def _pairs(column: Column, wanted: Column) -> tuple[Rows, Rows]:
    """The rows of a column that hold one of the wanted, and the place of each among the wanted; all in rising order."""
    # Through a table of all numbers: they are dense, and a search for each takes ten times as long.
    place_of = np.full(int(max(wanted[-1], column.max(initial=0))) + 1, NOBODY, dtype=np.int32)
    place_of[wanted] = np.arange(len(wanted), dtype=np.int32)
    place = place_of[column]
    rows = np.flatnonzero(place != NOBODY)
    return rows, place[rows].astype(np.intp)


def _is_latest(place: Rows, last_at: Whole) -> Mask:
    """Where the contact is the last of its member."""
    if not len(place):
        return np.zeros(0, dtype=np.bool_)
    _, first = _firsts(place)
    latest = np.maximum.reduceat(last_at, first)
    found: Mask = last_at == np.repeat(latest, np.diff(np.append(first, len(place))))
    return found


def _named(count: int, place: Rows, guides: Whole) -> Whole:
    """The guide for each of `count` places; the one with the lower number where there are two."""
    named = np.full(count, NOBODY, dtype=np.int64)
    # Rows rise by guide within a place, and of several values for one place numpy keeps the last.
    named[place[::-1]] = guides[::-1]
    return named


def _balanced(turns: Whole, place: Rows, guides: Whole, load: Whole, capacity: Whole) -> tuple[Whole, Mask]:
    """Chunk by chunk each member goes to their guide with the least load below the water line, which then rises.

    The second answer marks those none of whose guides had room: they stand last in the queue of the one they are named to.
    """
    named = np.full(len(turns), NOBODY, dtype=np.int64)
    turn, load = turns[place], load.copy()
    chunk = -(-len(turns) // _RISES)
    sharing = max(1, int(np.count_nonzero(capacity)))
    # The line rises on after the last chunk, for those whose guides were above it or are allowed little.
    lines = [(step * chunk, np.minimum(capacity, -(-step * chunk // sharing))) for step in range(1, 3 * _RISES)]
    endless = np.full_like(capacity, np.iinfo(np.int64).max)
    for upto, line in [*lines, (len(turns), capacity), (len(turns), endless)]:
        has_room = named != NOBODY
        is_open = ~has_room[place] & (turn < upto)
        _filled(place[is_open], turn[is_open], guides[is_open], named, load, line)
    return named, (named != NOBODY) & ~has_room


def _filled(place: Rows, turn: Whole, guides: Whole, named: Whole, load: Whole, line: Whole) -> None:
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
    # Guide, last or not, and 41 bits of the hash as one number: sorted three times as fast as three columns.
    hashes = hashed(wanted[queued], salt).astype(np.int64) >> 12
    queued = queued[np.argsort(chosen[queued] << 42 | is_last[queued].astype(np.int64) << 41 | hashes)]
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
