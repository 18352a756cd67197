"""The two written forms of a definition and its key: each reads back to the same tree."""

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.audiences import trees
from wellspring.audiences.errors import DefinitionInvalid, TextInvalid
from wellspring.audiences.rules import tree
from wellspring.audiences.rules.read import read
from wellspring.audiences.rules.schema import SCHEMA
from wellspring.audiences.rules.text_read import parse
from wellspring.audiences.rules.text_write import print_text
from wellspring.audiences.rules.write import canonical, write

ORDER = "Order Completed"
# The table of the language: every leaf in both forms.
TABLE: list[tuple[dict[str, Any], str]] = [
    ({"attribute": "city", "is": "上海"}, 'city is "上海"'),
    ({"tag": "渠道/包裹卡"}, 'tag "渠道/包裹卡"'),
    ({"tag_group": "渠道", "any": True}, 'any tag of "渠道"'),
    ({"did": ORDER, "measure": {"count": True}, "gte": 2, "within": "90d"}, "count(Order Completed) within 90d >= 2"),
    ({"did": ORDER, "measure": {"sum": "total"}, "gte": 1000, "within": "365d"}, "sum(Order Completed.total) within 365d >= 1000"),
    ({"last": ORDER, "before": "30d"}, "last(Order Completed) before 30d"),
    ({"sequence": [{"did": "A"}, {"did": "B", "within": "7d"}, {"did_not": "C"}]}, "A then B within 7d without C"),
    ({"trait": "loyalty.tier", "in": ["gold", "platinum"]}, 'loyalty.tier in ("gold", "platinum")'),
    ({"audience": "老客"}, 'audience "老客"'),
    ({"served_by": {"store": "S001"}}, 'served_by store "S001"'),
    ({"in_group": "wr1"}, 'in_group "wr1"'),
    ({"reachable_on": "wecom"}, "reachable_on wecom"),
    ({"consent": "marketing.sms"}, "consent marketing.sms"),
    ({"touched": {"channel": "wecom.moment"}, "gte": 3, "within": "1d"}, "touched wecom.moment within 1d >= 3"),
    ({"sample": {"salt": "x", "percent": [0, 10]}}, 'sample "x" 0..10'),
    (
        {"top": {"measure": {"sum": "total"}, "of": ORDER, "within": "365d", "percent": 10}},
        "top 10% by sum(Order Completed.total) within 365d",
    ),
    ({"like": "超级用户", "size": 50000}, 'like "超级用户" size 50000'),
]
MORE: list[tuple[dict[str, Any], str]] = [
    ({"all": []}, "everybody"),
    ({"any": []}, "nobody"),
    ({"all": [{"tag": "a/b"}]}, 'all(tag "a/b")'),
    ({"not": {"any": [{"tag": "a/b"}, {"tag": "c/d"}]}}, 'not (tag "a/b" or tag "c/d")'),
    ({"did": ORDER}, "count(Order Completed)"),
    ({"did": ORDER, "within": "calendar week", "in": "member"}, "count(Order Completed) within calendar week in member"),
    ({"did": "加入购物车", "measure": {"days": True}, "gte": 3, "in": "member"}, "days(加入购物车) in member >= 3"),
    ({"did": "Log in"}, 'count("Log in")'),
    ({"did": "a.b", "measure": {"max": "x y"}, "gt": 2.5}, 'max("a.b"."x y") > 2.5'),
    (
        {
            "did": ORDER,
            "where": [{"property": "total", "gte": 100}, {"property": "lines[].sku", "is": "A1"}],
            "measure": {"count": True},
            "gte": 2,
            "within": "90d",
        },
        'count(Order Completed where total >= 100 and lines[].sku is "A1") within 90d >= 2',
    ),
    (
        {"did": "A", "between": ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"]},
        "count(A) between 2026-01-01T00:00:00Z and 2026-02-01T00:00:00Z",
    ),
    ({"did": "A", "measure": {"count": True}, "between": [2, 5], "within": "1d"}, "count(A) within 1d between 2 and 5"),
    ({"first": "A", "after": "2026-01-01T00:00:00Z"}, "first(A) after 2026-01-01T00:00:00Z"),
    ({"first": "A", "between": ["2026-01-01 08:00", "2026-01-02"]}, 'first(A) between "2026-01-01 08:00" and 2026-01-02'),
    (
        {"sequence": [{"did_not": "C"}, {"did": "A", "where": [{"property": "n", "gt": 1}]}, {"did": "B"}]},
        "without C then A (where n > 1) then B",
    ),
    ({"attribute": "address.city", "is_not": "上海"}, '"address.city" is_not "上海"'),
    ({"attribute": "vip", "is": True}, "vip is true"),
    ({"attribute": "vip", "not_in": [False, 1]}, "vip not_in (false, 1)"),
    ({"attribute": "count", "missing": True}, '"count" missing'),
    ({"attribute": "birthday", "anniversary_within_next": "7d"}, "birthday anniversary_within_next 7d"),
    ({"trait": "tier", "exists": True}, 'trait "tier" exists'),
    ({"consent": "a b"}, 'consent "a b"'),
]


WORDS = [
    "a",
    "A",
    "then",
    "without",
    "within",
    "7d",
    "is",
    "1",
    "and",
    "or",
    "not",
    "(",
    ")",
    "count(",
    "Order.x",
    "where",
    ">=",
    "in",
    ",",
]
WORDS += ["between", "2026-01-01", "tag", '"x"', "10%", "by", "top", "any", "of", "all("]


@pytest.mark.parametrize(("definition", "text"), TABLE + MORE)
def test_each_leaf_in_both_forms(definition: dict[str, Any], text: str) -> None:
    node = read(definition)
    assert json.dumps(write(node)) == json.dumps(definition)
    assert parse(text) == node
    assert write(parse(text)) == definition
    assert print_text(node) == text


class TestRoundTrips:
    @given(trees())
    def test_json(self, node: tree.Node) -> None:
        written = write(node)
        again = read(json.loads(json.dumps(written)))
        assert again == node
        assert json.dumps(write(again)) == json.dumps(written)

    @given(trees())
    def test_text(self, node: tree.Node) -> None:
        text = print_text(node)
        assert write(parse(text)) == write(node)
        assert print_text(parse(text)) == text

    @given(trees())
    def test_key(self, node: tree.Node) -> None:
        assert canonical(read(write(node))) == canonical(node) == canonical(parse(print_text(node)))

    @given(st.text(max_size=40) | st.text('abc ()"<>=!.,%019d[]', max_size=40))
    @example("a is 1e999")
    @example("a is 99999999999999999999999999999999999")
    @example("\ud800 is 1")
    @example('a is "\\ud800"')
    def test_any_text_is_parsed_or_refused_with_its_place(self, text: str) -> None:
        node, refused = _parsed(text)
        assert refused is None or 0 <= refused.position <= len(text)
        assert node is None or parse(print_text(node)) == node

    @given(st.lists(st.sampled_from(WORDS), max_size=14))
    def test_any_words_are_parsed_or_refused(self, words: list[str]) -> None:
        node, _ = _parsed(" ".join(words))
        assert node is None or parse(print_text(node)) == node


def _parsed(text: str) -> tuple[tree.Node | None, TextInvalid | None]:
    try:
        return parse(text), None
    except TextInvalid as failure:
        return None, failure


class TestCanonical:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"did": "A"}, {"did": "A", "measure": {"count": True}, "gte": 1}),
            ({"did": "A", "gte": 1.0}, {"did": "A"}),
            ({"did": "A", "within": "24h"}, {"did": "A", "within": "1d"}),
            ({"touched": {"channel": "sms"}}, {"touched": {"channel": "sms"}, "gte": 1}),
            ({"attribute": "a", "is": 1}, {"attribute": "a", "is": 1.0}),
            ({"attribute": "a", "is": "e\u0301"}, {"attribute": "a", "is": "\u00e9"}),
            ({"attribute": "a", "in": [2, "x", 1, 1]}, {"attribute": "a", "in": [1, 2.0, "x"]}),
            ({"attribute": "a", "exists": False}, {"attribute": "a", "missing": True}),
            ({"attribute": "a", "before": "2026-01-01T00:00:00Z"}, {"attribute": "a", "before": "2026-01-01T08:00:00+08:00"}),
            (
                {"did": "A", "between": ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]},
                {"did": "A", "between": ["2026-01-01T08:00:00+0800", "2026-01-02T00:00:00.000Z"]},
            ),
            (
                {"did": "A", "where": [{"property": "x", "is": 1}, {"property": "y", "is": 2}]},
                {"did": "A", "where": [{"property": "y", "is": 2}, {"property": "x", "is": 1}, {"property": "x", "is": 1}]},
            ),
            ({"all": [{"tag": "a"}, {"tag": "b"}]}, {"all": [{"tag": "b"}, {"all": [{"tag": "a"}]}, {"tag": "a"}]}),
            ({"any": [{"tag": "a"}]}, {"tag": "a"}),
            ({"not": {"not": {"tag": "a"}}}, {"tag": "a"}),
            ({"sample": {"salt": "x", "percent": [0, 10]}}, {"sample": {"salt": "x", "percent": [0.0, 10.0]}}),
        ],
    )
    def test_one_meaning_has_one_key(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        assert canonical(read(one)) == canonical(read(other))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"attribute": "a", "is": 1}, {"attribute": "a", "is": True}),
            ({"attribute": "a", "is": 1}, {"attribute": "a", "is": "1"}),
            ({"attribute": "a", "before": "2026-01-01"}, {"attribute": "a", "before": "2026-01-01T00:00:00Z"}),
            ({"all": [{"tag": "a"}, {"tag": "b"}]}, {"any": [{"tag": "a"}, {"tag": "b"}]}),
            ({"all": []}, {"any": []}),
            ({"not": {"tag": "a"}}, {"tag": "a"}),
            ({"last": "A"}, {"first": "A"}),
            ({"sequence": [{"did": "A"}, {"did": "B"}]}, {"sequence": [{"did": "B"}, {"did": "A"}]}),
            ({"sample": {"salt": "e\u0301", "percent": [0, 1]}}, {"sample": {"salt": "\u00e9", "percent": [0, 1]}}),
            ({"did": "A", "within": "calendar day"}, {"did": "A", "within": "calendar day", "in": "member"}),
        ],
    )
    def test_different_meanings_have_different_keys(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        assert canonical(read(one)) != canonical(read(other))

    @given(trees(), trees())
    def test_order_and_doubles_do_not_matter(self, one: tree.Node, other: tree.Node) -> None:
        for kind in (tree.All, tree.Any):
            assert canonical(kind((one, other))) == canonical(kind((other, one, one)))

    def test_a_huge_number_keeps_its_own_key(self) -> None:
        assert canonical(read({"attribute": "a", "is": 1e300})) != canonical(read({"attribute": "a", "is": 1e301}))


class TestSchema:
    validator = jsonschema_rs.Draft202012Validator(SCHEMA)

    @given(trees())
    def test_what_is_written_fits(self, node: tree.Node) -> None:
        assert [str(error) for error in self.validator.iter_errors(write(node))] == []

    @pytest.mark.parametrize("definition", [definition for definition, _ in TABLE + MORE])
    def test_the_examples_fit(self, definition: dict[str, Any]) -> None:
        assert self.validator.is_valid(definition)

    @given(trees(max_leaves=3), st.data())
    def test_what_does_not_fit_is_refused_by_read_too(self, node: tree.Node, data: st.DataObject) -> None:
        definition = json.loads(json.dumps(write(node)))
        spoiled = _spoiled(definition, data)
        if not self.validator.is_valid(spoiled):
            with pytest.raises(DefinitionInvalid):
                read(spoiled)


def _spoiled(definition: Any, data: st.DataObject) -> Any:
    """The definition with one value somewhere replaced, added or taken away."""
    places: list[tuple[Any, Any]] = []
    open_ = [definition]
    while open_:
        found = open_.pop()
        keys = list(found) if isinstance(found, dict) else range(len(found))
        places += [(found, key) for key in keys]
        open_ += [found[key] for key in keys if isinstance(found[key], dict | list)]
    holder, key = data.draw(st.sampled_from(places))
    strange = st.sampled_from([None, 1, "x", "30d", True, [], {}, [1, 2], -1, 2.5, "2026-01-01", {"did": "A"}])
    if isinstance(holder, dict) and data.draw(st.booleans()):
        del holder[key]
        holder[data.draw(st.sampled_from(["gte", "is", "zzz", "within", "in", "between", "all", "where", "tag"]))] = data.draw(strange)
    else:
        holder[key] = data.draw(strange)
    return definition
