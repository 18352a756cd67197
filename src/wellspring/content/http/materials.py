"""The addresses of materials: lists, writing, versions, approval, taking out of use."""

from typing import Annotated

import fastapi

from wellspring.content import api
from wellspring.content.contracts import MaterialKind, Permission, Sheet, Shelf, State, Version, Wish
from wellspring.content.http.shapes import (
    Cursor,
    Id,
    Limit,
    MaterialChangeIn,
    MaterialDetailOut,
    MaterialIn,
    MaterialOut,
    MaterialsOut,
    Name,
    Path,
    Revision,
    VersionOut,
    Words,
    draft_shape,
    material_out,
    tags_of,
)
from wellspring.kernel.web import Call, In, Out, allow

router = fastapi.APIRouter(prefix="/api/content/materials")
_Word = Annotated[str, fastapi.Query(max_length=80)]
_Wanted = Annotated[str | None, fastapi.Query(max_length=60)]


class SubmissionIn(In):
    """The version to be approved, with a word to whoever approves."""

    revision: Revision
    note: Words = ""


class DecisionIn(In):
    """Approves the version that waits, or rejects it with a reason."""

    revision: Revision
    approves: bool
    reason: Words = ""


class CopyIn(In):
    """The name of the copy."""

    name: Name


class ScriptIn(In):
    """To whom a script is said, if that is known."""

    member_id: Id | None = None


class ScriptOut(Out):
    """What to say, and which variables stand in it as gaps."""

    text: str
    missing: list[str]


class RetirementIn(In):
    """Whether a material is out of use."""

    is_retired: bool


@router.get("")
def list_materials(  # noqa: PLR0917 - query parameters
    call: Annotated[Call, allow(Permission.MATERIAL_READ)],
    shelf: Shelf | None = None,
    kind: MaterialKind | None = None,
    state: State | None = None,
    waiting: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    group_id: _Wanted = None,
    persona_id: _Wanted = None,
    tag: _Word = "",
    q: _Word = "",
    cursor: Cursor = None,
    limit: Limit = None,
) -> MaterialsOut:
    """Materials, those changed last first; retired ones only where they are asked for."""
    wish = Wish(shelf, kind, state, waiting, group_id, persona_id, tag, q.strip())
    page = api.listing(call.ws, wish=wish, cursor=cursor, limit=limit)
    return MaterialsOut(rows=[material_out(row) for row in page.rows], next_cursor=page.next_cursor, total=page.total)


@router.post("", status_code=201)
def make_material(call: Annotated[Call, allow(Permission.MATERIAL_WRITE)], body: MaterialIn) -> MaterialOut:
    """Makes a material with its first version, which nobody is sent before it is approved."""
    return material_out(api.add(call.ws, by=call.by, sheet=body.sheet(), draft=body.draft.draft()))


@router.get("/{content_id}")
def read_material(call: Annotated[Call, allow(Permission.MATERIAL_READ)], content_id: Path) -> MaterialDetailOut:
    """A material with its newest version."""
    material = api.material(call.ws, content_id=content_id)
    return MaterialDetailOut(material=material_out(material), latest=_version(api.version(call.ws, content_id=content_id)))


@router.put("/{content_id}")
def change_material(call: Annotated[Call, allow(Permission.MATERIAL_WRITE)], content_id: Path, body: MaterialChangeIn) -> MaterialOut:
    """Makes the body the material; a draft over an approved version begins the next one."""
    kept = api.material(call.ws, content_id=content_id)
    sheet = Sheet(kept.shelf, kept.kind, body.name, body.group_id, body.persona_id, tags_of(body.tags))
    draft = None if body.draft is None else body.draft.draft()
    return material_out(api.change(call.ws, by=call.by, content_id=content_id, revision=body.revision, sheet=sheet, draft=draft))


@router.delete("/{content_id}", status_code=204)
def remove_material(call: Annotated[Call, allow(Permission.MATERIAL_WRITE)], content_id: Path) -> None:
    """Deletes a material of which no version was ever approved."""
    api.remove(call.ws, by=call.by, content_id=content_id)


@router.get("/{content_id}/versions")
def list_material_versions(call: Annotated[Call, allow(Permission.MATERIAL_READ)], content_id: Path) -> list[VersionOut]:
    """The versions of a material, the newest first."""
    return [_version(one) for one in api.versions(call.ws, content_id=content_id)]


@router.post("/{content_id}/submission")
def submit_material(call: Annotated[Call, allow(Permission.MATERIAL_WRITE)], content_id: Path, body: SubmissionIn) -> MaterialOut:
    """Puts the newest version before whoever approves; where nobody must, it is approved at once."""
    return material_out(api.submit(call.ws, by=call.by, content_id=content_id, revision=body.revision, note=body.note))


@router.post("/{content_id}/withdrawal")
def withdraw_material(call: Annotated[Call, allow(Permission.MATERIAL_WRITE)], content_id: Path, body: SubmissionIn) -> MaterialOut:
    """Takes the newest version back from approval."""
    return material_out(api.withdraw(call.ws, by=call.by, content_id=content_id, revision=body.revision))


@router.post("/{content_id}/decision")
def decide_material(call: Annotated[Call, allow(Permission.MATERIAL_APPROVE)], content_id: Path, body: DecisionIn) -> MaterialOut:
    """Approves the version that waits, or rejects it."""
    return material_out(
        api.decide(call.ws, by=call.by, content_id=content_id, revision=body.revision, approves=body.approves, reason=body.reason)
    )


@router.post("/{content_id}/copies", status_code=201)
def copy_material(call: Annotated[Call, allow(Permission.MATERIAL_WRITE)], content_id: Path, body: CopyIn) -> MaterialOut:
    """Makes a new material of the newest version."""
    return material_out(api.copy(call.ws, by=call.by, content_id=content_id, name=body.name))


@router.put("/{content_id}/retirement")
def retire_material(call: Annotated[Call, allow(Permission.MATERIAL_WRITE)], content_id: Path, body: RetirementIn) -> MaterialOut:
    """Takes a material out of use, or brings it back."""
    return material_out(api.retire(call.ws, by=call.by, content_id=content_id, is_retired=body.is_retired))


@router.post("/{content_id}/uses")
def use_script(call: Annotated[Call, allow(Permission.MATERIAL_READ)], content_id: Path, body: ScriptIn) -> ScriptOut:
    """The text of a script to be said by the caller, to a member where one is named; noted as a use."""
    text, missing = api.use_script(call.ws, by=call.by, content_id=content_id, member_id=body.member_id)
    return ScriptOut(text=text, missing=list(missing))


def _version(version: Version) -> VersionOut:
    same = ("number", "state", "author", "at", "note", "reviewer", "reviewed_at", "reason")
    return VersionOut(**{name: getattr(version, name) for name in same}, draft=draft_shape(version.draft))
