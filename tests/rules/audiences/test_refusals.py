"""What is refused: with a path or a place, in both languages, and everything at once."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.audiences.errors import DefinitionInvalid, TextInvalid
from wellspring.audiences.rules.fields import NAME_MAX
from wellspring.audiences.rules.read import read
from wellspring.audiences.rules.text_read import parse
from wellspring.audiences.rules.text_write import print_text
from wellspring.audiences.rules.write import write

A = {"attribute": "a", "is": 1}
JAN, FEB = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


def refused(definition: object) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionInvalid) as caught:
        read(definition)
    for fault in caught.value.faults:
        assert fault.zh
        assert fault.en
        assert "{" not in fault.zh.replace("{}", "")
        assert "{" not in fault.en.replace("{}", "")
    assert caught.value.params["path"] == caught.value.faults[0].path
    assert caught.value.errors[0]["zh"] == caught.value.faults[0].zh
    return [(fault.path, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("definition", "path", "code"),
    [
        (None, "$", "not_object"),
        ([], "$", "not_object"),
        ({}, "$", "kind_missing"),
        ({"a\x00\ud800": 1}, "$", "kind_missing"),
        ({1: 2}, "$", "not_object"),
        ({"all": []} | {"any": []}, "$", "kind_several"),
        ({"attribute": "a", "did": "b"}, "$", "kind_several"),
        ({"all": {}}, "$.all", "not_list"),
        ({"all": [A, {"any": [3]}]}, "$.all[1].any[0]", "not_object"),
        ({"not": []}, "$.not", "not_object"),
        ({"not": A, "gte": 1}, "$", "unknown_key"),
        ({"attribute": "a", "is": 1, "colour": 2}, "$", "unknown_key"),
        ({"attribute": "a"}, "$", "comparison_missing"),
        ({"attribute": "", "is": 1}, "$.attribute", "not_name"),
        ({"attribute": " ", "is": 1}, "$.attribute", "not_name"),
        ({"attribute": "a\n", "is": 1}, "$.attribute", "not_name"),
        ({"attribute": "a" * (NAME_MAX + 1), "is": 1}, "$.attribute", "not_name"),
        ({"attribute": 5, "is": 1}, "$.attribute", "not_name"),
        ({"attribute": "a", "is": 1, "gte": 2}, "$", "several_comparisons"),
        ({"attribute": "a", "is": None}, "$.is", "null"),
        ({"attribute": "a", "is": [1]}, "$.is", "not_scalar"),
        ({"attribute": "a", "is": "\x00"}, "$.is", "not_text"),
        ({"attribute": "a", "is": "x" * 2001}, "$.is", "not_text"),
        ({"attribute": "a", "in": []}, "$.in", "empty_list"),
        ({"attribute": "a", "in": "member"}, "$.in", "not_list"),
        ({"attribute": "a", "in": [1] * 5001}, "$.in", "too_many"),
        ({"attribute": "a", "in": [None]}, "$.in[0]", "null"),
        ({"attribute": "a", "gte": "5"}, "$.gte", "not_number"),
        ({"attribute": "a", "gte": True}, "$.gte", "not_number"),
        ({"attribute": "a", "gte": 2**63}, "$.gte", "number_range"),
        ({"attribute": "a", "gte": float("inf")}, "$.gte", "number_range"),
        ({"attribute": "a", "between": [2, 1]}, "$.between", "not_range"),
        ({"attribute": "a", "between": [1]}, "$.between", "not_range"),
        ({"attribute": "a", "between": [1, "2"]}, "$.between", "between_mixed"),
        ({"attribute": "a", "between": [JAN, FEB]}, "$.between", "between_not_window"),
        ({"attribute": "a", "exists": 1}, "$.exists", "not_true"),
        ({"attribute": "a", "contains": 5}, "$.contains", "not_text"),
        ({"attribute": "a", "before": "tomorrow"}, "$.before", "not_instant"),
        ({"attribute": "a", "before": 5}, "$.before", "not_instant"),
        ({"attribute": "a", "before": "2026-02-30"}, "$.before", "not_instant"),
        ({"attribute": "a", "within_last": "0d"}, "$.within_last", "zero_duration"),
        ({"attribute": "a", "within_last": "7w"}, "$.within_last", "not_duration"),
        ({"attribute": "a", "within_last": "999999d"}, "$.within_last", "not_duration"),
        ({"attribute": "a", "within_last": 7}, "$.within_last", "not_duration"),
        ({"attribute": "a", "anniversary_within_next": "12h"}, "$.anniversary_within_next", "not_days"),
        ({"attribute": "a", "anniversary_within_next": 7}, "$.anniversary_within_next", "not_days"),
        ({"attribute": "a", "within": "7d", "is": 1}, "$", "unknown_key"),
        ({"tag_group": "a"}, "$", "key_missing"),
        ({"tag_group": "a", "any": False}, "$.any", "not_true"),
        ({"did": "A", "where": {}}, "$.where", "not_list"),
        ({"did": "A", "where": [3]}, "$.where[0]", "not_object"),
        ({"did": "A", "where": [{}]}, "$.where[0]", "key_missing"),
        ({"did": "A", "where": [{"property": "a"}]}, "$.where[0]", "comparison_missing"),
        ({"did": "A", "where": [{"property": "a[]", "is": 1}]}, "$.where[0].property", "not_property"),
        ({"did": "A", "where": [{"property": "a[].b[].c", "is": 1}]}, "$.where[0].property", "not_property"),
        ({"did": "A", "where": [{"property": "a", "is": 1, "between": [JAN, FEB]}]}, "$.where[0]", "several_comparisons"),
        ({"did": "A", "where": [{"property": "a", "is": 1}] * 21}, "$.where", "too_many"),
        ({"did": "A", "measure": {"sum": "x"}}, "$", "comparison_missing"),
        ({"did": "A", "measure": {"sum": "x", "avg": "y"}, "gte": 1}, "$.measure", "not_measure"),
        ({"did": "A", "measure": {"median": "x"}, "gte": 1}, "$.measure", "not_measure"),
        ({"did": "A", "measure": "count"}, "$.measure", "not_object"),
        ({"did": "A", "measure": {"count": "x"}}, "$.measure.count", "not_true"),
        ({"did": "A", "measure": {"sum": "x[]"}, "gte": 1}, "$.measure.sum", "not_property"),
        ({"did": "A", "gte": "two"}, "$.gte", "not_number"),
        ({"did": "A", "is": "two"}, "$.is", "not_number"),
        ({"did": "A", "in": [1, "2"]}, "$.in[1]", "not_number"),
        ({"did": "A", "contains": "x"}, "$.contains", "comparison_unfit"),
        ({"did": "A", "measure": {"count": True}, "exists": True}, "$.exists", "always"),
        ({"did": "A", "measure": {"count": True}, "missing": False}, "$.missing", "always"),
        ({"did": "A", "gte": 1, "lt": 5}, "$", "several_comparisons"),
        ({"did": "A", "within": "calendar year"}, "$.within", "not_window"),
        ({"did": "A", "within": 90}, "$.within", "not_window"),
        ({"did": "A", "within": "0d"}, "$.within", "zero_duration"),
        ({"did": "A", "within": "1d", "between": [JAN, FEB]}, "$", "several_windows"),
        ({"did": "A", "between": [JAN]}, "$.between", "not_between"),
        ({"did": "A", "between": [FEB, JAN]}, "$.between", "not_between"),
        ({"did": "A", "between": [JAN, JAN]}, "$.between", "not_between"),
        ({"did": "A", "between": ["x", JAN]}, "$.between", "not_between"),
        ({"did": "A", "within": "calendar day", "in": "city"}, "$.in", "not_zone"),
        ({"did": "A", "within": "1d", "in": "member"}, "$.in", "zone_useless"),
        ({"last": "A", "gte": 1}, "$.gte", "comparison_unfit"),
        ({"last": "A", "missing": True, "within": "1d"}, "$", "missing_window"),
        ({"sequence": []}, "$.sequence", "few_steps"),
        ({"sequence": [{"did": "A"}]}, "$.sequence", "few_steps"),
        ({"sequence": [{"did_not": "A"}, {"did_not": "B"}]}, "$.sequence", "few_steps"),
        ({"sequence": [{"did": "A"}, {"did": "B"}, 5]}, "$.sequence[2]", "not_object"),
        ({"sequence": [{"did": "A"}, {"did": "B", "did_not": "C"}]}, "$.sequence[1]", "step_kind"),
        ({"sequence": [{"did": "A", "within": "1d"}, {"did": "B"}]}, "$.sequence[0].within", "step_first"),
        ({"sequence": [{"did": "A"}, {"did_not": "B", "within": "1d"}]}, "$.sequence[1].within", "step_absent"),
        ({"sequence": [{"did": "A"}, {"did": "B", "gte": 2}]}, "$.sequence[1]", "unknown_key"),
        ({"sequence": [{"did": "A"}] * 21}, "$.sequence", "too_many"),
        ({"served_by": {"shop": "S"}}, "$.served_by", "not_relation"),
        ({"served_by": {"store": "S", "staff": "T"}}, "$.served_by", "not_relation"),
        ({"served_by": "S"}, "$.served_by", "not_object"),
        ({"touched": {}}, "$.touched", "key_missing"),
        ({"touched": {"channel": "sms", "x": 1}}, "$.touched", "unknown_key"),
        ({"touched": {"channel": "sms"}, "within": "1d", "in": "member"}, "$.in", "zone_useless"),
        ({"sample": {"salt": "x", "percent": 10}}, "$.sample.percent", "not_list"),
        ({"sample": {"salt": "x", "percent": [10]}}, "$.sample.percent", "not_percent"),
        ({"sample": {"salt": "x", "percent": [10, 10]}}, "$.sample.percent", "not_percent"),
        ({"sample": {"salt": "x", "percent": [0, 101]}}, "$.sample.percent", "not_percent"),
        ({"sample": {"percent": [0, 10]}}, "$.sample", "key_missing"),
        ({"top": {"of": "A", "percent": 0}}, "$.top.percent", "not_share"),
        ({"top": {"of": "A", "percent": 101}}, "$.top.percent", "not_share"),
        ({"top": {"of": "A"}}, "$.top.percent", "not_number"),
        ({"top": {"of": "A", "percent": 1, "gte": 1}}, "$.top", "unknown_key"),
        ({"like": "x"}, "$.size", "not_size"),
        ({"like": "x", "size": 0}, "$.size", "not_size"),
        ({"like": "x", "size": True}, "$.size", "not_size"),
        ({"like": "x", "size": 10_000_001}, "$.size", "not_size"),
    ],
)
def test_refused_with_its_path(definition: object, path: str, code: str) -> None:
    assert (path, code) in refused(definition)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    definition = {"all": [{"attribute": "a", "gte": "x"}, {"did": "B", "where": [{"property": "p", "gte": "x"}], "within": "x"}]}
    assert refused(definition) == [
        ("$.all[0].gte", "not_number"),
        ("$.all[1].where[0].gte", "not_number"),
        ("$.all[1].within", "not_window"),
    ]


def test_of_very_much_that_is_wrong_fifty_things_are_told() -> None:
    assert len(refused({"all": [{}] * 120})) == 50


class TestLimits:
    def test_twelve_nodes_deep_is_taken(self) -> None:
        assert read(_deep(12))

    def test_thirteen_are_refused_with_the_limit(self) -> None:
        with pytest.raises(DefinitionInvalid, match="12"):
            read(_deep(13))

    def test_leaves_do_not_count_as_depth(self) -> None:
        assert read(_deep(12, {"sequence": [{"did": "A"}, {"did": "B"}]}))

    @pytest.mark.parametrize("depth", [300, 100_000])
    def test_a_bomb_is_refused_and_not_climbed_into(self, depth: int) -> None:
        assert refused(_deep(depth))[0][1] == "too_deep"

    def test_two_hundred_leaves_are_taken(self) -> None:
        assert read({"all": [A] * 200})

    def test_one_more_is_refused_with_the_limit(self) -> None:
        with pytest.raises(DefinitionInvalid, match="200"):
            read({"any": [{"all": [A] * 100}, {"not": {"all": [A] * 101}}]})

    def test_64_kb_are_taken_and_a_byte_more_is_refused_with_the_limit(self) -> None:
        values = ["上" * 300] * 72
        fill = 64 * 1024 - len(json.dumps({"attribute": "a", "in": [*values, ""]}, ensure_ascii=False, separators=(",", ":")).encode())
        assert read({"attribute": "a", "in": [*values, "x" * fill]})
        with pytest.raises(DefinitionInvalid, match="64"):
            read({"attribute": "a", "in": [*values, "x" * (fill + 1)]})

    def test_what_is_no_json_is_refused(self) -> None:
        assert refused({"attribute": "a", "is": object()}) == [("$", "not_json")]


class TestGenerous:
    """What may be left out, and what it then means."""

    @pytest.mark.parametrize(
        ("short", "full"),
        [
            ({"did": "A", "gte": 2}, {"did": "A", "measure": {"count": True}, "gte": 2}),
            ({"did": "A", "measure": {"count": True}}, {"did": "A"}),
            ({"did": "A", "measure": {"days": True}}, {"did": "A", "measure": {"days": True}, "gte": 1}),
            ({"did": "A", "where": []}, {"did": "A"}),
            ({"did": "A", "within": "calendar day", "in": "workspace"}, {"did": "A", "within": "calendar day"}),
            ({"attribute": "a", "missing": False}, {"attribute": "a", "exists": True}),
            ({"top": {"of": "A", "percent": 5}}, {"top": {"measure": {"count": True}, "of": "A", "percent": 5}}),
        ],
    )
    def test_is_filled_in(self, short: dict[str, Any], full: dict[str, Any]) -> None:
        assert write(read(short)) == full

    def test_ends_of_which_one_waits_for_its_zone_are_not_compared(self) -> None:
        assert read({"did": "A", "between": ["2026-01-01", "2025-12-31T20:00:00Z"]})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.floats() | st.text(max_size=8) | st.sampled_from(["1d", JAN]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "all",
                    "any",
                    "not",
                    "attribute",
                    "tag_group",
                    "did",
                    "where",
                    "property",
                    "measure",
                    "count",
                    "sum",
                    "sequence",
                    "did_not",
                    "within",
                    "between",
                    "in",
                    "is",
                    "gte",
                    "last",
                    "sample",
                    "salt",
                    "percent",
                    "top",
                    "of",
                    "touched",
                    "channel",
                    "like",
                    "size",
                    "before",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_taken_or_refused(value: object) -> None:
    try:
        node = read(value)
    except DefinitionInvalid:
        return
    assert read(write(node)) == node
    assert parse(print_text(node)) == node


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("", 0, "the end of the text"),
        ("city is", 7, "the end of the text"),
        ("city", 4, "a comparison"),
        ("count(", 6, "an event"),
        ("count(A", 7, ")"),
        ("count(A where", 13, "a name"),
        ("a is 1 and\n  tag", 16, "a name"),
        ("(a is 1", 7, ")"),
        ('a is "x', 5, "never closed"),
        ('a is "\\q"', 5, "escape"),
        ("! a", 0, "sign"),
        ("a is 1 b is 2", 7, "and / or"),
        ("a is b", 5, "true or false"),
        ("a in 5", 5, "("),
        ("a in (1", 7, ")"),
        ("a not 5", 2, "a comparison"),
        ("sum(A) > 1", 5, "Event.property"),
        ("sum(A.) > 1", 6, "a property"),
        ('sum("A" B.x) > 1', 11, "Event.property"),
        ("sum(A.total)", 0, "needs a comparison"),
        ("a is 1 and sum(A.total)", 11, "needs a comparison"),
        ("a is 1 and (b is 2 or count(X) within 0d)", 22, "longer than nothing"),
        ("a between 1 and x", 16, "a number"),
        ("count(A) > 1 > 2", 16, "twice"),
        ("count(A) within 1d within 2d", 28, "twice"),
        ("count(A) between 1 and 2 between 2026-01-01 and 2026-01-02", 58, "twice"),
        ("A then B within 7x", 16, "a duration"),
        ("A then and", 7, "double quotes"),
        ("A (total > 1) then B", 3, "where"),
        ("count(A) within calendar year", 25, "day / week / month"),
        ("count(A) between and", 17, "double quotes"),
        ("audience and", 9, "double quotes"),
        ('served_by shop "x"', 10, "store"),
        ('sample "x" 10', 11, "0..10"),
        ('sample "x" 10..5', 11, "two different numbers"),
        ("top ten by count(A)", 4, "10%"),
        ("top 10% count(A)", 8, "by"),
        ("top 10% by median(A.x)", 11, "distinct"),
        ('like "x" 5', 9, "size"),
        ("any tags", 4, "tag"),
        ("not " * 61 + "a is 1", 240, "12"),
        ("(" * 61, 60, "12"),
        ("not " * 13 + "a is 1", 48, "12"),
    ],
)
def test_text_is_refused_at_its_place(text: str, position: int, part: str) -> None:
    with pytest.raises(TextInvalid) as caught:
        parse(text)
    assert part in caught.value.detail("en")
    assert caught.value.position == position
    assert "{" not in caught.value.detail("zh-CN")


def test_a_place_is_told_as_line_and_character() -> None:
    with pytest.raises(TextInvalid) as caught:
        parse("city is 1\nand age >=")
    assert (caught.value.params["line"], caught.value.params["column"]) == (2, 11)
    assert caught.value.detail("zh-CN").startswith("第 2 行第 11 个字符")


def test_text_over_64_kb_is_refused_with_the_limit() -> None:
    with pytest.raises(TextInvalid, match="64"):
        parse("a is 1 " + " " * 65_536)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a = 1 and b != 2", "a is 1 and b is_not 2"),
        ('city is not "x"', 'city is_not "x"'),
        ('city not in ("x")', 'city not_in ("x")'),
        ("count(Log in where x is 1) >= 2", 'count("Log in" where x is 1) >= 2'),
        ("count >= 3 and tag is 1", '"count" >= 3 and "tag" is 1'),
        ("count(A) >= 2 within 90d", "count(A) within 90d >= 2"),
        ("((a is 1)) and all(b is 2, c is 3)", "a is 1 and (b is 2 and c is 3)"),
        ("any(b is 2, c is 3)", "b is 2 or c is 3"),
        ("a is 1 or b is 2 and not c is 3", "a is 1 or (b is 2 and not c is 3)"),
        ("trait loyalty.tier exists", "loyalty.tier exists"),
        ("attribute loyalty.tier exists", '"loyalty.tier" exists'),
        ('"Order Completed" then A', "Order Completed then A"),
        ("top 0.5% by count(A) in member within calendar month", "top 0.5% by count(A) within calendar month in member"),
    ],
)
def test_other_ways_to_write_are_printed_in_one(text: str, printed: str) -> None:
    assert print_text(parse(text)) == printed


def test_a_leaf_that_is_none_is_a_defect() -> None:
    with pytest.raises(TypeError):
        print_text(3)  # type: ignore[arg-type]


class TestNames:
    """Audiences are named to people and kept by id."""

    def test_a_name_is_resolved_and_printed_back(self) -> None:
        node = parse('audience "老客" and like "超级用户" size 10', {"老客": "aud_1", "超级用户": "aud_2"}.get)
        assert write(node) == {"all": [{"audience": "aud_1"}, {"like": "aud_2", "size": 10}]}
        assert print_text(node, {"aud_1": "老客"}.get) == 'audience "老客" and like "aud_2" size 10'

    def test_an_unknown_name_is_refused_with_it(self) -> None:
        with pytest.raises(TextInvalid, match="新客") as caught:
            parse('not audience "新客"', {}.get)
        assert caught.value.position == 13


def _deep(count: int, leaf: dict[str, Any] | None = None) -> dict[str, Any]:
    node: dict[str, Any] = leaf or A
    for index in range(count):
        node = {"not": node} if index % 2 else {"all": [node]}
    return node
