"""The kernel's plain half: ids, money, cursors, text."""

import datetime as dt
import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.kernel import ids, money, pages, text
from wellspring.kernel.clock import UTC, VirtualClock, from_millis, iso, to_millis
from wellspring.kernel.errors import Invalid


class TestIds:
    def test_sort_by_time(self) -> None:
        assert ids.new_id("mem", millis=1) < ids.new_id("mem", millis=2) < ids.new_id("mem", millis=2**47)

    def test_shape(self) -> None:
        prefix, _, body = ids.new_id("mem").partition("_")
        assert prefix == "mem"
        assert len(body) == 26
        assert not set(body) & set("ilou")


class TestMoney:
    @pytest.mark.parametrize(
        ("written", "minor"),
        [
            ("178.8", 17880),
            ("¥1,234.50", 123450),
            ("-3.5", -350),
            ("-¥3.5", -350),
            (" 12 ", 1200),
            ("0.005", 1),
            ("-0.005", -1),
            ("0.0049", 0),
            (".5", 50),
            ("1e3", 100000),
        ],
    )
    def test_reads(self, written: str, minor: int) -> None:
        assert money.parse_minor(written) == minor

    @pytest.mark.parametrize("written", ["", "abc", "1.2.3", "NaN", "inf", "１２", "1e99", "--1", "0x10", "1e999"])
    def test_refuses(self, written: str) -> None:
        with pytest.raises(money.AmountUnreadable):
            money.parse_minor(written)

    def test_minor_digits_differ(self) -> None:
        assert money.parse_minor("1000", currency="JPY") == 1000
        assert money.parse_minor("1.2345", currency="KWD") == 1235
        assert money.format_minor(1235, currency="KWD") == "1.235"

    @given(st.integers(-money.MINOR_MAX, money.MINOR_MAX))
    def test_written_amounts_read_back(self, minor: int) -> None:
        assert money.parse_minor(money.format_minor(minor)) == minor

    @given(st.decimals(min_value=-(10**9), max_value=10**9, places=5))
    def test_rounding_is_half_away_from_zero(self, amount: decimal.Decimal) -> None:
        assert money.to_minor(amount) == int((amount * 100).quantize(decimal.Decimal(1), rounding=decimal.ROUND_HALF_UP))

    @given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any))
    def test_i8_parts_add_up(self, minor: int, weights: list[int]) -> None:
        parts = money.split(minor, weights)
        assert sum(parts) == minor
        assert all(abs(part - minor * weight / sum(weights)) <= 1 for part, weight in zip(parts, weights, strict=True))

    def test_remainders_go_to_the_largest_fraction(self) -> None:
        assert money.split(100, [1, 1, 1]) == [34, 33, 33]
        assert money.split(10, [1, 2, 4]) == [1, 3, 6]


class TestPages:
    @given(st.lists(st.one_of(st.integers(), st.text(), st.none()), min_size=1, max_size=4))
    def test_cursors_round_trip(self, parts: list[str | int | None]) -> None:
        assert pages.decode_cursor(pages.encode_cursor(parts), length=len(parts)) == parts

    @given(st.text(max_size=60))
    def test_any_other_text_is_refused(self, cursor: str) -> None:
        try:
            found = pages.decode_cursor(cursor, length=2)
        except Invalid:
            return
        assert len(found) == 2

    def test_limits(self) -> None:
        assert [pages.limit_of(wanted) for wanted in (None, 0, 1, 10_000, -5)] == [50, 50, 1, 200, 1]


class TestText:
    @given(st.text(max_size=30))
    def test_s5_no_cell_is_a_formula(self, cell: str) -> None:
        guarded = text.guard_cell(cell)
        assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))
        assert guarded.removeprefix("'") == cell.removeprefix("'")

    def test_masks(self) -> None:
        assert text.mask_phone("+8613812341234") == "138****1234"
        assert text.mask_email("zhang@example.com") == "z***@example.com"
        assert text.mask_name("欧阳小明") == "欧***"


class TestClock:
    @given(st.integers(-(10**12), 4 * 10**12))
    def test_millis_round_trip(self, millis: int) -> None:
        assert to_millis(from_millis(millis)) == millis

    def test_a_virtual_clock_stands_still_and_may_go_back(self) -> None:
        clock = VirtualClock(dt.datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC))
        assert clock.now() == clock.now()
        clock.move_to(dt.datetime(2025, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=8))))
        assert iso(clock.now()) == "2024-12-31T16:00:00.000Z"
