"""How single values compare, and which instants a window holds."""

import datetime as dt
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.audiences import NEW_YORK, NOW, SHANGHAI, dates, plain_values, value_comparisons
from wellspring.audiences.rules import durations
from wellspring.audiences.rules.durations import DAY, HOUR, MINUTE
from wellspring.audiences.rules.tree import Between, Calendar, Comparison, Duration, Op, Rolling, Unit, Zone
from wellspring.audiences.rules.values import has_offset, instant, instant_matches, matches, number_matches
from wellspring.audiences.rules.windows import EARLIEST, day_of, midnight, span, zone_of
from wellspring.kernel.clock import from_millis, iso, to_millis

UTC = ZoneInfo("UTC")
WEEK = Duration(7 * DAY)


def found(value: Any, op: Op, wanted: Any = True, *, now: int = NOW, zone: ZoneInfo = SHANGHAI, member: ZoneInfo | None = None) -> bool:
    return matches(value, Comparison(op, wanted), now=now, zone=zone, member_zone=member)


def at(text: str, zone: ZoneInfo = UTC) -> int:
    read = instant(text, zone)
    assert read is not None
    return read


class TestMissing:
    @pytest.mark.parametrize("op", [Op.IS_NOT, Op.NOT_IN, Op.MISSING])
    def test_is_not_not_in_and_missing_are_true(self, op: Op) -> None:
        assert found(None, op, (1,) if op is Op.NOT_IN else "x")

    @given(value_comparisons.filter(lambda comparison: comparison.op not in {Op.IS_NOT, Op.NOT_IN, Op.MISSING}))
    def test_everything_else_is_false(self, comparison: Comparison) -> None:
        assert not matches(None, comparison, now=NOW, zone=SHANGHAI)

    def test_the_empty_string_is_a_value(self) -> None:
        assert found("", Op.EXISTS)
        assert not found("", Op.MISSING)
        assert found("", Op.IS, "")
        assert found("", Op.IS_NOT, "x")


class TestText:
    def test_is_compared_after_nfc(self) -> None:
        assert found("e\u0301", Op.IS, "\u00e9")
        assert found("caf\u00e9 au lait", Op.STARTS_WITH, "cafe\u0301")
        assert found("cafe\u0301", Op.CONTAINS, "\u00e9")
        assert found(("e\u0301",), Op.INCLUDES, "\u00e9")

    def test_contains_ignores_case_and_the_rest_respect_it(self) -> None:
        assert found("Shanghai", Op.CONTAINS, "SHANG")
        assert not found("Shanghai", Op.STARTS_WITH, "shang")
        assert not found("Shanghai", Op.IS, "shanghai")
        assert not found("Shanghai", Op.IN, ("shanghai",))
        assert not found(("Tea",), Op.INCLUDES, "tea")

    def test_contains_is_for_text_and_includes_for_arrays(self) -> None:
        assert not found(("tea", "coffee"), Op.CONTAINS, "tea")
        assert not found("tea", Op.INCLUDES, "tea")
        assert found(("tea", "coffee"), Op.INCLUDES, "tea")
        assert not found((), Op.INCLUDES, "tea")
        assert not found(5, Op.STARTS_WITH, "5")


class TestTypes:
    @pytest.mark.parametrize(("value", "wanted"), [(1, "1"), ("1", 1), (True, 1), (1, True), ("true", True), (False, 0), ((1,), 1)])
    def test_different_types_never_compare_equal(self, value: Any, wanted: Any) -> None:
        assert not found(value, Op.IS, wanted)
        assert found(value, Op.IS_NOT, wanted)
        assert not found(value, Op.IN, (wanted,))
        assert found(value, Op.NOT_IN, (wanted,))

    def test_whole_numbers_are_the_same_with_and_without_a_fraction(self) -> None:
        assert found(1.0, Op.IS, 1)
        assert found((2.0,), Op.INCLUDES, 2)

    @pytest.mark.parametrize("op", [Op.GT, Op.GTE, Op.LT, Op.LTE])
    @pytest.mark.parametrize("value", ["5", "", True, ("5",)])
    def test_order_is_false_on_what_is_no_number(self, value: Any, op: Op) -> None:
        assert not found(value, op, 3)
        assert not found(value, op, 7)
        assert not found(value, Op.BETWEEN, (0, 9))

    def test_order(self) -> None:
        assert found(5, Op.GT, 4.5)
        assert not found(5, Op.GT, 5)
        assert found(5, Op.GTE, 5)
        assert found(5, Op.LT, 6)
        assert not found(5, Op.LT, 5)
        assert found(5, Op.LTE, 5)

    def test_between_includes_both_ends(self) -> None:
        assert [age for age in range(16, 33) if found(age, Op.BETWEEN, (18, 30))] == list(range(18, 31))

    @given(plain_values.map(lambda value: tuple(value) if isinstance(value, list) else value), value_comparisons)
    def test_opposites(self, value: Any, comparison: Comparison) -> None:
        opposite = {Op.IS: Op.IS_NOT, Op.IN: Op.NOT_IN, Op.EXISTS: Op.MISSING}.get(comparison.op)
        if opposite:
            assert found(value, comparison.op, comparison.value) != found(value, opposite, comparison.value)


