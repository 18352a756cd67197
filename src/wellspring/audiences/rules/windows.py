"""From a window to instants: always half-open [from, to) in whole milliseconds, so that one comparison serves all.

(now − d, now] is therefore [now − d + 1, now + 1). Calendar days are as long as they are: 23, 24 or 25 hours.
"""

import datetime as dt
import functools
from zoneinfo import ZoneInfo

from wellspring.audiences.rules.tree import Between, Calendar, Rolling, Unit, Value, Window, Zone
from wellspring.audiences.rules.values import instant
from wellspring.kernel.clock import from_millis, to_millis

Span = tuple[int, int]
# Before and after everything that the log can hold.
EARLIEST, LATEST = -(2**53), 2**53


def span(window: Window | None, *, now: int, zone: ZoneInfo, member_zone: ZoneInfo | None = None) -> Span:
    """The instants that the window holds; of no window, all up to now."""
    match window:
        case None:
            return EARLIEST, now + 1
        case Rolling(millis):
            return now - millis + 1, now + 1
        case Calendar(unit, whose):
            return calendar_span(unit, now=now, zone=member_zone or zone if whose is Zone.MEMBER else zone)
        case Between(start, end):
            first, last = instant(start, zone), instant(end, zone)
            return (EARLIEST if first is None else first), (LATEST if last is None else last)


def calendar_span(unit: Unit, *, now: int, zone: ZoneInfo) -> Span:
    """The day, week (from Monday) or month of the zone that now lies in."""
    first = from_millis(now).astimezone(zone).date()
    if unit is Unit.DAY:
        after = first + dt.timedelta(days=1)
    elif unit is Unit.WEEK:
        first -= dt.timedelta(days=first.weekday())
        after = first + dt.timedelta(days=7)
    else:
        first = first.replace(day=1)
        after = (first + dt.timedelta(days=31)).replace(day=1)
    return midnight(first, zone), midnight(after, zone)


def midnight(day: dt.date, zone: ZoneInfo) -> int:
    """The first instant of the day; where clocks skip midnight, the instant at which they do."""
    return to_millis(dt.datetime.combine(day, dt.time(), tzinfo=zone))


def day_of(at: int, zone: ZoneInfo) -> dt.date:
    """The date that it is in the zone."""
    return from_millis(at).astimezone(zone).date()


def zone_of(name: Value, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone of that name; `otherwise` where the name is missing or no zone's."""
    return (_zone(name) if isinstance(name, str) else None) or otherwise


@functools.lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    # An unknown key, a path that leaves the folder, a folder of zones, a name with NUL: all are no zone.
    except (KeyError, ValueError, OSError):
        return None
