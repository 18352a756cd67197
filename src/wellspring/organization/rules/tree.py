"""The tree of a day: who belongs under whom, what lies below a unit, which levels fit.

Levels must strictly fall from parent to child, on every day, so that a circle cannot arise from any set of moves.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from wellspring.organization.contracts import Branch, UnitKind, UnitNode

LEVELS = {UnitKind.HEADQUARTERS: 0, UnitKind.REGION: 1, UnitKind.DEALER: 2, UnitKind.STORE: 3}
KIND_TEXTS = {
    UnitKind.HEADQUARTERS: ("总部", "headquarters"),
    UnitKind.REGION: ("大区", "region"),
    UnitKind.DEALER: ("经销商", "dealer"),
    UnitKind.STORE: ("门店", "store"),
}
# Scopes that are asked for again and again: one per restricted user or key.
_REMEMBERED_MAX = 2_000


def fits(parent: UnitKind, child: UnitKind) -> bool:
    """Whether a unit of the one kind may belong under one of the other."""
    return LEVELS[parent] < LEVELS[child]


class Tree:
    """An immutable picture of the units on one day."""

    def __init__(self, nodes: Iterable[UnitNode]) -> None:
        self.nodes: dict[str, UnitNode] = {node.id: node for node in nodes}
        self.children: dict[str | None, list[UnitNode]] = {}
        for node in sorted(self.nodes.values(), key=lambda node: (LEVELS[node.kind], node.code)):
            self.children.setdefault(node.parent_id, []).append(node)
        self.by_code: dict[str, str] = {node.code: node.id for node in self.nodes.values()}
        self._subtrees: dict[frozenset[str], frozenset[str]] = {}

    def subtree_ids(self, unit_ids: frozenset[str]) -> frozenset[str]:
        """These units and everything below them; unknown ids are left out. Remembered per question."""
        found = self._subtrees.get(unit_ids)
        if found is None:
            found = self._below(unit_ids)
            if len(self._subtrees) >= _REMEMBERED_MAX:
                self._subtrees.clear()
            self._subtrees[unit_ids] = found
        return found

    def ancestors(self, unit_id: str) -> list[UnitNode]:
        """The unit and those above it, from the top down."""
        path: list[UnitNode] = []
        node = self.nodes.get(unit_id)
        while node is not None:
            path.append(node)
            node = self.nodes.get(node.parent_id) if node.parent_id else None
        return path[::-1]

    def branches(self, visible: frozenset[str] | None, staff: Mapping[str, int], on: dt.date) -> tuple[Branch, ...]:
        """What the caller may see as nested branches; a visible unit whose parent is not visible stands at the top."""
        tops = [
            node
            for siblings in self.children.values()
            for node in siblings
            if (visible is None or node.id in visible) and not self._has_visible_parent(node, visible)
        ]
        return tuple(self._branch(node, visible, staff, on) for node in sorted(tops, key=lambda node: (LEVELS[node.kind], node.code)))

    def _has_visible_parent(self, node: UnitNode, visible: frozenset[str] | None) -> bool:
        return node.parent_id in self.nodes and (visible is None or node.parent_id in visible)

    def _branch(self, node: UnitNode, visible: frozenset[str] | None, staff: Mapping[str, int], on: dt.date) -> Branch:
        below = [child for child in self.children.get(node.id, ()) if visible is None or child.id in visible]
        children = tuple(self._branch(child, visible, staff, on) for child in below)
        is_open_store = node.kind is UnitKind.STORE and (node.closed_on is None or node.closed_on > on)
        return Branch(
            node,
            stores_count=is_open_store + sum(child.stores_count for child in children),
            staff_count=staff.get(node.id, 0) + sum(child.staff_count for child in children),
            children=children,
        )

    def _below(self, unit_ids: frozenset[str]) -> frozenset[str]:
        found: set[str] = set()
        waiting = [unit_id for unit_id in unit_ids if unit_id in self.nodes]
        while waiting:
            unit_id = waiting.pop()
            if unit_id not in found:
                found.add(unit_id)
                waiting += [child.id for child in self.children.get(unit_id, ())]
        return frozenset(found)
