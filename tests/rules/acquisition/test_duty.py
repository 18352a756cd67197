"""Who serves a code: shifts by weekday and hour, limits of a day, back-up, and when that changes by itself."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.acquisition.contracts.codes import DutyKind, Plan, Shift
from wellspring.acquisition.rules import duty, hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVERYBODY = {"a", "b", "c", "d"}
WORKDAYS = (0, 1, 2, 3, 4)
PLAN = Plan(shifts=(Shift(("a", "b"), WORKDAYS, "09:00", "18:00"), Shift(("c",), (5, 6), "10:00", "22:00")), backup_staff_ids=("d",))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)


def on(plan: Plan, text: str, taken: dict[str, int] | None = None, present: set[str] = EVERYBODY) -> tuple[tuple[str, ...], DutyKind]:
    found = duty.on_duty(plan, at=at(text), zone=SHANGHAI, taken=taken or {}, present=present)
    return found.staff_ids, found.kind


class TestOnDuty:
    @pytest.mark.parametrize(
        ("moment", "staff", "kind"),
        [
            ("2026-03-18T09:00", ("a", "b"), DutyKind.SHIFT),  # a Wednesday, as the shop opens
            ("2026-03-18T17:59", ("a", "b"), DutyKind.SHIFT),
            ("2026-03-18T18:00", ("d",), DutyKind.BACKUP),
            ("2026-03-18T08:59", ("d",), DutyKind.BACKUP),
            ("2026-03-21T10:00", ("c",), DutyKind.SHIFT),  # a Saturday
            ("2026-03-21T09:30", ("d",), DutyKind.BACKUP),
        ],
    )
    def test_by_weekday_and_hour(self, moment: str, staff: tuple[str, ...], kind: DutyKind) -> None:
        assert on(PLAN, moment) == (staff, kind)

    def test_a_shift_over_midnight_belongs_to_the_day_it_began(self) -> None:
        night = Plan(shifts=(Shift(("a",), (4,), "22:00", "06:00"),), backup_staff_ids=("d",))
        assert on(night, "2026-03-20T23:00")[0] == ("a",)
        assert on(night, "2026-03-21T05:59")[0] == ("a",)
        assert on(night, "2026-03-21T06:00")[0] == ("d",)
        assert on(night, "2026-03-20T05:00")[0] == ("d",)

    def test_whoever_is_full_steps_aside_and_the_back_up_serves_when_all_are(self) -> None:
        limited = Plan(PLAN.shifts, PLAN.backup_staff_ids, daily_limit=10, daily_limits={"b": 2})
        assert on(limited, "2026-03-18T10:00", {"b": 2})[0] == ("a",)
        assert on(limited, "2026-03-18T10:00", {"a": 10, "b": 2}) == (("d",), DutyKind.BACKUP)

    def test_a_code_never_goes_dead(self) -> None:
        limited = Plan(PLAN.shifts, PLAN.backup_staff_ids, daily_limit=1)
        full = dict.fromkeys(EVERYBODY, 1)
        assert on(limited, "2026-03-18T10:00", full) == (("a", "b"), DutyKind.OVERFLOW)
        assert on(Plan(shifts=PLAN.shifts), "2026-03-18T20:00") == (("a", "b", "c"), DutyKind.OVERFLOW)

    def test_only_whom_the_platform_can_put_into_a_code(self) -> None:
        assert on(PLAN, "2026-03-18T10:00", present={"b", "d"})[0] == ("b",)
        assert on(PLAN, "2026-03-18T10:00", present=set()) == ((), DutyKind.OVERFLOW)


class TestNextChange:
    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            ("2026-03-18T08:00", "2026-03-18T09:00"),
            ("2026-03-18T09:00", "2026-03-18T18:00"),
            ("2026-03-20T18:00", "2026-03-21T10:00"),
            ("2026-03-22T22:00", "2026-03-23T09:00"),
        ],
    )
    def test_is_the_next_boundary(self, moment: str, expected: str) -> None:
        assert duty.next_change(PLAN, at=at(moment), zone=SHANGHAI, is_anybody_full=False) == at(expected)

    def test_is_never_where_somebody_always_serves(self) -> None:
        assert duty.next_change(Plan(shifts=(Shift(("a",)),)), at=at("2026-03-18T08:00"), zone=SHANGHAI, is_anybody_full=False) is None

    def test_a_full_day_ends_at_local_midnight(self) -> None:
        plan = Plan(shifts=(Shift(("a",)),), daily_limit=1)
        assert duty.next_change(plan, at=at("2026-03-18T08:00"), zone=SHANGHAI, is_anybody_full=True) == at("2026-03-19T00:00")

    def test_follows_summer_time(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        plan = Plan(shifts=(Shift(("a",), (6,), "02:30", "08:00"),))
        # On 29 March 2026 there is no 02:30 in Berlin.
        found = duty.next_change(plan, at=at("2026-03-29T00:00", berlin), zone=berlin, is_anybody_full=False)
        assert found == dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)

    @given(
        start=st.integers(0, 23),
        length=st.integers(1, 24),
        weekdays=st.sets(st.integers(0, 6), min_size=1),
        minute=st.integers(0, 7 * 24 * 60 - 1),
    )
    def test_nothing_changes_before_it(self, start: int, length: int, weekdays: set[int], minute: int) -> None:
        shift = Shift(("a",), tuple(sorted(weekdays)), f"{start:02}:00", f"{(start + length) % 24:02}:00")
        plan = Plan(shifts=(shift,), backup_staff_ids=("d",))
        now = at("2026-03-16T00:00") + dt.timedelta(minutes=minute)
        here = duty.on_duty(plan, at=now, zone=SHANGHAI, taken={}, present=EVERYBODY)
        later = now + dt.timedelta(days=3) if here.changes_at is None else here.changes_at - dt.timedelta(minutes=1)
        assert duty.on_duty(plan, at=later, zone=SHANGHAI, taken={}, present=EVERYBODY).staff_ids == here.staff_ids


class TestProblems:
    @pytest.mark.parametrize(
        "plan",
        [
            Plan(),
            Plan(shifts=(Shift(()),)),
            Plan(shifts=(Shift(("a",), (), "09:00", "18:00"),)),
            Plan(shifts=(Shift(("a",), (7,)),)),
            Plan(shifts=(Shift(("a",), start="9:00"),)),
            Plan(shifts=(Shift(("a",), end="24:00"),)),
            Plan(shifts=(Shift(("a",)),), daily_limit=0),
            Plan(shifts=(Shift(tuple(f"s{number}" for number in range(101))),)),
            Plan(shifts=tuple(Shift(("a",)) for _ in range(51))),
        ],
    )
    def test_are_told_in_both_languages(self, plan: Plan) -> None:
        reason = duty.problem_of(plan, is_single=False, needs_staff=True)
        assert reason is not None
        assert all(reason)

    def test_a_code_of_one_person_names_one(self) -> None:
        assert duty.problem_of(PLAN, is_single=True, needs_staff=True) is not None
        assert duty.problem_of(Plan(shifts=(Shift(("a",)),)), is_single=True, needs_staff=True) is None


def test_hours_are_read_strictly() -> None:
    assert hours.minutes("09:30") == 570
    assert [hours.minutes(text) for text in ("9:30", "24:00", "12:60", "", "12:00:00")] == [None] * 5
