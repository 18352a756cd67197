"""Names in a definition: looked up, refused when nobody knows them, warned of when nothing was ever seen under them."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence

from wellspring.activity import api as activity
from wellspring.audiences import repo
from wellspring.audiences.contracts import Audience, Warned
from wellspring.audiences.errors import DefinitionInvalid, Fault
from wellspring.audiences.facts import events, mirror
from wellspring.audiences.rules import read, tree
from wellspring.audiences.service import related
from wellspring.channels import api as channels
from wellspring.kernel import traits
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import api as tags

_UNKNOWN = {
    "tag": ("标签“{name}”不存在", "there is no tag {name}"),
    "tag_group": ("标签组“{name}”不存在", "there is no tag group {name}"),
    "audience": ("人群“{name}”不存在", "there is no audience {name}"),
    "trait": ("特征“{name}”不存在", "there is no trait {name}"),
    "unit": ("组织“{name}”不存在", "there is no unit {name}"),
    "staff": ("员工“{name}”不存在", "there is no member of staff {name}"),
    "group": ("客户群“{name}”不存在", "there is no customer group {name}"),
    "channel": ("渠道“{name}”不存在", "there is no channel {name}"),
    "cycle": ("人群互相引用：{name}", "audiences refer to each other: {name}"),
}
_UNSEEN = {
    "event": ("还没有收到过事件“{name}”", "no event {name} was ever seen"),
    "attribute": ("还没有收到过属性“{name}”", "no attribute {name} was ever seen"),
}
_OF_EVENTS = tree.Did | tree.Last | tree.First | tree.Top


def resolved(ws: Workspace, node: tree.Node, *, audience_id: str | None = None) -> tuple[tree.Node, list[Warned]]:
    """The definition with audiences by id, and what may be a slip. Raises DefinitionInvalid for unknown names and cycles."""
    with ws.sql.read() as tx:
        known = repo.listing(tx)
    named = {audience.name: audience.id for audience in known} | {audience.id: audience.id for audience in known}
    faults = [fault for path, leaf in tree.leaves(node) if (fault := _unknown(ws, path, leaf, named)) is not None]
    if faults:
        raise DefinitionInvalid(faults)
    found = _with_ids(node, named)
    _demand_acyclic(found, audience_id, known)
    return found, _unseen(ws, found)


def faults_of(ws: Workspace, node: tree.Node, known: Iterable[str]) -> list[Fault]:
    """What a stored definition names that is gone by now."""
    named = {audience_id: audience_id for audience_id in known}
    return [fault for path, leaf in tree.leaves(node) if (fault := _unknown(ws, path, leaf, named)) is not None]


def references(node: tree.Node) -> set[str]:
    """The audiences that a definition stands on."""
    return {leaf.audience for _path, leaf in tree.leaves(node) if isinstance(leaf, tree.AudienceRef | tree.Like)}


def tag_names(node: tree.Node) -> set[str]:
    """The tags (`group/name`) and groups (`group/`) that a definition names."""
    found = set()
    for _path, leaf in tree.leaves(node):
        if isinstance(leaf, tree.Tag):
            found.add(leaf.name)
        elif isinstance(leaf, tree.TagGroup):
            found.add(f"{leaf.group}/")
    return found


def in_order(audiences: Sequence[Audience]) -> list[Audience]:
    """Those that others stand on first; names that are gone do not matter here."""
    by_id = {audience.id: audience for audience in audiences}
    found: dict[str, Audience] = {}

    def take(audience: Audience) -> None:
        if audience.id in found:
            return
        if audience.definition is not None:
            for reference in sorted(references(read.read(audience.definition))):
                if reference in by_id:
                    take(by_id[reference])
        found[audience.id] = audience

    for audience in audiences:
        take(audience)
    return list(found.values())


def _unknown(ws: Workspace, path: str, leaf: tree.Leaf, named: Mapping[str, str]) -> Fault | None:
    missing = _missing(ws, leaf, named)
    if missing is None:
        return None
    what, name = missing
    zh, en = _UNKNOWN[what]
    return Fault(path, f"unknown_{what}", zh=zh.format(name=name), en=en.format(name=name))


def _missing(ws: Workspace, leaf: tree.Leaf, named: Mapping[str, str]) -> tuple[str, str] | None:
    match leaf:
        case tree.Tag(name) if related.tag_of(ws, name) is None:
            return "tag", name
        case tree.TagGroup(group) if tags.find_group(ws, group) is None:
            return "tag_group", group
        case tree.AudienceRef(audience) | tree.Like(audience, _) if audience not in named:
            return "audience", audience
        case tree.Trait(name, _) if traits.find(name) is None:
            return "trait", name
        case tree.ServedBy(relation, name):
            is_staff = relation is tree.Relation.STAFF
            known = related.staff_code(ws, name) if is_staff else related.unit_of(ws, name)
            return None if known else ("staff" if is_staff else "unit", name)
        case tree.InGroup(name) if not channels.is_group_known(ws, chat_id=name):
            return "group", name
        case tree.Reachable(channel) if channel not in people.CHANNEL_KINDS:
            return "channel", channel
        case _:
            return None


def _with_ids(node: tree.Node, named: Mapping[str, str]) -> tree.Node:
    if isinstance(node, tree.All | tree.Any):
        return type(node)(tuple(_with_ids(child, named) for child in node.nodes))
    if isinstance(node, tree.Not):
        return tree.Not(_with_ids(node.node, named))
    if isinstance(node, tree.AudienceRef | tree.Like):
        return dataclasses.replace(node, audience=named[node.audience])
    return node


def _demand_acyclic(node: tree.Node, audience_id: str | None, known: Sequence[Audience]) -> None:
    if audience_id is None:
        return
    by_id = {audience.id: audience for audience in known}

    def walk(current: tree.Node, way: tuple[str, ...]) -> tuple[str, ...] | None:
        for reference in sorted(references(current)):
            further = (*way, reference)
            if reference == audience_id:
                return further
            definition = by_id[reference].definition if reference in by_id else None
            if reference not in way and definition is not None and (found := walk(read.read(definition), further)):
                return found
        return None

    cycle = walk(node, (audience_id,))
    if cycle:
        name = " → ".join(by_id[one].name if one in by_id else one for one in cycle)
        path = next(
            path for path, leaf in tree.leaves(node) if isinstance(leaf, tree.AudienceRef | tree.Like) and leaf.audience == cycle[1]
        )
        zh, en = _UNKNOWN["cycle"]
        raise DefinitionInvalid([Fault(path, "cycle", zh=zh.format(name=name), en=en.format(name=name))])


def _unseen(ws: Workspace, node: tree.Node) -> list[Warned]:
    asked = [(path, *wanted) for path, leaf in tree.leaves(node) for wanted in _asked_names(leaf)]
    if not asked:
        return []
    kinds = _kinds(ws) if any(what == "event" for _path, what, _name in asked) else ()
    attributes = mirror.seen_names(ws) if any(what == "attribute" for _path, what, _name in asked) else frozenset()
    found = []
    for path, what, name in asked:
        if (name not in kinds) if what == "event" else (name not in attributes):
            zh, en = _UNSEEN[what]
            found.append(Warned(path, f"unseen_{what}", zh.format(name=name), en.format(name=name)))
    return found


def _asked_names(leaf: tree.Leaf) -> list[tuple[str, str]]:
    if isinstance(leaf, _OF_EVENTS):
        return [("event", leaf.event)]
    if isinstance(leaf, tree.Sequence):
        return [("event", step.event) for step in leaf.steps]
    if isinstance(leaf, tree.Attribute) and leaf.name != "identified":
        name, identity, _sealed = people.attribute_name(leaf.name)
        return [] if identity is not None else [("attribute", name)]
    return []


def _kinds(ws: Workspace) -> Collection[str]:
    arrived = activity.watermark(ws)
    return events.shapes(ws, arrived, is_settled=activity.taken(ws) == arrived).keys()
