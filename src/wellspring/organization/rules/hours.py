"""Opening hours: several intervals a day, nights that end on the next day, special days; open now, and until when.

Hours are wall-clock times in the workspace's zone. An interval belongs to the day it begins on.
"""

import datetime as dt
import itertools
import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from wellspring.organization.contracts import Interval, OpenState, WeekHours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
INTERVALS_MAX = 6
SPECIAL_DAYS_MAX = 400
# Far enough to see the end of a long holiday.
_AHEAD_DAYS = 15
_TIME = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)$")
_MIDNIGHT = "24:00"
_DAY_MINUTES = 24 * 60


def problem_of(hours: WeekHours, *, is_week: bool) -> tuple[str, str] | None:
    """What is wrong with the hours of a week (or of special days), in both languages; None when they can be taken."""
    if not is_week and len(hours) > SPECIAL_DAYS_MAX:
        return f"特殊日期最多 {SPECIAL_DAYS_MAX} 天", f"at most {SPECIAL_DAYS_MAX} special days"
    for day, intervals in hours.items():
        if (day not in DAYS) if is_week else not _is_date(day):
            return f"未知的日期 {day}", f"unknown day {day}"
        found = _intervals_problem(intervals)
        if found is not None:
            return f"{day}：{found[0]}", f"{day}: {found[1]}"
    return None


def state(week: WeekHours | None, special: WeekHours | None, closed_on: dt.date | None, *, at: dt.datetime, zone: ZoneInfo) -> OpenState:
    """Whether it is open at an instant, and when that changes next. Without any hours it counts as closed."""
    today = at.astimezone(zone).date()
    spans = _spans(week or {}, special or {}, closed_on, today, zone)
    for start, end in spans:
        if start <= at < end:
            return OpenState(is_open=True, changes_at=end)
        if start > at:
            return OpenState(is_open=False, changes_at=start)
    return OpenState(is_open=False, changes_at=None)


def _spans(
    week: WeekHours, special: WeekHours, closed_on: dt.date | None, today: dt.date, zone: ZoneInfo
) -> list[tuple[dt.datetime, dt.datetime]]:
    """The open spans from yesterday on, as instants in order, touching ones joined."""
    spans: list[tuple[dt.datetime, dt.datetime]] = []
    for offset in range(-1, _AHEAD_DAYS):
        day = today + dt.timedelta(days=offset)
        if closed_on is not None and day >= closed_on:
            break
        intervals = special.get(day.isoformat(), week.get(DAYS[day.weekday()], ()))
        spans += [(_instant(day, start, zone), _instant(day, end, zone)) for start, end in map(_minutes, intervals)]
    joined: list[tuple[dt.datetime, dt.datetime]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _instant(day: dt.date, minutes: int, zone: ZoneInfo) -> dt.datetime:
    days, rest = divmod(minutes, _DAY_MINUTES)
    local = dt.datetime.combine(day + dt.timedelta(days=days), dt.time(rest // 60, rest % 60), tzinfo=zone)
    return local.astimezone(dt.UTC)


def _minutes(interval: Interval) -> tuple[int, int]:
    """The interval in minutes after its day's midnight; an end at or before its start is on the next day."""
    start, end = (_minute(text) for text in interval)
    return start, end if end > start else end + _DAY_MINUTES


def _minute(text: str) -> int:
    return _DAY_MINUTES if text == _MIDNIGHT else int(text[:2]) * 60 + int(text[3:])


def _intervals_problem(intervals: tuple[Interval, ...]) -> tuple[str, str] | None:
    if len(intervals) > INTERVALS_MAX:
        return f"每天最多 {INTERVALS_MAX} 个时段", f"at most {INTERVALS_MAX} intervals a day"
    for start, end in intervals:
        if not _TIME.match(start) or not (_TIME.match(end) or end == _MIDNIGHT):
            return "时间应为 HH:MM", "times are HH:MM"
        if start == end:
            return "开始与结束相同；全天请写 00:00–24:00", "start and end are the same; a whole day is 00:00–24:00"
    ordered = sorted(map(_minutes, intervals))
    if any(later[0] < earlier[1] for earlier, later in itertools.pairwise(ordered)):
        return "时段重叠", "intervals overlap"
    return None


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def stored(hours: WeekHours | None) -> dict[str, list[list[str]]] | None:
    """Hours as they are kept."""
    return None if hours is None else {day: [list(interval) for interval in intervals] for day, intervals in hours.items()}


def loaded(kept: Mapping[str, list[list[str]]] | None) -> WeekHours | None:
    """Hours as they were kept."""
    return None if kept is None else {day: tuple((start, end) for start, end in intervals) for day, intervals in kept.items()}
