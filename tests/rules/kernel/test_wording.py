"""Liquid in a closed room: limits, gaps, days, and the public vectors that the library passes."""

import json
from pathlib import Path
from typing import Any

import liquid
import pytest
from liquid.exceptions import LiquidError

from wellspring.kernel import wording

VECTORS = Path(__file__).resolve().parents[3].parent / "shared/vectors/liquid/golden_liquid.json"


def filled(text: str, **fields: dict[str, Any]) -> str:
    return wording.filled(text, {"member": {}, **fields}, is_forgiving=True)


class TestMissing:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{{ member.name | default: '朋友' }}", "朋友"),
            ("{% if member.name %}有{% else %}无{% endif %}", "无"),
            ("{% unless member.name %}无{% endunless %}", "无"),
            ("{% if member.name == nil %}无{% endif %}", "无"),
            ("{% if member.name == '小雨' %}有{% else %}无{% endif %}", "无"),
            ("{% if member.orders > 3 %}有{% else %}无{% endif %}", "无"),
            ("没有变量", "没有变量"),
        ],
    )
    def test_may_be_asked_for(self, text: str, said: str) -> None:
        assert filled(text) == said

    @pytest.mark.parametrize("text", ["{{ member.name }}", "{{ member.name | upcase }}", "{% for x in member.list %}{% endfor %}"])
    def test_may_not_be_said(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"member\.\w+ is undefined"):
            filled(text)

    def test_a_strict_text_may_not_even_ask(self) -> None:
        with pytest.raises(ValueError, match="undefined"):
            wording.filled("{% if member.name %}x{% endif %}", {"member": {}})


class TestLimits:
    @pytest.mark.parametrize(
        "text",
        [
            "{% for i in (1..100000000) %}a{% endfor %}",
            "{% assign a = 'aaaaaaaaaa' %}" + "{% assign a = a | append: a %}" * 30 + "{{ a }}",
            "{% include 'x' %}",
            "{% increment x %}",
            "{{ 'now' | date: '%Y' }}",
            "{{ member.__class__ }}",
            "{{ 1 | divided_by: 0 }}",
        ],
    )
    def test_what_asks_for_more_than_there_is_ends_at_once(self, text: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            filled(text)


class TestDay:
    @pytest.mark.parametrize(
        ("pattern", "said"), [("", ""), ("YYYY年M月D日", "2026年3月8日"), ("MM-DD", "03-08"), ("周W", "周日"), ("M/D", "3/8")]
    )
    def test_is_written_as_wished(self, pattern: str, said: str) -> None:
        assert filled(f"{{{{ o.on | day: '{pattern}' }}}}", o={"on": "2026-03-08"}) == said

    def test_what_is_no_date_stays(self) -> None:
        assert filled("{{ o.on | day }}", o={"on": "明天"}) == "明天"
        assert filled("{{ o.on | day }}", o={"on": "2026-03-08T10:00:00Z"}) == "3月8日"


def test_variables_are_named_by_their_whole_path() -> None:
    text = "{% assign x = member.name %}{{ x }}{{ staff.name | default: store.name }}{{ member['a b'] }}"
    assert wording.variables(text) == {("member", "name"), ("staff", "name"), ("store", "name"), ("member", "a b")}
    assert wording.variables("没有") == frozenset()
    with pytest.raises(ValueError, match=r".+"):
        wording.variables("{% if %}")


def test_is_cut_between_characters() -> None:
    assert (wording.cut("好好", 5), wording.cut("abc", 3)) == ("好", "abc")


def _passes(case: dict[str, Any]) -> bool:
    loader = liquid.DictLoader(case.get("templates", {}))
    try:
        made = liquid.Environment(loader=loader).from_string(case["template"]).render(**case.get("data", {}))
    except LiquidError:
        return bool(case.get("invalid"))
    return made == case.get("result") or made in case.get("results", ())


@pytest.mark.skipif(not VECTORS.exists(), reason="the public vectors are not here")
def test_the_vectors_that_the_library_passes_stay_passing() -> None:
    cases = json.loads(VECTORS.read_text(encoding="utf-8"))["tests"]
    assert len(cases) == 1_054
    assert sum(map(_passes, cases)) >= 1_048


@pytest.mark.skipif(not VECTORS.exists(), reason="the public vectors are not here")
def test_in_the_closed_room_a_vector_says_the_same_or_is_refused() -> None:
    said, other = 0, []
    for case in json.loads(VECTORS.read_text(encoding="utf-8"))["tests"]:
        if case.get("invalid") or case.get("templates") or "{" not in case["template"] or not _passes(case):
            continue
        try:
            made = wording.filled(case["template"], case.get("data", {}))
        except ValueError:
            continue
        said += 1
        # A message has no blanks around it.
        if made not in {str(one).strip() for one in (case.get("result"), *case.get("results", ()))}:
            other.append(case["name"])
    assert other == []
    assert said > 700