class TestMeasured:
    """What was measured is exact, and so are the numbers that it is compared with."""

    def test_a_sum_of_tenths(self) -> None:
        assert number_matches(Fraction(3, 10), Comparison(Op.GTE, 0.3))
        assert number_matches(Fraction(3, 10), Comparison(Op.IS, 0.3))
        assert number_matches(Fraction(3, 10), Comparison(Op.IN, (0.1, 0.3)))
        assert not number_matches(Fraction(1, 3), Comparison(Op.NOT_IN, (Fraction(1, 3),)))
        assert number_matches(Fraction(1, 3), Comparison(Op.BETWEEN, (0, 1)))

    def test_nothing_to_measure_is_missing(self) -> None:
        assert number_matches(None, Comparison(Op.MISSING))
        assert number_matches(0, Comparison(Op.EXISTS))
        assert number_matches(None, Comparison(Op.IS_NOT, 3))
        assert not number_matches(None, Comparison(Op.LT, 3))


class TestInstants:
    @pytest.mark.parametrize(
        ("text", "zone", "expected"),
        [
            ("2026-03-18", SHANGHAI, "2026-03-17T16:00:00Z"),
            ("2026-03-18", UTC, "2026-03-18T00:00:00Z"),
            ("2026-03-18T09:30", SHANGHAI, "2026-03-18T01:30:00Z"),
            ("2026-03-18 09:30:15", SHANGHAI, "2026-03-18T01:30:15Z"),
            ("2026-03-18T09:30:15Z", SHANGHAI, "2026-03-18T09:30:15Z"),
            ("2026-03-18T09:30:15.123987Z", SHANGHAI, "2026-03-18T09:30:15.123Z"),
            ("2026-03-18T09:30:15.5-05:30", SHANGHAI, "2026-03-18T15:00:15.500Z"),
            ("2026-03-18T09:30+0800", UTC, "2026-03-18T01:30:00Z"),
            ("1950-05-05", UTC, "1950-05-05T00:00:00Z"),
        ],
    )
    def test_text_is_read(self, text: str, zone: ZoneInfo, expected: str) -> None:
        assert from_millis(at(text, zone)) == dt.datetime.fromisoformat(expected)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "today",
            "18.03.2026",
            "2026-3-18",
            "2026-02-30",
            "2026-13-01",
            "2026-03-18T25:00",
            "2026-03-18T09:30:61",
            "1899-12-31",
            "2300-01-01",
            "2026-03-18T09:30+25:00",
            "2026-03-18T09",
            "20260318",
            "１９９０-01-01",
            "2026-03-18T09:30:00z",
            "1773806400",
        ],
    )
    def test_what_is_no_instant(self, text: str) -> None:
        assert instant(text, SHANGHAI) is None
        assert not found(text, Op.BEFORE, "2100-01-01")
        assert not found(text, Op.ANNIVERSARY, Duration(400 * DAY))

    def test_a_number_is_no_instant(self) -> None:
        assert not found(NOW - DAY, Op.WITHIN_LAST, WEEK)

    def test_a_wrong_border_matches_nothing(self) -> None:
        assert not instant_matches(NOW, Comparison(Op.BEFORE, "never"), now=NOW, zone=UTC)
        assert not instant_matches(NOW, Comparison(Op.ANNIVERSARY, "never"), now=NOW, zone=UTC)

    def test_offsets_are_told(self) -> None:
        assert has_offset("2026-03-18T09:30Z")
        assert not has_offset("2026-03-18T09:30")
        assert not has_offset("x")

    def test_before_and_after_exclude_the_instant_named(self) -> None:
        assert not found("2026-03-18", Op.BEFORE, "2026-03-18")
        assert not found("2026-03-18", Op.AFTER, "2026-03-18")
        assert found("2026-03-17T15:59:59.999Z", Op.BEFORE, "2026-03-18")
        assert found("2026-03-17T16:00:00.001Z", Op.AFTER, "2026-03-18")

    def test_before_a_duration_is_at_or_before_and_after_is_later_than_that(self) -> None:
        border = iso(from_millis(NOW - 7 * DAY))
        assert found(border, Op.BEFORE, WEEK)
        assert not found(border, Op.AFTER, WEEK)
        assert found(iso(from_millis(NOW - 7 * DAY + 1)), Op.AFTER, WEEK)

    @pytest.mark.parametrize(
        ("ahead", "last", "next_"), [(-7 * DAY, False, False), (-7 * DAY + 1, True, False), (0, True, False), (1, False, True)]
    )
    def test_within_last_and_within_next_meet_at_now(self, ahead: int, last: bool, next_: bool) -> None:
        text = iso(from_millis(NOW + ahead))
        assert found(text, Op.WITHIN_LAST, WEEK) is last
        assert found(text, Op.WITHIN_NEXT, WEEK) is next_

    def test_within_next_includes_its_end(self) -> None:
        assert found(iso(from_millis(NOW + 7 * DAY)), Op.WITHIN_NEXT, WEEK)
        assert not found(iso(from_millis(NOW + 7 * DAY + 1)), Op.WITHIN_NEXT, WEEK)

    @given(dates)
    def test_a_date_without_time_is_midnight_in_the_zone(self, text: str) -> None:
        if len(text) == 10:
            assert from_millis(at(text, SHANGHAI)).astimezone(SHANGHAI).time() == dt.time()


