"""Writing materials: new ones, new versions, what is said beside the text, copies, taking out of use."""

import dataclasses

from wellspring.content import errors, events
from wellspring.content.contracts import MATERIALS_MAX, NAME_MAX, VERSIONS_MAX, Draft, Material, MaterialKind, Sheet, State, VersionState
from wellspring.content.repo import materials, shelves
from wellspring.content.rules import drafts, states
from wellspring.content.service import files, looking, values
from wellspring.kernel import audit, bus
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import TooLarge
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores import Tx
from wellspring.kernel.text import nfc
from wellspring.kernel.workspace import Workspace


def add(ws: Workspace, *, by: Principal, sheet: Sheet, draft: Draft) -> Material:
    """Makes a material with its first version. Raises DraftRefused, PersonaUnknown, GroupUnknown, FileMissing, TooLarge."""
    kept, now = readable(draft), ws.clock.now()
    files.demand(ws, drafts.files(kept))
    content_id = new_id("cnt")
    with ws.sql.write() as tx:
        if materials.count(tx) >= MATERIALS_MAX:
            raise TooLarge(limit=MATERIALS_MAX)
        values_ = _sheet(tx, sheet)
        same = {
            "version": 0,
            "latest": 1,
            "latest_state": VersionState.DRAFT.value,
            "revision": 1,
            "created_by": by.name,
            "created_at": now,
        }
        shown = {"excerpt": drafts.excerpt(kept), "cover_file_id": drafts.cover(kept), "state": State.DRAFT.value, "updated_at": now}
        materials.add(tx, {"id": content_id, "kind": sheet.kind.value, **values_, **same, **shown})
        materials.put_tags(tx, content_id, sheet.tags)
        _put(ws, tx, by, content_id, 1, kept)
        note(ws, tx, by=by, action="content.add", content_id=content_id, version=0, name=str(values_["name"]))
    return looking.one(ws, content_id)


def change(ws: Workspace, *, by: Principal, content_id: str, revision: int, sheet: Sheet, draft: Draft | None) -> Material:
    """Changes what is said of a material and, with a draft, its newest version; over an approved one a new one is begun.

    Raises MaterialUnknown, Retired, Edited, DraftRefused, PersonaUnknown, GroupUnknown, FileMissing.
    """
    with ws.sql.write() as tx:
        material = writable(tx, content_id)
        changed: dict[str, object] = {**_sheet(tx, sheet), "updated_at": ws.clock.now()}
        if draft is not None:
            changed |= _next(ws, tx, by, material, readable(draft))
        if not materials.change(tx, content_id, revision=revision, **changed):
            raise errors.Edited
        materials.put_tags(tx, content_id, sheet.tags)
        note(ws, tx, by=by, action="content.change", content_id=content_id, version=material.version, name=material.name)
    return looking.one(ws, content_id)


def copy(ws: Workspace, *, by: Principal, content_id: str, name: str) -> Material:
    """Makes a new material of the newest version of another. Raises MaterialUnknown."""
    material, version = looking.one(ws, content_id), looking.version(ws, content_id, None)
    sheet = Sheet(material.shelf, material.kind, name, material.group_id, material.persona_id, material.tags)
    return add(ws, by=by, sheet=sheet, draft=version.draft)


def retire(ws: Workspace, *, by: Principal, content_id: str, is_retired: bool) -> Material:
    """Takes a material out of use, or brings it back. Raises MaterialUnknown."""
    with ws.sql.write() as tx:
        material = materials.one(tx, content_id)
        if material is None:
            raise errors.MaterialUnknown
        state = State.RETIRED if is_retired else State.APPROVED if material.version else State.DRAFT
        if state is not material.state:
            materials.change(tx, content_id, state=state.value, updated_at=ws.clock.now())
            action = "content.retire" if is_retired else "content.restore"
            note(ws, tx, by=by, action=action, content_id=content_id, version=0 if is_retired else material.version, name=material.name)
    return looking.one(ws, content_id)


