"""When a campaign goes next, on a wall clock."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from wellspring.engagement.contracts.campaigns import Node, Rhythm, Schedule
from wellspring.engagement.rules.occasions import at_minute, between, days_of, next_after

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
NODES = (Node("五号", 5), Node("月末", 31), Node("周年", on=dt.date(2026, 4, 18)))


def local(day: int, hour: int, month: int = 3) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        (Schedule(Rhythm.NOW), local(10, 9), None),
        (Schedule(Rhythm.ONCE), local(10, 9), None),
        (Schedule(Rhythm.ONCE, on=dt.date(2026, 3, 10)), local(10, 9), local(10, 10)),
        (Schedule(Rhythm.ONCE, on=dt.date(2026, 3, 10)), local(10, 10), None),
        (Schedule(Rhythm.DAILY), local(10, 10), local(11, 10)),
        (Schedule(Rhythm.DAILY, on=dt.date(2026, 3, 20)), local(10, 10), local(20, 10)),
        (Schedule(Rhythm.DAILY, until=dt.date(2026, 3, 10)), local(10, 10), None),
        (Schedule(Rhythm.WEEKLY, weekdays=(0,)), local(10, 9), local(16, 10)),
        (Schedule(Rhythm.MONTHLY, month_days=(31,)), local(1, 9, 4), local(30, 10, 4)),
        (Schedule(Rhythm.MONTHLY, month_days=(5, 20)), local(5, 10), local(20, 10)),
        (Schedule(Rhythm.CALENDAR, calendar_id="cal"), local(6, 9, 4), local(18, 10, 4)),
    ],
)
def test_the_next_time(schedule: Schedule, after: dt.datetime, expected: dt.datetime | None) -> None:
    assert next_after(schedule, after, SHANGHAI, NODES) == expected


def test_a_calendar_without_days_never_comes() -> None:
    assert next_after(Schedule(Rhythm.CALENDAR), local(1, 9), SHANGHAI, ()) is None


def test_q03_q05_the_wall_clock_counts_where_summer_time_begins() -> None:
    assert at_minute(dt.date(2026, 3, 8), 9 * 60, NEW_YORK) == dt.datetime(2026, 3, 8, 13, tzinfo=dt.UTC)
    # 02:30 does not exist that night: the next instant that does.
    assert at_minute(dt.date(2026, 3, 8), 150, NEW_YORK) == dt.datetime(2026, 3, 8, 7, tzinfo=dt.UTC)


def test_q04_a_weekday_is_that_of_the_local_day() -> None:
    found = next_after(Schedule(Rhythm.WEEKLY, weekdays=(0,), minute=6 * 60), dt.datetime(2026, 3, 8, 12, tzinfo=dt.UTC), SHANGHAI)
    assert found == dt.datetime(2026, 3, 8, 22, tzinfo=dt.UTC)


def test_every_time_of_a_span_and_the_named_days() -> None:
    daily = between(Schedule(Rhythm.DAILY), local(1, 0), local(4, 0), SHANGHAI)
    assert daily == [local(1, 10), local(2, 10), local(3, 10)]
    assert len(between(Schedule(Rhythm.DAILY), local(1, 0), local(1, 0).replace(year=2029), SHANGHAI)) == 400
    assert days_of(NODES, dt.date(2026, 4, 1), dt.date(2026, 4, 30)) == [
        (dt.date(2026, 4, 5), "五号"),
        (dt.date(2026, 4, 18), "周年"),
        (dt.date(2026, 4, 30), "月末"),
    ]
