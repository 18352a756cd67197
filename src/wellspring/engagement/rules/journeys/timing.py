"""Minutes, local clocks and dates: when a wait ends for whom."""

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from wellspring.engagement.rules.zones import Zones, at_local

_MINUTE_MILLIS = 60_000


def floor_minute(at: dt.datetime) -> int:
    """The last whole minute by an instant."""
    return int(at.timestamp()) // 60


def ceil_minute(millis: int) -> int:
    """The first whole minute from an instant on."""
    return -(-millis // _MINUTE_MILLIS)


def instant_of(minute: int) -> dt.datetime:
    """The instant of a minute."""
    return dt.datetime.fromtimestamp(minute * 60, dt.UTC)


def at_clock(day: dt.date, clock: int, zone: ZoneInfo) -> int:
    """The minute of a local time of day."""
    wall = dt.datetime.combine(day, dt.time(clock // 60, clock % 60))
    return floor_minute(at_local(wall, zone))


def next_clock(minute: int, clock: int, zone: ZoneInfo, weekdays: frozenset[int], days: int = 0) -> int:
    """The next minute after this one at which a local clock shows this time on one of these weekdays, so many days on or later."""
    today = instant_of(minute).astimezone(zone).date() + dt.timedelta(days=days)
    for ahead in range(9):
        day = today + dt.timedelta(days=ahead)
        found = at_clock(day, clock, zone)
        if found > minute and (not weekdays or day.weekday() in weekdays):
            return found
    raise AssertionError("each weekday comes within nine days")


def by_clock(members: BitMap, minute: int, clock: int, zones: Zones, weekdays: frozenset[int], days: int = 0) -> list[tuple[int, BitMap]]:
    """The members by when their own clock next shows this time."""
    found: dict[int, BitMap] = {}
    for zone, here in zones.split(members):
        due = next_clock(minute, clock, zone, weekdays, days)
        found[due] = found.get(due, BitMap()) | here
    return sorted(found.items(), key=lambda pair: pair[0])


def day_of(text: str) -> dt.date | None:
    """The day that a text names; None for what names none."""
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def anniversary(born: dt.date, year: int) -> dt.date:
    """The day of a year; 29 February counts as 28 February in other years."""
    try:
        return born.replace(year=year)
    except ValueError:
        return dt.date(year, 2, 28)


def by_date(
    members: BitMap, minute: int, dates: Mapping[str, BitMap], *, days: int, clock: int, is_yearly: bool, zones: Zones
) -> tuple[list[tuple[int, BitMap]], BitMap]:
    """The members by the minute of their date plus some days, and those whose minute lies behind, or who have no date."""
    due: dict[int, BitMap] = {}
    left = members
    for text in sorted(dates):
        here, day = left & dates[text], day_of(text)
        if not here or day is None:
            continue
        for zone, some in zones.split(here):
            found = _next_of(day, minute, days=days, clock=clock, zone=zone, is_yearly=is_yearly)
            if found > minute:
                due[found] = due.get(found, BitMap()) | some
                left = left - some
    return sorted(due.items(), key=lambda pair: pair[0]), left


def reached(dates: Mapping[str, BitMap], on: dt.date, *, days: int, is_yearly: bool) -> BitMap:
    """Whose date plus some days is this day."""
    wanted = on - dt.timedelta(days=days)
    found = BitMap()
    for text in sorted(dates):
        day = day_of(text)
        if day is not None and (anniversary(day, wanted.year) if is_yearly else day) == wanted:
            found |= dates[text]
    return found


def _next_of(day: dt.date, minute: int, *, days: int, clock: int, zone: ZoneInfo, is_yearly: bool) -> int:
    if not is_yearly:
        return at_clock(day + dt.timedelta(days=days), clock, zone)
    year = instant_of(minute).astimezone(zone).year
    candidates = (at_clock(anniversary(day, at) + dt.timedelta(days=days), clock, zone) for at in range(year - 1, year + 3))
    return next(found for found in candidates if found > minute)