class TestAnniversary:
    @pytest.mark.parametrize(
        ("born", "expected"),
        [("1990-03-17", False), ("1990-03-18", True), ("1990-03-25", True), ("1990-03-26", False), ("2030-03-20", True)],
    )
    def test_today_to_today_plus_seven_days_both_included(self, born: str, expected: bool) -> None:
        assert found(born, Op.ANNIVERSARY, WEEK) is expected

    def test_none_ahead_is_today_alone(self) -> None:
        assert found("1990-03-18", Op.ANNIVERSARY, Duration(0))
        assert not found("1990-03-19", Op.ANNIVERSARY, Duration(0))

    @pytest.mark.parametrize(
        ("today", "expected"), [("2026-02-28", True), ("2026-03-01", False), ("2028-02-28", False), ("2028-02-29", True)]
    )
    def test_29_february_is_28_february_in_other_years(self, today: str, expected: bool) -> None:
        assert found("2000-02-29", Op.ANNIVERSARY, Duration(0), now=at(today) + HOUR, zone=UTC) is expected

    def test_it_reaches_over_new_year(self) -> None:
        assert found("1990-01-02", Op.ANNIVERSARY, WEEK, now=at("2026-12-29"), zone=UTC)
        assert not found("1990-01-06", Op.ANNIVERSARY, WEEK, now=at("2026-12-29"), zone=UTC)

    def test_more_than_a_year_is_everybody_with_a_date(self) -> None:
        assert found("1990-03-17", Op.ANNIVERSARY, Duration(366 * DAY))

    def test_today_is_the_members_and_the_date_stays_a_date(self) -> None:
        # 12:00 on the 18th in Shanghai is still midnight of the 18th in New York; an hour earlier it is the 17th.
        assert found("1990-03-17", Op.ANNIVERSARY, Duration(0), now=NOW - HOUR, member=NEW_YORK)
        assert not found("1990-03-17", Op.ANNIVERSARY, Duration(0), now=NOW - HOUR)

    def test_an_instant_is_the_date_that_it_is_for_the_member(self) -> None:
        assert found("1990-03-18T03:00:00Z", Op.ANNIVERSARY, Duration(0), now=NOW - HOUR, member=NEW_YORK)
        assert instant_matches(at("1990-03-18T03:00:00Z"), Comparison(Op.ANNIVERSARY, Duration(0)), now=NOW, zone=SHANGHAI)


