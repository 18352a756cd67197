"""Subtrees, branches, levels."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from wellspring.organization.contracts import UnitKind, UnitNode
from wellspring.organization.rules.tree import LEVELS, Tree, fits

TODAY = dt.date(2026, 3, 18)
KINDS = list(UnitKind)


def node(unit_id: str, kind: UnitKind, parent: str | None = None, closed_on: dt.date | None = None) -> UnitNode:
    return UnitNode(unit_id, unit_id.upper(), unit_id, kind, parent, closed_on, None)


CHAIN = [
    node("hq", UnitKind.HEADQUARTERS),
    node("north", UnitKind.REGION, "hq"),
    node("south", UnitKind.REGION, "hq"),
    node("dealer", UnitKind.DEALER, "north"),
    node("s1", UnitKind.STORE, "dealer"),
    node("s2", UnitKind.STORE, "north"),
    node("s3", UnitKind.STORE, "south", closed_on=dt.date(2026, 3, 18)),
]


@st.composite
def forests(draw: st.DrawFn) -> list[UnitNode]:
    nodes: list[UnitNode] = []
    for number in range(draw(st.integers(1, 25))):
        kind = draw(st.sampled_from(KINDS))
        above = [other.id for other in nodes if fits(other.kind, kind)]
        nodes.append(node(f"u{number}", kind, draw(st.sampled_from([None, *above]))))
    return nodes


class TestLevels:
    def test_a_level_may_be_skipped_and_never_turned_upside_down(self) -> None:
        assert fits(UnitKind.HEADQUARTERS, UnitKind.STORE)
        assert not fits(UnitKind.STORE, UnitKind.HEADQUARTERS)
        assert not any(fits(kind, kind) for kind in KINDS)

    def test_so_no_circle_can_be_closed(self) -> None:
        assert all(not (fits(a, b) and fits(b, a)) for a in KINDS for b in KINDS)


class TestSubtree:
    def test_the_unit_and_everything_below(self) -> None:
        assert Tree(CHAIN).subtree_ids(frozenset({"north"})) == {"north", "dealer", "s1", "s2"}

    def test_several_and_unknown_ones(self) -> None:
        assert Tree(CHAIN).subtree_ids(frozenset({"south", "s1", "nowhere"})) == {"south", "s3", "s1"}

    @given(forests(), st.data())
    def test_equals_asking_each_unit_for_its_ancestors(self, nodes: list[UnitNode], data: st.DataObject) -> None:
        tree = Tree(nodes)
        wanted = data.draw(st.frozensets(st.sampled_from([each.id for each in nodes])))
        slow = {each.id for each in nodes if wanted & {above.id for above in tree.ancestors(each.id)}}
        assert tree.subtree_ids(wanted) == slow


class TestBranches:
    def test_counts_open_stores_and_staff_below(self) -> None:
        (hq,) = Tree(CHAIN).branches(None, {"s1": 3, "north": 1, "s3": 2}, TODAY)
        assert (hq.stores_count, hq.staff_count) == (2, 6)
        assert [child.node.id for child in hq.children] == ["north", "south"]

    def test_yesterday_the_store_was_open(self) -> None:
        (hq,) = Tree(CHAIN).branches(None, {}, TODAY - dt.timedelta(days=1))
        assert hq.stores_count == 3

    def test_a_restricted_caller_begins_where_its_units_do(self) -> None:
        tops = Tree(CHAIN).branches(frozenset({"dealer", "s1", "s3"}), {"hq": 9}, TODAY)
        assert [top.node.id for top in tops] == ["dealer", "s3"]
        assert sum(top.staff_count for top in tops) == 0

    @given(forests(), st.data())
    def test_shows_exactly_what_is_visible_once(self, nodes: list[UnitNode], data: st.DataObject) -> None:
        visible = data.draw(st.frozensets(st.sampled_from([each.id for each in nodes])))

        def ids(branches: tuple[object, ...]) -> list[str]:
            return [found for branch in branches for found in [branch.node.id, *ids(branch.children)]]  # type: ignore[attr-defined]

        assert sorted(ids(Tree(nodes).branches(visible, {}, TODAY))) == sorted(visible)


def test_every_kind_has_a_level() -> None:
    assert sorted(LEVELS.values()) == list(range(len(KINDS)))
