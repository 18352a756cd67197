"""When a campaign goes next, on the wall clock of a zone; pure, and exact over summer time."""

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from wellspring.engagement.contracts.campaigns import Node, Rhythm, Schedule
from wellspring.engagement.rules.zones import at_local

# As far as a next time is looked for: the 29th of February comes again within eight years.
_AHEAD_DAYS = 8 * 366


def next_after(schedule: Schedule, after: dt.datetime, zone: ZoneInfo, nodes: Sequence[Node] = ()) -> dt.datetime | None:
    """The first time after an instant; None when there is none any more. What goes at once has no next."""
    if schedule.rhythm is Rhythm.NOW:
        return None
    for day in _days(schedule, after.astimezone(zone).date(), nodes):
        if schedule.until is not None and day > schedule.until:
            return None
        at = at_minute(day, schedule.minute, zone)
        if at > after:
            return at
    return None


def at_minute(day: dt.date, minute: int, zone: ZoneInfo) -> dt.datetime:
    """The instant of a minute of a local day; the next that exists where summer time skips it."""
    return at_local(dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minute), zone)


def between(schedule: Schedule, since: dt.datetime, until: dt.datetime, zone: ZoneInfo, nodes: Sequence[Node] = ()) -> list[dt.datetime]:
    """Every time within a span, for a calendar; at most 400."""
    found: list[dt.datetime] = []
    at = since
    while len(found) < 400:
        following = next_after(schedule, at, zone, nodes)
        if following is None or following >= until:
            break
        found.append(following)
        at = following
    return found


def days_of(nodes: Sequence[Node], first: dt.date, last: dt.date) -> list[tuple[dt.date, str]]:
    """The days of a calendar within a span, with their names."""
    found = []
    day = first
    while day <= last:
        found += [(day, node.name) for node in nodes if _is_on(node, day)]
        day += dt.timedelta(days=1)
    return found


def _days(schedule: Schedule, first: dt.date, nodes: Sequence[Node]) -> Iterator[dt.date]:
    if schedule.rhythm is Rhythm.ONCE:
        if schedule.on is not None:
            yield schedule.on
        return
    start = max(first, schedule.on) if schedule.on is not None else first
    for ahead in range(_AHEAD_DAYS):
        day = start + dt.timedelta(days=ahead)
        if _comes(schedule, day, nodes):
            yield day


def _comes(schedule: Schedule, day: dt.date, nodes: Sequence[Node]) -> bool:
    if schedule.rhythm is Rhythm.DAILY:
        return True
    if schedule.rhythm is Rhythm.WEEKLY:
        return day.weekday() in schedule.weekdays
    if schedule.rhythm is Rhythm.MONTHLY:
        return _month_day(day) & set(schedule.month_days) != set()
    return any(_is_on(node, day) for node in nodes)


def _is_on(node: Node, day: dt.date) -> bool:
    return node.on == day if node.on is not None else node.month_day in _month_day(day)


def _month_day(day: dt.date) -> set[int]:
    """The day's number; the last day of a month stands for those that the month lacks."""
    last = calendar.monthrange(day.year, day.month)[1]
    return {day.day} if day.day < last else set(range(day.day, 32))