class TestWindows:
    """S03: rolling windows are exact, calendar windows are as long as the days of a declared zone."""

    def test_rolling_is_exact_and_half_open(self) -> None:
        assert span(Rolling(DAY), now=NOW, zone=SHANGHAI) == (NOW - DAY + 1, NOW + 1)

    def test_no_window_is_all_up_to_now(self) -> None:
        assert span(None, now=NOW, zone=SHANGHAI) == (EARLIEST, NOW + 1)

    def test_s03_a_day_of_23_hours(self) -> None:
        start, end = span(Calendar(Unit.DAY), now=at("2026-03-08T18:00:00Z"), zone=NEW_YORK)
        assert end - start == 23 * HOUR
        assert start == at("2026-03-08T05:00:00Z")

    def test_s03_a_day_of_25_hours(self) -> None:
        start, end = span(Calendar(Unit.DAY), now=at("2026-11-01T18:00:00Z"), zone=NEW_YORK)
        assert end - start == 25 * HOUR
        assert end == at("2026-11-02T05:00:00Z")

    def test_weeks_start_on_monday(self) -> None:
        # 2026-03-18 is a Wednesday, the 22nd a Sunday.
        for day in ("2026-03-16", "2026-03-18", "2026-03-22T23:59:59"):
            assert span(Calendar(Unit.WEEK), now=at(day), zone=UTC) == (at("2026-03-16"), at("2026-03-23"))

    @pytest.mark.parametrize(("day", "after"), [("2026-02-28", "2026-03-01"), ("2026-12-31", "2027-01-01"), ("2028-02-01", "2028-03-01")])
    def test_months(self, day: str, after: str) -> None:
        assert span(Calendar(Unit.MONTH), now=at(day) + 5, zone=UTC) == (at(day[:8] + "01"), at(after))

    def test_the_members_zone_and_the_workspaces_without_one(self) -> None:
        calendar = Calendar(Unit.DAY, Zone.MEMBER)
        assert span(calendar, now=NOW - HOUR, zone=SHANGHAI, member_zone=NEW_YORK) == (NOW - 24 * HOUR, NOW)
        assert span(calendar, now=NOW, zone=SHANGHAI) == span(Calendar(Unit.DAY), now=NOW, zone=SHANGHAI, member_zone=NEW_YORK)

    def test_absolute_windows_include_from_and_exclude_to(self) -> None:
        window = Between("2026-03-01", "2026-03-02T00:00:00Z")
        assert span(window, now=NOW, zone=SHANGHAI) == (at("2026-03-01", SHANGHAI), at("2026-03-02"))

    def test_where_clocks_skip_midnight_the_day_starts_later(self) -> None:
        cairo = ZoneInfo("Africa/Cairo")
        start = midnight(dt.date(2026, 4, 24), cairo)
        assert from_millis(start).astimezone(cairo) == dt.datetime(2026, 4, 24, 1, tzinfo=cairo)
        assert day_of(start - 1, cairo) == dt.date(2026, 4, 23)

    @pytest.mark.parametrize("name", [None, 5, "", "no/zone", "America", "../../etc/passwd", "a\x00b", "x" * 5_000, ("UTC",)])
    def test_what_is_no_zone_falls_back(self, name: Any) -> None:
        assert zone_of(name, SHANGHAI) is SHANGHAI

    def test_a_zone_is_taken(self) -> None:
        assert zone_of("America/New_York", SHANGHAI) == NEW_YORK

    @given(st.integers(0, 4_000_000_000_000), st.sampled_from(Unit), st.sampled_from([UTC, SHANGHAI, NEW_YORK]))
    def test_now_lies_in_its_calendar_window(self, now: int, unit: Unit, zone: ZoneInfo) -> None:
        start, end = span(Calendar(unit), now=now, zone=zone)
        assert start <= now < end
        assert to_millis(from_millis(start)) == start


class TestDurations:
    @pytest.mark.parametrize(("text", "millis"), [("90d", 90 * DAY), ("12h", 12 * HOUR), ("30m", 30 * MINUTE), ("45s", 45_000), ("0d", 0)])
    def test_are_read_and_written(self, text: str, millis: int) -> None:
        assert durations.millis_of(text) == millis
        assert durations.text_of(millis) == text

    @pytest.mark.parametrize("text", ["", "d", "7", "7w", "1.5d", "-7d", "7 d", "７d", "36526d", "9999999999999d"])
    def test_what_is_no_duration(self, text: str) -> None:
        assert durations.millis_of(text) is None

    @given(st.integers(1, 36_525 * 86_400))
    def test_every_number_of_seconds_reads_back(self, seconds: int) -> None:
        assert durations.millis_of(durations.text_of(seconds * 1000)) == seconds * 1000
