"""What a definition asks for, worked out once: its leaves by the key under which they are kept up."""

import dataclasses

from wellspring.audiences.rules import tree, write
from wellspring.audiences.rules.upkeep import simplified
from wellspring.audiences.service import leaves


@dataclasses.dataclass(frozen=True)
class Plan:
    """A definition's leaves: by key as they are kept, and by object what stands for each, with its key."""

    node: tree.Node
    leaves: dict[bytes, tree.Leaf]
    of: dict[int, tuple[tree.Node, bytes]]


def planned(node: tree.Node) -> Plan:
    """The plan of a definition; its objects are told apart by identity, so it serves this very one."""
    plan = Plan(node, {}, {})
    for _path, leaf in tree.leaves(node):
        plain = _plain(leaf)
        plan.of[id(leaf)] = plain, b"" if isinstance(plain, tree.Branch) else write.canonical(plain)
        for _inner, one in tree.leaves(plain):
            if isinstance(one, tree.AudienceRef):
                continue
            key = write.canonical(one)
            plan.leaves.setdefault(key, one)
            plan.of[id(one)] = one, key
    return plan


def _plain(leaf: tree.Leaf) -> tree.Node:
    return leaves.touches(leaf) if isinstance(leaf, tree.Touched) else simplified(leaf)
