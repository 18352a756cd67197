"""Frequency caps: how often somebody may be touched, counted with sets and decided for all members at once.

A touch is counted under its channel, its campaign, its tags as they are now, and all; in the member's local day, the UTC day
and the UTC hour. A *calendar* window of n days is today in the member's own zone and the n - 1 days before. A *rolling* one
is the last n hours and what is left of the hour in which they began: it never lets one too many pass, and may hold somebody
for up to an hour longer. Check and count are one step (`take`). Nothing is counted ahead of its time.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from pyroaring import BitMap

from wellspring.engagement.rules.levels import Levels, at_least, lowered, moved, raised
from wellspring.engagement.rules.zones import Zones

# A rule of more than this is no cap: levels cost one set each.
TIMES_MAX = 30
# What the buckets have to be kept for; a quarter is longer than any rule that we have seen asked for.
DAYS_MAX = 92
_HOUR = 3600


class ScopeKind(StrEnum):
    """What a rule counts by."""

    ALL = "all"
    CHANNEL = "channel"
    TAG = "tag"
    CAMPAIGN = "campaign"


class Scope(NamedTuple):
    """What a rule counts: everything, or what has one name."""

    kind: ScopeKind
    name: str = ""


class Unit(StrEnum):
    """The buckets that a touch is counted in."""

    LOCAL_DAY = "local_day"
    DAY = "day"
    HOUR = "hour"


class Bucket(NamedTuple):
    """One place of counting; `number` is a day as `date.toordinal` says it, or whole hours since 1970."""

    scope: Scope
    unit: Unit
    number: int


@dataclass(frozen=True)
class Window:
    """How far back a rule looks: local days, or hours."""

    is_calendar: bool
    length: int

    def __post_init__(self) -> None:
        """Refuses what the buckets are not kept for."""
        if not 1 <= self.length <= (DAYS_MAX if self.is_calendar else 24 * DAYS_MAX):
            raise ValueError(f"a window is 1 to {DAYS_MAX} days long")


def calendar(days: int) -> Window:
    """Today in the member's zone and the days before, `days` in all."""
    return Window(is_calendar=True, length=days)


def rolling(hours: int) -> Window:
    """The last `hours` hours."""
    return Window(is_calendar=False, length=hours)


@dataclass(frozen=True)
class Cap:
    """At most `times` touches within the window; a message of priority `passed_from` or above passes."""

    scope: Scope
    times: int
    window: Window
    passed_from: int | None = None

    def __post_init__(self) -> None:
        """Refuses what would be no cap."""
        if not 1 <= self.times <= TIMES_MAX:
            raise ValueError(f"a cap is 1 to {TIMES_MAX} times")


