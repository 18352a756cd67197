"""Reading single values."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.imports.contracts import FieldType, Taken
from wellspring.imports.rules import values

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
UTC = dt.UTC
# Wall clocks: hypothesis wants its bounds naive.
BOUNDS = (dt.datetime.fromisoformat("1950-01-01"), dt.datetime.fromisoformat("2200-01-01"))


class TestInstant:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2020-02-21 00:00:00", dt.datetime(2020, 2, 20, 16, tzinfo=UTC)),
            ("2020/2/1 3:04", dt.datetime(2020, 1, 31, 19, 4, tzinfo=UTC)),
            ("2020年2月1日 3时04分", dt.datetime(2020, 1, 31, 19, 4, tzinfo=UTC)),
            ("20200221", dt.datetime(2020, 2, 20, 16, tzinfo=UTC)),
            ("20200221101112", dt.datetime(2020, 2, 21, 2, 11, 12, tzinfo=UTC)),
            ("2020-02-21T10:00:00Z", dt.datetime(2020, 2, 21, 10, tzinfo=UTC)),
            ("2020-02-21T10:00:00.250+08:00", dt.datetime(2020, 2, 21, 2, 0, 0, 250_000, tzinfo=UTC)),
            ("2020.02.21", dt.datetime(2020, 2, 20, 16, tzinfo=UTC)),
        ],
    )
    def test_reads_what_people_write(self, text: str, expected: dt.datetime) -> None:
        assert values.instant(text, zone=SHANGHAI) == expected

    @pytest.mark.parametrize("text", ["2020-02-30", "2020-13-01", "01/02/2020", "soon", "12", "2020-02-21 25:00:00", "", "1899-01-01"])
    def test_refuses_what_is_no_instant(self, text: str) -> None:
        with pytest.raises(values.Unreadable, match="time_unreadable"):
            values.instant(text, zone=SHANGHAI)

    def test_counts_since_1970_in_seconds_and_milliseconds(self) -> None:
        expected = dt.datetime(2017, 12, 2, 4, 31, 47, tzinfo=UTC)
        assert values.instant("1512189107", zone=SHANGHAI, time_format="unix") == expected
        assert values.instant("1512189107000", zone=SHANGHAI, time_format="unix_ms") == expected

    def test_reads_a_given_format(self) -> None:
        assert values.instant("21/02/2020 10:11", zone=SHANGHAI, time_format="%d/%m/%Y %H:%M") == dt.datetime(
            2020, 2, 21, 2, 11, tzinfo=UTC
        )

    @given(st.datetimes(*BOUNDS))
    def test_iso_texts_come_back(self, moment: dt.datetime) -> None:
        aware = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
        assert values.instant(aware.isoformat(timespec="milliseconds").replace("+00:00", "Z"), zone=SHANGHAI) == aware


class TestNumbers:
    @pytest.mark.parametrize(("text", "expected"), [("1,234.5", 1234.5), ("12%", 0.12), ("-3", -3.0), (" 7 ", 7.0)])
    def test_numbers(self, text: str, expected: float) -> None:
        assert values.number(text) == expected

    @pytest.mark.parametrize("text", ["1.2.3", "abc", "12abc", "--5", "inf"])
    def test_refuses_the_rest(self, text: str) -> None:
        with pytest.raises(values.Unreadable):
            values.number(text)

    def test_whole_numbers_from_spreadsheets(self) -> None:
        assert values.whole("3.0") == 3
        with pytest.raises(values.Unreadable, match="quantity_unreadable"):
            values.whole("3.5")

    def test_yes_and_no(self) -> None:
        assert values.boolean("是")
        assert not values.boolean("No")
        with pytest.raises(values.Unreadable):
            values.boolean("maybe")

    @pytest.mark.parametrize("kind", list(FieldType))
    def test_nothing_is_nothing_for_every_type(self, kind: FieldType) -> None:
        assert values.typed(" N/A ", kind, zone=SHANGHAI) is None

    def test_types(self) -> None:
        assert values.typed("1,000", FieldType.NUMBER, zone=SHANGHAI) == 1000
        assert values.typed("12.345", FieldType.MONEY, zone=SHANGHAI) == 1235
        assert values.typed(" a ", FieldType.TEXT, zone=SHANGHAI) == "a"
        assert values.typed("1", FieldType.BOOLEAN, zone=SHANGHAI) is True


class TestTaken:
    def test_a_part_of_a_split(self) -> None:
        assert values.taken({"c": "17850.0"}, Taken(column="c", separator=".", part=0)) == "17850"
        assert values.taken({"c": "a"}, Taken(column="c", separator=".", part=3)) == ""

    def test_a_constant_and_a_value_map(self) -> None:
        assert values.taken({}, Taken(constant=" CD ")) == "CD"
        assert values.taken({"c": "pv"}, Taken(column="c", values={"pv": "Product Viewed"})) == "Product Viewed"