def remove(ws: Workspace, *, by: Principal, content_id: str) -> None:
    """Deletes a material of which no version was ever approved. Raises MaterialUnknown, WrongState."""
    with ws.sql.write() as tx:
        material = materials.one(tx, content_id)
        if material is None:
            raise errors.MaterialUnknown
        if material.version or material.uses:
            raise errors.WrongState(state=material.state.value)
        materials.remove(tx, content_id)
        note(ws, tx, by=by, action="content.remove", content_id=content_id, version=0, name=material.name)


def readable(draft: Draft) -> Draft:
    """The draft with those fallbacks that it uses. Raises DraftRefused where a text is no template."""
    try:
        return dataclasses.replace(draft, fallbacks=drafts.fallbacks(draft, draft.fallbacks))
    except ValueError as broken:
        raise errors.DraftRefused(reason_zh=f"变量或语法有误：{broken}", reason_en=f"A text cannot be read: {broken}") from broken


def demand_sendable(ws: Workspace, draft: Draft, kind: MaterialKind) -> None:
    """Raises DraftRefused with the first of what keeps the draft from being sent."""
    found = drafts.problems(draft, kind, values.attribute_names(ws))
    if found:
        refusal = errors.DraftRefused(reason_zh=found[0].zh, reason_en=found[0].en)
        refusal.errors = [dataclasses.asdict(one) for one in found]
        raise refusal


def writable(tx: Tx, content_id: str) -> Material:
    """A material that may be changed. Raises MaterialUnknown, Retired."""
    material = materials.one(tx, content_id)
    if material is None:
        raise errors.MaterialUnknown
    if material.state is State.RETIRED:
        raise errors.Retired(name=material.name)
    return material


def note(ws: Workspace, tx: Tx, *, by: Principal, action: str, content_id: str, version: int, name: str) -> None:
    """Tells whom it concerns, and the audit log."""
    now = ws.clock.now()
    audit.append(ws.sql, tx, by=by, action=action, subject=content_id, at=now, detail={"name": name, "version": version})
    bus.tell(ws.sql, tx, events.Changed(content_id, action, version), at=now)


def _next(ws: Workspace, tx: Tx, by: Principal, material: Material, draft: Draft) -> dict[str, object]:
    """Writes the draft over the newest version, or as the next one; gives what changes of the material."""
    files.demand(ws, drafts.files(draft))
    found = materials.version(tx, material.id, material.latest)
    if found is not None and found.draft == draft:
        return {}
    number = material.latest if states.is_written_over(material.latest_state) else material.latest + 1
    if number > VERSIONS_MAX:
        raise TooLarge(limit=VERSIONS_MAX)
    _put(ws, tx, by, material.id, number, draft)
    shown = {"excerpt": drafts.excerpt(draft), "cover_file_id": drafts.cover(draft)}
    return {"latest": number, "latest_state": VersionState.DRAFT.value, **shown}


def _put(ws: Workspace, tx: Tx, by: Principal, content_id: str, number: int, draft: Draft) -> None:
    written = {"author_id": by.id, "author": by.name, "at": ws.clock.now(), "state": VersionState.DRAFT.value}
    open_ = {"note": "", "reviewer": "", "reviewed_at": None, "reason": ""}
    materials.put_version(tx, content_id, number, draft, {**written, **open_})


def _sheet(tx: Tx, sheet: Sheet) -> dict[str, str | None]:
    name = " ".join(nfc(sheet.name).split())
    if not 0 < len(name) <= NAME_MAX:
        raise errors.DraftRefused(reason_zh=f"名称须为 1–{NAME_MAX} 个字符", reason_en=f"A name has 1 to {NAME_MAX} characters")
    if sheet.persona_id is not None and shelves.persona(tx, sheet.persona_id) is None:
        raise errors.PersonaUnknown
    if sheet.group_id is not None:
        group = shelves.group(tx, sheet.group_id)
        if group is None or group.shelf is not sheet.shelf:
            raise errors.GroupUnknown
    return {"shelf": sheet.shelf.value, "name": name, "group_id": sheet.group_id, "persona_id": sheet.persona_id}
