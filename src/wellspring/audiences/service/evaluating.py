"""A whole definition for everybody: leaves from the cache or the engine, the rest is algebra of sets.

The count of every node comes out on the way, because operators watch each branch while they type.
"""

import dataclasses
from collections.abc import Callable, Hashable

from pyroaring import BitMap

from wellspring.audiences.rules import tree, write
from wellspring.audiences.rules.tree import Op
from wellspring.audiences.service import cache, leaves, related, tagged
from wellspring.audiences.service.asking import Asking
from wellspring.channels import api as channels
from wellspring.kernel import traits
from wellspring.organization import api as organization
from wellspring.people import api as people

_TIMED_OPS = frozenset({Op.BEFORE, Op.AFTER, Op.WITHIN_LAST, Op.WITHIN_NEXT, Op.ANNIVERSARY})
_OF_LOG = tree.Did | tree.Last | tree.First | tree.Sequence | tree.Top | tree.Touched | tree.Like
References = Callable[[str], BitMap]


@dataclasses.dataclass(frozen=True)
class Answer:
    """The members, and of each node by path how many."""

    members: BitMap
    counts: dict[str, int]


@dataclasses.dataclass(frozen=True)
class _Counting:
    counts: dict[str, int]
    within: BitMap | None

    def note(self, path: str, found: BitMap) -> None:
        self.counts[path] = len(found) if self.within is None else found.intersection_cardinality(self.within)


class Evaluating:
    """One evaluation; leaves that occur twice are asked once."""

    def __init__(self, asking: Asking, references: References, *, is_cached: bool = True) -> None:
        self._asking, self._references = asking, references
        self._cache = cache.of(asking.ws) if is_cached and not asking.instant.is_past and asking.among is None else None
        self._asked: dict[bytes, BitMap] = {}

    def answer(self, node: tree.Node, *, within: BitMap | None = None) -> Answer:
        """Everything of a definition; who and how many are told of those `within` alone."""
        counts: dict[str, int] = {}
        members = self._node(node, "$", _Counting(counts, within))
        return Answer(members if within is None else members & within, counts)

    def members(self, node: tree.Node) -> BitMap:
        """The members alone."""
        return self._node(node, "$", None)

    def leaf(self, leaf: tree.Leaf) -> BitMap:
        """The members for whom a leaf holds; not to be changed."""
        if isinstance(leaf, tree.Touched):
            leaf = leaves.touches(leaf)
        key = write.canonical(leaf)
        found = self._asked.get(key)
        if found is None:
            found = self._asked[key] = self._kept(key, leaf)
        return found

    def _kept(self, key: bytes, leaf: tree.Leaf) -> BitMap:
        if self._cache is None or isinstance(leaf, tree.AudienceRef | tree.Like):
            return leaves.members(leaf, self._asking, self._references) & self._asking.universe
        # Days begin elsewhere in another zone, and dates without a time are read in the workspace's.
        token, now = (self._asking.zone, token_of(leaf, self._asking)), self._asking.instant.now
        found = self._cache.find(key, token, now=now, is_timed=is_timed(leaf))
        if found is None:
            found = leaves.members(leaf, self._asking, self._references) & self._asking.universe
            self._cache.keep(key, token, found, now=now)
        return found

    def _node(self, node: tree.Node, path: str, counting: "_Counting | None") -> BitMap:
        if isinstance(node, tree.Branch):
            parts = [self._node(child, tree.child_path(node, path, place), counting) for place, child in enumerate(tree.children(node))]
            found = combined(node, parts, self._asking.universe)
        else:
            found = self.leaf(node)
        if counting is not None:
            counting.note(path, found)
        return found


def combined(node: tree.Branch, parts: list[BitMap], universe: BitMap) -> BitMap:
    """The algebra: every one, at least one, or the rest of everybody."""
    if isinstance(node, tree.Not):
        return universe - parts[0]
    if isinstance(node, tree.Any):
        return BitMap.union(*parts) if parts else BitMap()
    return BitMap.intersection(*parts) if parts else universe


def is_timed(leaf: tree.Leaf) -> bool:
    """Whether time alone may change the answer."""
    match leaf:
        case tree.Attribute(_, comparison):
            return comparison.op in _TIMED_OPS
        case tree.Trait(name, comparison):
            found = traits.find(name)
            return comparison.op in _TIMED_OPS or (found is not None and found.is_timed)
        case _:
            return isinstance(leaf, _OF_LOG)


def token_of(leaf: tree.Leaf, asking: Asking) -> Hashable:
    """What the answer stands on: while it is the same, only time can change the answer."""
    ws, place = asking.ws, asking.place.epoch
    match leaf:
        case tree.Tag() | tree.TagGroup():
            return place, tagged.token(asking, leaf)
        case tree.Trait(name):
            known = traits.find(name)
            return place, None if known is None else known.version(ws)
        case tree.Reachable() | tree.Consent():
            return people.version(ws)
        case tree.ServedBy(tree.Relation.STAFF):
            return place, channels.contacts_version(ws) if channels.is_connected(ws) else asking.arrived
        case tree.InGroup():
            return place, channels.groups_version(ws)
        case tree.ServedBy(_, named):
            unit_id = related.unit_of(ws, named)
            return place, organization.subtree_ids(ws, [unit_id]) if unit_id else None
        case tree.Attribute() | tree.Sample() | tree.AudienceRef():
            return place
        case _:
            return place, asking.arrived
