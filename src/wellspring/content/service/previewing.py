"""What a draft will look like, for an example or for a real member; nothing is tracked, kept or sent."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from wellspring.content.contracts import Attachment, Body, Draft, MaterialKind, PartKind, Permission
from wellspring.content.contracts.looks import Preview
from wellspring.content.repo import materials
from wellspring.content.rules import drafts, markdown, variables
from wellspring.content.service import drawing, looking, rendering, values
from wellspring.kernel import audit
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.people import api as people
from wellspring.people.contracts import Permission as PeoplePermission

_MEMBER = "member"


def preview(
    ws: Workspace,
    *,
    by: Principal,
    draft: Draft,
    kind: MaterialKind,
    member_id: str | None = None,
    staff_id: str | None = None,
    persona_id: str | None = None,
) -> Preview:
    """The draft for an example or for a member whom the caller may see. Raises MemberUnknown, StaffUnknown, DraftRefused.

    The name of a member is plain only for those who may see plain values, and the look is audited.
    """
    by.require(Permission.MATERIAL_READ)
    problems = tuple(drafts.problems(draft, kind, values.attribute_names(ws)))
    if any(one.code == "content.syntax" for one in problems):
        return Preview(Body(""), (), problems)
    fields = _fields(ws, by, draft, member_id, staff_id, persona_id)
    body, missing = _said(draft, fields)
    html = markdown.page(draft.article.text, _picture) if draft.article is not None else ""
    return Preview(body, missing, problems, html)


def sample(ws: Workspace, content_id: str, own: rendering.Fields) -> Body | None:
    """See `content.api.sample`."""
    with ws.sql.read() as tx:
        material = materials.one(tx, content_id)
        found = materials.version(tx, content_id, material.version or material.latest) if material is not None else None
    if found is None:
        return None
    return _said(found.draft, {**variables.example(values.attributes(ws)), **values.brand(ws), **own})[0]


def said_by(ws: Workspace, *, by: Principal, draft: Draft, member_id: str | None, persona: str) -> tuple[Body, tuple[str, ...]]:
    """The draft as the caller says it, nothing of it invented: what is unknown is a visible gap. Raises MemberUnknown."""
    fields = values.brand(ws)
    if persona:
        fields["persona"] = {"name": persona}
    if by.staff_id is not None:
        fields |= _staff(ws, by, by.staff_id)
    if member_id is not None:
        fields[_MEMBER] = _member(ws, by, draft, member_id)
    return _said(draft, fields)


def poster(ws: Workspace, *, by: Principal, draft: Draft, member_id: str | None = None) -> bytes:
    """The picture of a draft's poster, its codes leading nowhere in particular. Raises FontMissing, MemberUnknown."""
    fields = _fields(ws, by, draft, member_id, None, None)
    if draft.poster is None:
        return b""
    full = _named(variables.filled_in(fields, draft.fallbacks), _unknown(draft, fields))
    blocks = tuple(
        dataclasses.replace(one, text=variables.tried(one.text, full), url=one.url and "https://example.com/t/preview00000000000000")
        for one in draft.poster.blocks
    )
    return drawing.png(ws, dataclasses.replace(draft.poster, blocks=blocks))


def _said(draft: Draft, fields: rendering.Fields) -> tuple[Body, tuple[str, ...]]:
    missing = _unknown(draft, fields)
    shown = _named(variables.filled_in(fields, draft.fallbacks), missing)
    article = None
    if draft.article is not None:
        article = Attachment(PartKind.LINK, draft.article.title, draft.article.summary, cover_file_id=draft.article.cover_file_id)
    # Addresses stay as they are written: nobody is sent these.
    batch = rendering.Batch(dataclasses.replace(draft, poster=None), shown, {}, lambda *_: "", lambda _: "", article)
    found = rendering.one_of(batch, 0, {})
    if found.body is None:
        return Body(found.problem), missing
    return found.body, missing


def _unknown(draft: Draft, fields: rendering.Fields) -> tuple[str, ...]:
    """The variables that have neither a value nor a fallback, as they keep a real body from being made."""
    full = variables.filled_in(fields, draft.fallbacks)
    missing: list[str] = []
    for _, text in drafts.texts(draft):
        while True:
            try:
                variables.tried(text, _named(full, missing))
            except ValueError as broken:
                name = variables.missing(str(broken))
                path = _path(name)
                if not path or path in missing:
                    break
                missing.append(path)
            else:
                break
    return tuple(missing)


def _path(name: str) -> str:
    """Liquid writes a name of other letters as `member.attributes['…']`."""
    return name.replace("['", ".").replace("']", "").replace('["', ".").replace('"]', "")


def _named(fields: dict[str, dict[str, Any]], missing: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The fields with a visible gap for each that is missing."""
    words = {one.path: one.zh for one in variables.BUILTIN}
    return variables.filled_in(fields, {path: f"〔{words.get(path, path.rpartition('.')[2])}〕" for path in missing})


def _fields(
    ws: Workspace, by: Principal, draft: Draft, member_id: str | None, staff_id: str | None, persona_id: str | None
) -> dict[str, dict[str, Any]]:
    fields: dict[str, dict[str, Any]] = {**variables.example(values.attributes(ws)), **values.brand(ws)}
    if member_id is not None:
        fields[_MEMBER] = _member(ws, by, draft, member_id)
    if staff_id is not None:
        fields |= _staff(ws, by, staff_id)
    if persona_id is not None:
        fields["persona"] = {"name": looking.persona(ws, persona_id).name}
    return fields


def _staff(ws: Workspace, by: Principal, staff_id: str) -> dict[str, dict[str, Any]]:
    staff = organization.get_staff(ws, staff_id, by=by)
    unit = organization.get_unit(ws, staff.unit_id, by=SYSTEM)
    return {
        "staff": {"name": staff.name, "title": staff.title or ""},
        "store": {"name": unit.name, "address": unit.address or "", "phone": unit.phone or ""},
    }


def _member(ws: Workspace, by: Principal, draft: Draft, member_id: str) -> dict[str, Any]:
    number = people.member_no(ws, by=by, member_id=member_id)
    paths = {variables.path_of(one) for one in drafts.named(draft)}
    shows = by.may(PeoplePermission.PII_READ)
    if shows and "member.name" in paths:
        with ws.sql.write() as tx:
            audit.append(ws.sql, tx, by=by, action="content.preview", subject=member_id, at=ws.clock.now(), detail={"fields": ["name"]})
    return values.of_members(ws, [number], paths, shows_names=shows)[number]


def _picture(named: str) -> str:
    return f"/api/content/files/{named}" if named.startswith("file_") else ""
