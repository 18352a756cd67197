"""Opening hours: several intervals, nights, special days, closing, and the next change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from wellspring.organization.contracts import WeekHours
from wellspring.organization.rules import hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK: WeekHours = {"wed": (("10:00", "14:00"), ("17:00", "22:00")), "fri": (("18:00", "02:00"),), "sun": (("00:00", "24:00"),)}


def local(text: str, zone: ZoneInfo = SHANGHAI) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def state(at: str, special: WeekHours | None = None, closed_on: dt.date | None = None) -> tuple[bool, str | None]:
    found = hours.state(WEEK, special, closed_on, at=local(at), zone=SHANGHAI)
    return found.is_open, None if found.changes_at is None else found.changes_at.astimezone(SHANGHAI).strftime("%a %H:%M")


# 2026-03-18 is a Wednesday.
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-18T09:59", (False, "Wed 10:00")),
        ("2026-03-18T10:00", (True, "Wed 14:00")),
        ("2026-03-18T14:00", (False, "Wed 17:00")),
        ("2026-03-18T21:59", (True, "Wed 22:00")),
        ("2026-03-20T23:59", (True, "Sat 02:00")),
        ("2026-03-21T01:59", (True, "Sat 02:00")),
        ("2026-03-21T02:00", (False, "Sun 00:00")),
        ("2026-03-22T12:00", (True, "Mon 00:00")),
    ],
)
def test_open_now_and_until_when(at: str, expected: tuple[bool, str]) -> None:
    assert state(at) == expected


def test_a_special_day_replaces_the_weekday() -> None:
    assert state("2026-03-18T12:00", {"2026-03-18": ()}) == (False, "Fri 18:00")
    assert state("2026-03-19T12:00", {"2026-03-19": (("11:00", "13:00"),)}) == (True, "Thu 13:00")


def test_the_night_before_a_special_day_still_ends_on_it() -> None:
    assert state("2026-03-21T01:00", {"2026-03-21": ()}) == (True, "Sat 02:00")


def test_nothing_is_open_from_the_closing_day_on() -> None:
    assert state("2026-03-18T12:00", closed_on=dt.date(2026, 3, 18)) == (False, None)
    assert state("2026-03-18T12:00", closed_on=dt.date(2026, 3, 19))[0]


def test_around_the_clock_never_changes_within_two_weeks() -> None:
    always: WeekHours = dict.fromkeys(hours.DAYS, (("00:00", "24:00"),))
    found = hours.state(always, None, None, at=local("2026-03-18T12:00"), zone=SHANGHAI)
    assert found.is_open
    assert found.changes_at is not None
    assert found.changes_at - local("2026-03-18T12:00") > dt.timedelta(days=13)


def test_without_hours_it_counts_as_closed() -> None:
    assert hours.state(None, None, None, at=local("2026-03-18T12:00"), zone=SHANGHAI) == hours.OpenState(is_open=False, changes_at=None)


def test_wall_clock_times_follow_daylight_saving() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = hours.state({"sun": (("01:00", "10:00"),)}, None, None, at=local("2026-03-29T05:00", berlin), zone=berlin)
    assert found.changes_at == dt.datetime(2026, 3, 29, 8, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "week",
    [
        {"day": (("10:00", "11:00"),)},
        {"mon": (("10:00", "10:00"),)},
        {"mon": (("1:00", "2:00"),)},
        {"mon": (("24:00", "01:00"),)},
        {"mon": (("10:00", "25:00"),)},
        {"mon": (("10:00", "12:00"), ("11:00", "13:00"))},
        {"mon": (("22:00", "02:00"), ("23:00", "23:30"))},
        {"mon": tuple((f"{hour:02}:00", f"{hour:02}:30") for hour in range(7))},
    ],
)
def test_what_is_refused(week: WeekHours) -> None:
    assert hours.problem_of(week, is_week=True) is not None


@pytest.mark.parametrize("day", ["2026-02-30", "20260301", "mon", ""])
def test_special_days_are_iso_dates(day: str) -> None:
    assert hours.problem_of({day: ()}, is_week=False) is not None


def test_what_is_taken_comes_back_as_it_was() -> None:
    assert hours.problem_of(WEEK, is_week=True) is None
    assert hours.loaded(hours.stored(WEEK)) == WEEK
