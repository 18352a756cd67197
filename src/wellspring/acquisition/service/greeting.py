"""The welcome: which variant, filled in. One small read and no network: the answer has seconds (page 92137)."""

from typing import Any

from wellspring.acquisition.contracts.codes import TEXT_BYTES_MAX, Draft, Part, PartKind, Variant
from wellspring.acquisition.repo import codes as repo
from wellspring.acquisition.rules import naming, welcomes, wording
from wellspring.acquisition.service import clockwork, slots, tending
from wellspring.channels.contracts import Arrived, Welcome
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.organization.errors import StaffUnknown, UnitUnknown


def greet(ws: Workspace, arrived: Arrived) -> Welcome | None:
    """What to say to whoever came through one of our codes; None where nothing is to be said."""
    if not naming.is_ours(arrived.state):
        return None
    with ws.sql.read() as tx:
        spoken = repo.spoken(tx, arrived.state)
    if spoken is None:
        return None
    draft, media, unit_id = spoken
    variant = welcomes.chosen(draft.welcome, local=clockwork.local(ws, arrived.at), is_returning=arrived.is_returning)
    if variant is None:
        return None
    return said(ws, draft, variant, media, arrived, unit_id)


def said(ws: Workspace, draft: Draft, variant: Variant, media: dict[str, Any], arrived: Arrived, unit_id: str | None) -> Welcome | None:
    """The variant as the platform takes it; what cannot be attached is left out, never the whole."""
    text = ""
    if variant.text:
        # Only who was there when it was written can be named; a template was tried with every field.
        text = wording.cut(wording.filled(variant.text, _fields(ws, draft, arrived, unit_id)), TEXT_BYTES_MAX)
    attached = [one for part in variant.parts if (one := _attached(ws, part, media, arrived)) is not None]
    if not text and not attached:
        return None
    return Welcome(text=text, attachments=attached, variant=f"{draft.name[:40]}#{draft.welcome.index(variant) + 1}")


def _fields(ws: Workspace, draft: Draft, arrived: Arrived, unit_id: str | None) -> wording.Fields:
    found = {group: dict.fromkeys(fields, "") for group, fields in wording.FIELDS.items()}
    fields: dict[str, dict[str, str | bool]] = {group: dict(values) for group, values in found.items()}
    fields["contact"] |= {"name": arrived.name, "is_returning": arrived.is_returning}
    fields["code"]["name"] = draft.name
    fields["brand"]["name"] = ws.settings.get(WorkspaceSettings).name
    if arrived.staff_id:
        try:
            member = organization.get_staff(ws, arrived.staff_id, by=SYSTEM)
        except StaffUnknown:
            member = None
        if member is not None:
            fields["staff"] |= {"name": member.name, "title": member.title or ""}
            unit_id = unit_id or member.unit_id
    if unit_id:
        try:
            unit = organization.get_unit(ws, unit_id, by=SYSTEM)
        except UnitUnknown:
            return fields
        fields["store"] |= {"name": unit.name, "address": unit.address or "", "phone": unit.phone or ""}
    return fields


def _attached(ws: Workspace, part: Part, media: dict[str, Any], arrived: Arrived) -> dict[str, Any] | None:
    if part.kind is PartKind.COUPON:
        filled = slots.fill(ws, part.offer_id, arrived.member_no)
        return None if filled is None else _attached(ws, filled, media, arrived)
    if part.kind is PartKind.LINK:
        link = {"title": part.title, "url": part.url, "desc": part.description, "picurl": part.picture_url}
        return {"msgtype": "link", "link": {name: value for name, value in link.items() if value}}
    known = media.get(tending.key_of(part.kind, part.file_id))
    if known is None:
        return None
    if part.kind is PartKind.IMAGE:
        return {"msgtype": "image", "image": {"pic_url": known[0]}}
    mini = {"title": part.title, "pic_media_id": known[0], "appid": part.appid, "page": part.page}
    return {"msgtype": "miniprogram", "miniprogram": mini}
