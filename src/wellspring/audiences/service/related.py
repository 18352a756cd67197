"""Leaves that other domains answer: tags, traits, who serves a member, groups, reach, consent, and look-alikes."""

import datetime as dt
from collections.abc import Callable

from pyroaring import BitMap

from wellspring.audiences.facts import relations
from wellspring.audiences.rules import tree
from wellspring.audiences.rules.tree import Relation
from wellspring.audiences.rules.values import matches, positive
from wellspring.audiences.service import likening
from wellspring.audiences.service.asking import Asking
from wellspring.channels import api as channels
from wellspring.kernel import traits
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import from_millis
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.errors import StaffUnknown
from wellspring.people import api as people
from wellspring.tags import api as tags
from wellspring.tags.contracts import NO_GROUP


def members(leaf: tree.Leaf, asking: Asking, references: Callable[[str], BitMap]) -> BitMap:
    """The members for whom the leaf holds. What it names has been checked to be there."""
    ws = asking.ws
    match leaf:
        case tree.Tag() | tree.TagGroup():
            return _tagged(asking, tag_ids(ws, leaf))
        case tree.Trait():
            return trait(leaf, asking)
        case tree.ServedBy() | tree.InGroup():
            return connected(leaf, asking)
        case tree.Reachable(channel):
            return people.reachable(ws, channel)
        case tree.Consent(purpose):
            return people.consented(ws, *purpose_and_channel(purpose))
        case tree.AudienceRef(audience):
            return references(audience)
        case tree.Like(audience, size):
            return likening.alike(asking, references(audience), size).members
        case _:
            return BitMap()


def tag_of(ws: Workspace, name: str) -> str | None:
    """The id of the tag `group/name`, or of one without a group."""
    group, mark, rest = name.partition("/")
    return tags.find(ws, group, rest) if mark else tags.find(ws, NO_GROUP, name)


def tag_ids(ws: Workspace, leaf: tree.Tag | tree.TagGroup) -> list[str]:
    """The tags that a leaf names."""
    if isinstance(leaf, tree.TagGroup):
        return tags.find_group(ws, leaf.group) or []
    tag_id = tag_of(ws, leaf.name)
    return [tag_id] if tag_id else []


def purpose_and_channel(consent: str) -> tuple[str, str]:
    """`marketing.sms` is the purpose marketing on the channel sms."""
    purpose, _, channel = consent.partition(".")
    return purpose, channel


def trait(leaf: tree.Trait, asking: Asking) -> BitMap:
    """A domain's value compares as an attribute does."""
    found = traits.find(leaf.name)
    if found is None:
        return BitMap()
    comparison = leaf.comparison
    if (failing := positive(comparison)) is not None:
        return asking.universe - trait(tree.Trait(leaf.name, failing), asking)
    at = instant_of(asking)
    if found.relation is not None:
        relation = found.relation(asking.ws, at)
        return relations.having(asking.ws, relation, found.kind, comparison, asking.moment(), among=asking.numbers)
    gathered = BitMap()
    for value, mine in (found.sets(asking.ws, at) if found.sets else {}).items():
        typed: tree.Value = value
        if found.kind == "boolean":
            typed = value == "true"
        elif found.kind == "list":
            typed = (value,)
        elif found.kind == "number":
            typed = float(value)
        if matches(typed, comparison, now=asking.instant.now, zone=asking.zone):
            gathered |= mine
    return gathered


def connected(leaf: tree.ServedBy | tree.InGroup, asking: Asking) -> BitMap:
    """Whom somebody serves, and who is in a customer group."""
    if isinstance(leaf, tree.ServedBy):
        return served_by(leaf, asking)
    return channels.members_in_group(asking.ws, chat_id=leaf.chat_id, at=instant_of(asking))


def served_by(leaf: tree.ServedBy, asking: Asking) -> BitMap:
    """A unit and everything below it by the members' home; staff by whom they follow in WeCom.

    Without a connected corp the last order that names a member of staff tells it.
    """
    if leaf.relation is Relation.STAFF:
        if channels.is_connected(asking.ws):
            return channels.members_served_by(asking.ws, staff_id=staff_id(asking.ws, leaf.id) or leaf.id, at=instant_of(asking))
        return relations.served_last(
            asking.ws, staff_code(asking.ws, leaf.id) or leaf.id, asking.moment(), watermark=asking.cut().watermark
        )
    unit_id = unit_of(asking.ws, leaf.id)
    return people.served_by(asking.ws, organization.subtree_ids(asking.ws, [unit_id])) if unit_id else BitMap()


def unit_of(ws: Workspace, named: str) -> str | None:
    """The id of a unit that is named by id or by code."""
    if organization.nodes(ws, [named]):
        return named
    return organization.unit_ids_by_code(ws, [named]).get(named)


def staff_code(ws: Workspace, named: str) -> str | None:
    """The code of a member of staff who is named by id or by code, None for nobody's."""
    if organization.staff_ids_by_code(ws, [named]):
        return named
    try:
        return organization.get_staff(ws, named, by=SYSTEM).code
    except StaffUnknown:
        return None


def staff_id(ws: Workspace, named: str) -> str | None:
    """The id of a member of staff who is named by id or by code, None for nobody's."""
    code = staff_code(ws, named)
    return organization.staff_ids_by_code(ws, [code]).get(code) if code else None


def instant_of(asking: Asking) -> dt.datetime | None:
    """The instant for those who answer of the past too; None is now."""
    return from_millis(asking.instant.now) if asking.instant.is_past else None


def _tagged(asking: Asking, tag_ids: list[str]) -> BitMap:
    at = instant_of(asking)
    if at is None:
        return tags.members_of_any(asking.ws, tag_ids=tag_ids)
    # One look at the store for all of them.
    with asking.ws.sql.read():
        parts = [tags.members_at(asking.ws, tag_id=one, at=at) for one in tag_ids]
    return BitMap.union(*parts) if parts else BitMap()
