"""Folders of the tree, and personas: who speaks, in what tone, of what, and how much of it they really did."""

import dataclasses
import datetime as dt

from wellspring.content import errors, events
from wellspring.content.contracts import GROUPS_MAX, NAME_MAX, PERSONAS_MAX, Group, Persona, PersonaDraft, Shelf
from wellspring.content.contracts.looks import Share
from wellspring.content.repo import materials, shelves, tracks
from wellspring.content.service import files, looking
from wellspring.kernel import audit, bus
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid, TooLarge
from wellspring.kernel.ids import new_id
from wellspring.kernel.text import nfc
from wellspring.kernel.workspace import Workspace

# A tree that fits beside a list has two levels.
_DAYS = 30
_WHOLE = 100


def add_group(ws: Workspace, *, by: Principal, shelf: Shelf, name: str, parent_id: str | None = None) -> Group:
    """Makes a folder. Raises NameTaken, GroupUnknown, Invalid (three levels), TooLarge."""
    wanted, group_id = _name(name), new_id("cgr")
    with ws.sql.write() as tx:
        there = shelves.groups(tx, shelf)
        if len(there) >= GROUPS_MAX:
            raise TooLarge(limit=GROUPS_MAX)
        if parent_id is not None:
            parent = next((one for one in there if one.id == parent_id), None)
            if parent is None:
                raise errors.GroupUnknown
            if parent.parent_id is not None:
                raise Invalid(field="parent_id", reason="two levels")
        if shelves.group_named(tx, shelf, parent_id, wanted):
            raise errors.NameTaken(name=wanted)
        values = {"id": group_id, "shelf": shelf.value, "name": wanted, "parent_id": parent_id, "position": len(there)}
        shelves.add_group(tx, values)
        audit.append(ws.sql, tx, by=by, action="content.group.add", subject=group_id, at=ws.clock.now(), detail={"name": wanted})
    return Group(group_id, shelf, wanted, parent_id, len(there))


def change_group(ws: Workspace, *, by: Principal, group_id: str, name: str | None = None, position: int | None = None) -> None:
    """Renames or moves a folder. Raises GroupUnknown, NameTaken."""
    with ws.sql.write() as tx:
        group = shelves.group(tx, group_id)
        if group is None:
            raise errors.GroupUnknown
        values: dict[str, object] = {} if position is None else {"position": position}
        if name is not None and _name(name) != group.name:
            values["name"] = _name(name)
            if shelves.group_named(tx, group.shelf, group.parent_id, _name(name)):
                raise errors.NameTaken(name=_name(name))
        if values:
            shelves.change_group(tx, group_id, values)
            audit.append(ws.sql, tx, by=by, action="content.group.change", subject=group_id, at=ws.clock.now(), detail=values)


def remove_group(ws: Workspace, *, by: Principal, group_id: str) -> None:
    """Deletes a folder that holds nothing. Raises GroupUnknown, InUse."""
    with ws.sql.write() as tx:
        group = shelves.group(tx, group_id)
        if group is None:
            raise errors.GroupUnknown
        count = shelves.has_within(tx, group_id)
        if count:
            raise errors.InUse(count=count)
        shelves.remove_group(tx, group_id)
        audit.append(ws.sql, tx, by=by, action="content.group.remove", subject=group_id, at=ws.clock.now(), detail={"name": group.name})


def add_persona(ws: Workspace, *, by: Principal, draft: PersonaDraft) -> Persona:
    """Makes a persona. Raises NameTaken, FileMissing, Invalid, TooLarge."""
    values, persona_id = _persona(ws, draft), new_id("prs")
    with ws.sql.write() as tx:
        if len(shelves.personas(tx)) >= PERSONAS_MAX:
            raise TooLarge(limit=PERSONAS_MAX)
        if shelves.persona_named(tx, draft.name):
            raise errors.NameTaken(name=draft.name)
        shelves.add_persona(tx, {"id": persona_id, "revision": 1, "created_at": ws.clock.now(), **values})
        audit.append(ws.sql, tx, by=by, action="content.persona.add", subject=persona_id, at=ws.clock.now(), detail={"name": draft.name})
        bus.tell(ws.sql, tx, events.PersonaChanged(persona_id), at=ws.clock.now())
    return looking.persona(ws, persona_id)


def change_persona(ws: Workspace, *, by: Principal, persona_id: str, revision: int, draft: PersonaDraft) -> Persona:
    """Makes the draft the persona. Raises PersonaUnknown, NameTaken, Edited, FileMissing, Invalid."""
    values = _persona(ws, draft)
    with ws.sql.write() as tx:
        if shelves.persona(tx, persona_id) is None:
            raise errors.PersonaUnknown
        if shelves.persona_named(tx, draft.name) not in (None, persona_id):
            raise errors.NameTaken(name=draft.name)
        if not shelves.change_persona(tx, persona_id, revision=revision, values=values):
            raise errors.Edited
        audit.append(ws.sql, tx, by=by, action="content.persona.change", subject=persona_id, at=ws.clock.now(), detail={"name": draft.name})
        bus.tell(ws.sql, tx, events.PersonaChanged(persona_id), at=ws.clock.now())
    return looking.persona(ws, persona_id)


def shares(ws: Workspace, *, persona_id: str) -> list[Share]:
    """How often each topic of a persona was used in thirty days, beside the share that is wanted. Raises PersonaUnknown."""
    persona, now = looking.persona(ws, persona_id), ws.clock.now()
    with ws.sql.read() as tx:
        uses = tracks.uses(tx, since=now - dt.timedelta(days=_DAYS), until=now + dt.timedelta(seconds=1))
        named = materials.several(tx, {one.content_id for one in uses})
    counts: dict[str, int] = {}
    for one in uses:
        material = named[one.content_id]
        if material.persona_id == persona_id:
            for topic in {tag.name for tag in material.tags}:
                counts[topic] = counts.get(topic, 0) + 1
    return [Share(topic, wanted, counts.get(topic, 0)) for topic, wanted in persona.mix]


def _persona(ws: Workspace, draft: PersonaDraft) -> dict[str, object]:
    _name(draft.name)
    if sum(share for _, share in draft.mix) > _WHOLE or any(share < 0 or not topic.strip() for topic, share in draft.mix):
        raise Invalid(field="mix", reason="0-100 %")
    if draft.avatar_file_id:
        files.demand(ws, [draft.avatar_file_id])
    kept = dataclasses.asdict(draft)
    kept |= {"kind": draft.kind.value, "mix": [list(one) for one in draft.mix]}
    return kept | {"staff_ids": list(draft.staff_ids), "accounts": list(draft.accounts)}


def _name(text: str) -> str:
    name = " ".join(nfc(text).split())
    if not 0 < len(name) <= NAME_MAX:
        raise Invalid(field="name", reason=f"1-{NAME_MAX}")
    return name