@dataclass(frozen=True)
class Touching:
    """What the caps have to know of a message; a greater priority goes before a smaller one."""

    channel: str
    campaign: str
    tags: frozenset[str] = frozenset()
    priority: int = 0
    is_transactional: bool = False
    # A transactional message is not counted unless somebody wants it to be.
    is_counted_anyway: bool = False
    # Nobody notices it: it takes no place, needs none, and wakes nobody.
    is_silent: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether it takes a place."""
        return not self.is_silent and (self.is_counted_anyway or not self.is_transactional)

    @property
    def scopes(self) -> frozenset[Scope]:
        """Everything that it is counted under."""
        named = {Scope(ScopeKind.TAG, tag) for tag in self.tags}
        return frozenset(named | {Scope(ScopeKind.ALL), Scope(ScopeKind.CHANNEL, self.channel), Scope(ScopeKind.CAMPAIGN, self.campaign)})

    def minds(self, cap: Cap) -> bool:
        """Whether the rule binds this message."""
        passes = cap.passed_from is not None and self.priority >= cap.passed_from
        return not (self.is_transactional or self.is_silent or passes) and cap.scope in self.scopes


@dataclass(frozen=True)
class Booking:
    """A message that is planned for later; while it waits, only messages of less priority make way for it."""

    touching: Touching
    members: BitMap
    at: dt.datetime


@dataclass(frozen=True)
class Reservation:
    """Where members were counted: what a release takes back, whatever became of their zone since."""

    charges: tuple[tuple[Bucket, BitMap], ...]


class Counters:
    """How often members were touched, by bucket."""

    def __init__(self, kept: Mapping[Bucket, Levels] | None = None) -> None:
        self._kept: dict[tuple[Scope, Unit], dict[int, Levels]] = {}
        for bucket, levels in (kept or {}).items():
            self._put(bucket, levels)

    def kept(self) -> dict[Bucket, Levels]:
        """All buckets with somebody in them; what a counter is made of again."""
        return {Bucket(*place, number): levels for place, numbered in self._kept.items() for number, levels in numbered.items() if levels}

    def reserve(self, touching: Touching, members: BitMap, at: dt.datetime, zones: Zones) -> Reservation:
        """Counts the members once at this instant, whatever the rules say of them (`take` asks first)."""
        charges: list[tuple[Bucket, BitMap]] = []
        if touching.is_counted and members:
            hour = int(at.timestamp()) // _HOUR
            days = zones.by_day(at, members)
            for scope in sorted(touching.scopes):
                charges += [(Bucket(scope, Unit.LOCAL_DAY, day), here) for day, here in days]
                charges += [(Bucket(scope, Unit.DAY, hour // 24), members), (Bucket(scope, Unit.HOUR, hour), members)]
        for bucket, here in charges:
            self._put(bucket, raised(self._get(bucket), here))
        return Reservation(tuple(charges))

    def release(self, reservation: Reservation, members: BitMap | None = None) -> Reservation:
        """Takes back what was reserved (for some members: those who failed); gives what is still reserved."""
        left = []
        for bucket, here in reservation.charges:
            back = here if members is None else here & members
            self._put(bucket, lowered(self._get(bucket), back))
            if rest := here - back:
                left.append((bucket, rest))
        return Reservation(tuple(left))

    def move(self, source: int, target: int) -> None:
        """What one member was touched counts for another from now on: they turned out to be one person."""
        for bucket, levels in self.kept().items():
            self._put(bucket, moved(levels, source, target))

    def forget(self, at: dt.datetime) -> None:
        """Lets go of buckets that no rule can ask for any more."""
        # Two days more than the longest window: local days reach 14 hours ahead of and 12 behind those of UTC.
        day = at.toordinal() - DAYS_MAX - 2
        hour = int(at.timestamp()) // _HOUR - 24 * (DAYS_MAX + 2)
        oldest = {Unit.LOCAL_DAY: day, Unit.DAY: hour // 24, Unit.HOUR: hour}
        for (_, unit), numbered in self._kept.items():
            for number in [number for number in numbered if number < oldest[unit]]:
                del numbered[number]

    def since(self, scope: Scope, window: Window, at: dt.datetime, zones: Zones, among: BitMap) -> Iterator[tuple[BitMap, list[Levels]]]:
        """For each part of `among` with the same window, what was counted in it; a clock set back forgets nothing."""
        if window.is_calendar:
            numbered = self._kept.get((scope, Unit.LOCAL_DAY), {})
            for day, here in zones.by_day(at, among):
                yield here, [levels for number, levels in numbered.items() if number > day - window.length]
            return
        first = _first_hour(at, window)
        # Whole days of UTC stand for their hours, so that a week is 7 to 8 days and at most 23 hours.
        whole = -(-first // 24)
        days, hours = self._kept.get((scope, Unit.DAY), {}), self._kept.get((scope, Unit.HOUR), {})
        found = [levels for number, levels in days.items() if number >= whole]
        yield among, [*found, *(levels for number, levels in hours.items() if first <= number < whole * 24)]

    def _get(self, bucket: Bucket) -> Levels:
        return self._kept.get(bucket[:2], {}).get(bucket.number, ())

    def _put(self, bucket: Bucket, levels: Levels) -> None:
        self._kept.setdefault(bucket[:2], {})[bucket.number] = levels


@dataclass(frozen=True)
class Taken:
    """Who got a place, what was reserved for them, and who is at which cap."""

    members: BitMap
    reservation: Reservation
    reached: tuple[tuple[Cap, BitMap], ...]


def reached(
    caps: Sequence[Cap],
    counters: Counters,
    touching: Touching,
    at: dt.datetime,
    *,
    zones: Zones,
    among: BitMap,
    bookings: Sequence[Booking] = (),
) -> tuple[tuple[Cap, BitMap], ...]:
    """For each rule that binds the message, those of `among` who are at the cap: all rules hold, so the strictest wins.

    A place that a booking of greater priority waits for, no further ahead than the window reaches back, counts as taken.
    """
    found = []
    for cap in caps:
        if not touching.minds(cap):
            continue
        ahead = [booking for booking in bookings if _goes_before(booking, touching, cap, at)]
        full = BitMap()
        for here, counted in counters.since(cap.scope, cap.window, at, zones, among):
            waiting = [(booked,) for booking in ahead if (booked := _booked(booking, cap.window, at, zones, here))]
            full |= at_least([*counted, *waiting], cap.times, here)
        found.append((cap, full))
    return tuple(found)


def take(
    caps: Sequence[Cap],
    counters: Counters,
    touching: Touching,
    wanted: BitMap,
    at: dt.datetime,
    *,
    zones: Zones,
    bookings: Sequence[Booking] = (),
) -> Taken:
    """Asks and counts in one step: whoever is at no cap has a place reserved. Its caller holds the tick's transaction."""
    full = reached(caps, counters, touching, at, zones=zones, among=wanted, bookings=bookings)
    members = wanted.difference(*(at_cap for _, at_cap in full))
    return Taken(members, counters.reserve(touching, members, at, zones), full)


def crowded_out(
    caps: Sequence[Cap],
    counters: Counters,
    touching: Touching,
    members: BitMap,
    at: dt.datetime,
    *,
    zones: Zones,
    bookings: Sequence[Booking],
) -> tuple[tuple[Booking, BitMap], ...]:
    """Of each later booking of no more priority, those who would be at a cap because these members are touched now."""
    after = Counters(counters.kept())
    after.reserve(touching, members, at, zones)
    found = []
    for booking in bookings:
        both = booking.members & members
        if not both or booking.at <= at or booking.touching.priority > touching.priority:
            continue
        before, then = (
            BitMap().union(*(full for _, full in reached(caps, counted, booking.touching, booking.at, zones=zones, among=both)))
            for counted in (counters, after)
        )
        if lost := then - before:
            found.append((booking, lost))
    return tuple(found)


def _goes_before(booking: Booking, touching: Touching, cap: Cap, at: dt.datetime) -> bool:
    other = booking.touching
    return booking.at > at and other.priority > touching.priority and other.is_counted and other.minds(cap)


def _booked(booking: Booking, window: Window, at: dt.datetime, zones: Zones, among: BitMap) -> BitMap:
    """Those of a booking for whom its window, seen from its own instant, will still hold what is touched now."""
    here = booking.members & among
    if not window.is_calendar:
        return here if int(at.timestamp()) // _HOUR >= _first_hour(booking.at, window) else BitMap()
    found = BitMap()
    for day, some in zones.by_day(at, here):
        for later, same in zones.by_day(booking.at, some):
            if later - day < window.length:
                found |= same
    return found


def _first_hour(at: dt.datetime, window: Window) -> int:
    return (int(at.timestamp()) - window.length * _HOUR) // _HOUR
