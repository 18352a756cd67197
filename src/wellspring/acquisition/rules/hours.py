"""Hours of the day and weekdays as people write them, in the workspace's own zone."""

import datetime as dt
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from wellspring.acquisition.contracts.codes import WEEKDAYS

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def minutes(text: str) -> int | None:
    """Minutes since midnight of "09:30"; None for a text that is no time of day."""
    found = _CLOCK.fullmatch(text)
    return int(found[1]) * 60 + int(found[2]) if found else None


def problem_of(weekdays: Sequence[int], start: str, end: str) -> tuple[str, str] | None:
    """Why hours cannot be kept, in both languages; None when they can."""
    if minutes(start) is None or minutes(end) is None:
        return "时间格式应为 09:00", "a time of day is written 09:00"
    if not weekdays or not set(weekdays) <= set(range(WEEKDAYS)):
        return "请选择星期", "choose the days of the week"
    return None


def covers(weekdays: Sequence[int], start: str, end: str, local: dt.datetime) -> bool:
    """Whether a local instant lies in the hours; those that end at or before their start reach into the next day."""
    first, last = minutes(start) or 0, minutes(end) or 0
    now = local.hour * 60 + local.minute
    today, yesterday = local.weekday(), (local.weekday() - 1) % WEEKDAYS
    if first < last:
        return today in weekdays and first <= now < last
    return (today in weekdays and now >= first) or (yesterday in weekdays and now < last)


def boundaries(weekdays: Sequence[int], start: str, end: str, local: dt.datetime) -> list[dt.datetime]:
    """The local instants of a week ahead at which the hours begin or end, without those that are no change."""
    first, last = minutes(start) or 0, minutes(end) or 0
    if first == last and len(set(weekdays)) == WEEKDAYS:
        return []
    found = []
    for ahead in range(-1, 8):
        day = local.date() + dt.timedelta(days=ahead)
        if day.weekday() in weekdays:
            opened = dt.datetime.combine(day, dt.time(first // 60, first % 60))
            closes = dt.datetime.combine(day + dt.timedelta(days=0 if first < last else 1), dt.time(last // 60, last % 60))
            found += [opened, closes]
    naive = local.replace(tzinfo=None)
    return [moment for moment in found if moment > naive]


def instant(naive: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The instant of a wall clock's reading; one that a change of summer time skips counts as right after it."""
    return naive.replace(tzinfo=zone).astimezone(dt.UTC)


def next_midnight(local: dt.datetime) -> dt.datetime:
    """The beginning of the next local day."""
    return dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time())
