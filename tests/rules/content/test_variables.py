"""The catalogue of variables, fallbacks, and what is missing."""

import datetime as dt
import zoneinfo

import pytest

from wellspring.content.contracts import VariableType
from wellspring.content.rules import variables
from wellspring.kernel import wording


class TestCatalogue:
    def test_every_example_fits_its_type(self) -> None:
        for one in variables.BUILTIN:
            if one.type is VariableType.DATE:
                dt.date.fromisoformat(one.example)
            if one.type in {VariableType.NUMBER, VariableType.MONEY}:
                float(one.example)
            assert "" not in {one.zh, one.en}
            assert one.path.count(".") == 1

    def test_an_attribute_keeps_its_name(self) -> None:
        assert variables.attribute("肤质", "text").path == "member.attributes.肤质"
        assert variables.attribute("年龄", "number").type is VariableType.NUMBER
        assert variables.attribute("生日", "date").example == "2026-11-05"

    def test_paths(self) -> None:
        assert variables.path_of(("member", "name")) == "member.name"
        assert variables.path_of(("member", "name", "size")) == "member.name"
        assert variables.path_of(("member", "attributes", "a", "b")) == "member.attributes.a.b"
        assert variables.path_of(("member",)) == "member"

    def test_unknown_ones_are_named(self) -> None:
        named = wording.variables("{{ member.name }}{{ member.attributes['肤质'] }}{{ member.attributes.鞋码 }}{{ x.y }}{{ member }}")
        assert variables.unknown(named, ["肤质"]) == ["member", "member.attributes.鞋码", "x.y"]

    def test_the_example_knows_them_all(self) -> None:
        example = variables.example([variables.attribute("肤质", "text")])
        for one in variables.BUILTIN:
            assert variables.tried(f"{{{{ {one.path} }}}}", example) == one.example
        assert variables.tried("{{ member.attributes.肤质 }}", example) == "…"


class TestFilledIn:
    def test_an_empty_value_is_no_value(self) -> None:
        full = variables.filled_in(
            {"member": {"name": "", "orders": 0}}, {"member.name": "朋友", "staff.name": "", "member.attributes.肤质": "任何"}
        )
        assert variables.tried("{{ member.name }}{{ member.orders }}{{ member.attributes.肤质 }}", full) == "朋友0任何"

    def test_a_value_beats_its_fallback(self) -> None:
        given = {"member": {"name": "小雨", "attributes": {"肤质": "干性"}}}
        full = variables.filled_in(given, {"member.name": "朋友", "member.attributes.肤质": "任何", "member.attributes.x": "1"})
        assert variables.tried("{{ member.name }}{{ member.attributes.肤质 }}{{ member.attributes.x }}", full) == "小雨干性1"

    @pytest.mark.parametrize(("sentence", "name"), [("member.name is undefined", "member.name"), ("something else", "")])
    def test_what_is_missing(self, sentence: str, name: str) -> None:
        assert variables.missing(sentence) == name


def test_money_and_days() -> None:
    assert [variables.money(128_850, currency) for currency in ("CNY", "JPY")] == ["1288.50", "128850"]
    late = dt.datetime(2026, 3, 17, 23, tzinfo=dt.UTC)
    assert variables.day(late, zoneinfo.ZoneInfo("Asia/Shanghai")) == "2026-03-18"
