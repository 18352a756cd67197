"""The words that a definition can be made of here, for pickers and completion; and text to definition and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from wellspring.activity import api as activity
from wellspring.activity.contracts import ORDER_KINDS
from wellspring.audiences import repo
from wellspring.audiences.contracts import EventWord, Size, UnitWord, Vocabulary
from wellspring.audiences.rules import read, text_read, text_write, write
from wellspring.audiences.service import browsing, seeing
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.contracts import Branch
from wellspring.people import api as people
from wellspring.tags import api as tags

# Beyond these nobody scrolls, and each costs a read: rarer ones are typed.
_KINDS_MAX = 200
# Orders that are told as orders have columns of their own, which no catalogue of properties lists.
_OF_ORDERS: Mapping[str, Sequence[str]] = {
    "total": ("number",),
    "order_no": ("text",),
    "shop": ("text",),
    "currency": ("text",),
    "store": ("text",),
    "staff": ("text",),
    "lines[].sku": ("text",),
    "lines[].product": ("text",),
    "lines[].category": ("text",),
    "lines[].qty": ("number",),
    "lines[].price": ("number",),
    "lines[].total": ("number",),
}


def vocabulary(ws: Workspace, *, by: Principal) -> Vocabulary:
    """Names that were seen, with counts within the caller's scope."""
    within = seeing.visible(ws, by)
    consents = [f"{purpose}.{channel}" if channel else purpose for purpose, channel in people.consents_known(ws)]
    with ws.sql.read() as tx:
        known = sorted(repo.listing(tx), key=lambda audience: audience.name)
        sizes = [
            Size(one.id, one.name, one.members if within is None else repo.members(tx, one.id).intersection_cardinality(within))
            for one in known
        ]
    return Vocabulary(
        events=_events(ws),
        attributes=[(entry.name, sorted(entry.kinds)) for entry in people.attribute_catalogue(ws)],
        tags=[(group.name, tag.name, tag.id) for group in tags.listing(ws) for tag in group.tags],
        channels=list(people.CHANNEL_KINDS),
        consents=consents,
        units=_units(organization.tree(ws, by=by)),
        audiences=sizes,
    )


def parse(ws: Workspace, text: str) -> tuple[Mapping[str, Any], str]:
    """The definition of a text, audiences by id, and the text as it is printed. Raises TextInvalid."""
    with ws.sql.read() as tx:
        names = browsing.names_of(repo.listing(tx))
    ids = {name: audience_id for audience_id, name in names.items()} | {audience_id: audience_id for audience_id in names}
    node = text_read.parse(text, ids.get)
    return write.write(node), text_write.print_text(node, names.get)


def print_text(ws: Workspace, definition: object) -> str:
    """The definition as people write it. Raises DefinitionInvalid."""
    node = read.read(definition)
    with ws.sql.read() as tx:
        names = browsing.names_of(repo.listing(tx))
    return text_write.print_text(node, names.get)


def _events(ws: Workspace) -> list[EventWord]:
    kinds = sorted(activity.event_kinds(ws), key=lambda kind: -kind.count)
    totals: dict[str, int] = {}
    for kind in kinds:
        totals[kind.kind] = totals.get(kind.kind, 0) + kind.count
    found = []
    for place, (name, count) in enumerate(totals.items()):
        seen = activity.event_properties(ws, kind=name) if place < _KINDS_MAX else []
        properties: dict[str, Sequence[str]] = {one.name: tuple(sorted(one.types)) for one in seen}
        if name in ORDER_KINDS:
            properties = {**_OF_ORDERS, **properties}
        found.append(EventWord(name, count, list(properties.items())))
    return found


def _units(branches: Sequence[Branch]) -> list[UnitWord]:
    found = []
    for branch in branches:
        node = branch.node
        found.append(UnitWord(node.id, node.code, node.name, node.kind))
        found += _units(branch.children)
    return found
