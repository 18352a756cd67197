"""Quiet hours in every member's own zone: who may be touched now, and when the others may.

An instant is quiet when the local wall clock says so, which settles summer time by itself: a skipped hour is never quiet,
a repeated one is judged twice alike. Members fall into few groups (a zone, and the laws that hold for them), and each group
is one decision. A law adds to what the brand chose and cannot be chosen away. Nothing is sent from here: who is held is
asked again when their time comes.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from pyroaring import BitMap

from wellspring.engagement.rules.zones import Zones, change_between
from wellspring.kernel.sets.columns import from_column, to_column
from wellspring.kernel.sets.splitting import hashed

WEEK = frozenset(range(7))
DAY_MINUTES = 24 * 60
# Releases after a night may be spread over this at most: half a day.
SPREAD_MINUTES_MAX = 12 * 60
# A span ends within a day of its beginning, and each weekday comes again within seven.
_AHEAD_DAYS = 9


@dataclass(frozen=True)
class Span:
    """From one minute of the local day to another, which is the next day's unless it is later; both 0 to 1439.

    `weekdays` are those on which it begins (Monday is 0): a night of Friday ends on Saturday. Two equal minutes are 24 hours.
    """

    start: int
    end: int
    weekdays: frozenset[int] = WEEK

    def __post_init__(self) -> None:
        """Refuses what is no time of day."""
        if not (0 <= self.start < DAY_MINUTES and 0 <= self.end < DAY_MINUTES and self.weekdays <= WEEK):
            raise ValueError("a span runs between minutes 0 to 1439, on weekdays 0 to 6")


Quiet = frozenset[Span]


@dataclass(frozen=True)
class Policy:
    """What the brand chose, and laws with the members for whom each holds."""

    own: Quiet
    laws: tuple[tuple[Quiet, BitMap], ...] = ()


@dataclass(frozen=True)
class Group:
    """Members with one zone and the same quiet hours."""

    zone: ZoneInfo
    quiet: Quiet
    members: BitMap


@dataclass(frozen=True)
class Held:
    """Members of one group who may be touched from an instant on; None where every hour of the week is quiet."""

    group: Group
    until: dt.datetime | None


@dataclass(frozen=True)
class Release:
    """A message's members who go at one instant; `message` is its place in what was given."""

    at: dt.datetime
    message: int
    members: BitMap


def covers(quiet: Iterable[Span], wall: dt.datetime) -> bool:
    """Whether a local wall clock's reading is quiet."""
    return any(_holds(span, wall) for span in quiet)


def next_allowed(quiet: Quiet, at: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """The first instant from `at` on that is not quiet, in UTC; None when there is none."""
    if not covers(quiet, at.astimezone(zone)):
        return at
    for instant in sorted(set(_edges(quiet, at, zone))):
        if instant > at and not covers(quiet, instant.astimezone(zone)):
            return instant
    return None


def grouped(policy: Policy, zones: Zones, members: BitMap) -> list[Group]:
    """The members by zone and by the laws that hold for them; disjoint, together all of them."""
    parts = [(policy.own, members)]
    for law, covered in policy.laws:
        split = [(quiet | law, here & covered) for quiet, here in parts] + [(quiet, here - covered) for quiet, here in parts]
        parts = [(quiet, here) for quiet, here in split if here]
    return [Group(zone, quiet, there) for quiet, here in parts for zone, there in zones.split(here)]


def held(groups: Iterable[Group], at: dt.datetime) -> list[Held]:
    """The groups that may not be touched at this instant, and until when; those left out may."""
    found = ((group, next_allowed(group.quiet, at, group.zone)) for group in groups)
    return [Held(group, until) for group, until in found if until != at]


def smoothed(group: Group, until: dt.datetime, waiting: Mapping[int, BitMap], minutes: int, *, salt: str) -> list[Release]:
    """When those go who waited in one group, spread over `minutes` from the end of the quiet on, in order of time.

    `waiting` are messages of falling priority: nobody of a later one goes before anybody of an earlier one, to the minute.
    Each message has the part of the time that its share of all makes, and a member's place in it is a stable hash. A minute
    that is quiet again (a second window, a repeated hour) passes its members to the next that is not.
    """
    if not 1 <= minutes <= SPREAD_MINUTES_MAX:
        raise ValueError(f"a release is spread over 1 to {SPREAD_MINUTES_MAX} minutes")
    total = sum(len(members) for members in waiting.values())
    found: dict[tuple[dt.datetime, int], BitMap] = {}
    earlier = 0
    for message, members in waiting.items():
        if not members:
            continue
        for minute, here in _by_minute(members, earlier, total, minutes, salt):
            instant = next_allowed(group.quiet, until + dt.timedelta(minutes=minute), group.zone)
            if instant is not None:
                found[instant, message] = found.get((instant, message), BitMap()) | here
        earlier += len(members)
    rank = {message: place for place, message in enumerate(waiting)}
    return [Release(at, message, found[at, message]) for at, message in sorted(found, key=lambda key: (key[0], rank[key[1]]))]


def _by_minute(members: BitMap, earlier: int, total: int, minutes: int, salt: str) -> Iterator[tuple[int, BitMap]]:
    numbers = to_column(members)
    fractions = hashed(numbers, salt).astype(np.float64) / 2**53
    places = np.minimum((earlier + fractions * len(numbers)) * minutes // total, minutes - 1).astype(np.int64)
    order = np.argsort(places, kind="stable")
    found, starts = np.unique(places[order], return_index=True)
    for minute, some in zip(found.tolist(), np.split(numbers[order], starts[1:]), strict=True):
        yield minute, from_column(some)


def _holds(span: Span, wall: dt.datetime) -> bool:
    minute, today = wall.hour * 60 + wall.minute, wall.weekday()
    if span.start < span.end:
        return today in span.weekdays and span.start <= minute < span.end
    return (today in span.weekdays and minute >= span.start) or ((today - 1) % 7 in span.weekdays and minute < span.end)


def _edges(quiet: Quiet, at: dt.datetime, zone: ZoneInfo) -> Iterator[dt.datetime]:
    """Every instant at which quiet can end: a wall clock reaches an end, in either of two equal hours, or is changed."""
    ends: Sequence[int] = sorted({span.end for span in quiet})
    first = at.astimezone(zone).date()
    for ahead in range(_AHEAD_DAYS):
        midnight = dt.datetime.combine(first + dt.timedelta(days=ahead), dt.time())
        for end in ends:
            wall = midnight + dt.timedelta(minutes=end)
            yield from (wall.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1))
        low, high = at + dt.timedelta(days=ahead), at + dt.timedelta(days=ahead + 1)
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            yield change_between(low, high, zone)
