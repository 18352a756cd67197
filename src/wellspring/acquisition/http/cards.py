"""The console's addresses of printed designs: designs with a preview, batches with funnels, sheets, comparisons."""

from typing import Annotated, Any

import fastapi
import pydantic
from fastapi.responses import Response

from wellspring.acquisition.api import cards as api
from wellspring.acquisition.contracts import Permission
from wellspring.acquisition.contracts.cards import ARMS_MAX, CardBatch, CardDraft, DesignKind, Metric, Sheet
from wellspring.acquisition.http.shapes_cards import (
    ArchiveIn,
    CardBatchChangeIn,
    CardBatchesOut,
    CardBatchIn,
    CardBatchOut,
    ComparisonOut,
    DesignIn,
    DesignOut,
    DesignsOut,
    Id,
    LeaverOut,
    PreviewIn,
    batch_out,
    design_out,
)
from wellspring.kernel.visiting import base_of
from wellspring.kernel.web import Call, allow
from wellspring.people import api as people

router = fastapi.APIRouter(prefix="/api/cards")

_Cursor = Annotated[str | None, fastapi.Query(max_length=200)]
_Limit = Annotated[int | None, fastapi.Query(ge=1, le=200)]
_Arms = Annotated[list[Annotated[str, pydantic.Field(max_length=40)]], fastapi.Query(max_length=ARMS_MAX)]
_PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}
_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
# A preview has no batch yet; the code must only look as dense as the one to come.
_SAMPLE = "demo.0000000000"


@router.get("/designs")
def list_card_designs(
    call: Annotated[Call, allow(Permission.CARD_READ)],
    kind: DesignKind | None = None,
    archived: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    cursor: _Cursor = None,
    limit: _Limit = None,
) -> DesignsOut:
    """Designs, the newest first."""
    page = api.designs(call.ws, kind=kind, archived=archived, cursor=cursor, limit=limit)
    return DesignsOut(rows=[design_out(row) for row in page.rows], next_cursor=page.next_cursor)


@router.post("/designs", status_code=201)
def make_card_design(call: Annotated[Call, allow(Permission.CARD_WRITE)], body: DesignIn) -> DesignOut:
    """Makes a design."""
    return design_out(api.design(call.ws, design_id=api.add_design(call.ws, by=call.by, draft=body.draft())))


@router.get("/designs/{design_id}")
def read_card_design(call: Annotated[Call, allow(Permission.CARD_READ)], design_id: Id) -> DesignOut:
    """One design."""
    return design_out(api.design(call.ws, design_id=design_id))


@router.put("/designs/{design_id}")
def change_card_design(call: Annotated[Call, allow(Permission.CARD_WRITE)], design_id: Id, body: DesignIn) -> DesignOut:
    """Makes the body the design; batches stay as they were printed."""
    api.change_design(call.ws, by=call.by, design_id=design_id, draft=body.draft())
    return design_out(api.design(call.ws, design_id=design_id))


@router.put("/designs/{design_id}/archive")
def archive_card_design(call: Annotated[Call, allow(Permission.CARD_WRITE)], design_id: Id, body: ArchiveIn) -> DesignOut:
    """Takes a design out of the list, or brings it back."""
    api.archive_design(call.ws, by=call.by, design_id=design_id, archived=body.is_archived)
    return design_out(api.design(call.ws, design_id=design_id))


@router.get("/designs/{design_id}/picture", response_class=Response, responses=_PNG)
def draw_card_design(request: fastapi.Request, call: Annotated[Call, allow(Permission.CARD_READ)], design_id: Id) -> Response:
    """A small picture of a design."""
    found = api.design(call.ws, design_id=design_id)
    address = f"{base_of(request)}/c/{_SAMPLE}"
    # The console asks by the instant of the last change, so the picture of an address never changes.
    kept = {"cache-control": "private, max-age=86400"}
    return Response(api.thumbnail(found.draft.look, address=address), media_type="image/png", headers=kept)


@router.post("/preview", response_class=Response, responses=_PNG)
def preview_card(request: fastapi.Request, call: Annotated[Call, allow(Permission.CARD_READ)], body: PreviewIn) -> Response:
    """A picture of what is being edited, drawn by what prints it; nothing is kept."""
    return Response(api.preview(body.look.look(), address=f"{base_of(request)}/c/{_SAMPLE}"), media_type="image/png")


@router.get("/batches")
def list_card_batches(
    request: fastapi.Request,
    call: Annotated[Call, allow(Permission.CARD_READ)],
    design_id: Annotated[str | None, fastapi.Query(max_length=40)] = None,
    kind: DesignKind | None = None,
    cursor: _Cursor = None,
    limit: _Limit = None,
) -> CardBatchesOut:
    """Batches with their funnels, the newest first."""
    page = api.batches(call.ws, design_id=design_id, kind=kind, cursor=cursor, limit=limit)
    rows = [batch_out(row, _address(request, call, row)) for row in page.rows]
    return CardBatchesOut(rows=rows, next_cursor=page.next_cursor)


@router.post("/batches", status_code=201)
def make_card_batch(request: fastapi.Request, call: Annotated[Call, allow(Permission.CARD_WRITE)], body: CardBatchIn) -> CardBatchOut:
    """Makes a batch that keeps its design as it is now."""
    draft = CardDraft(**body.model_dump(exclude={"template_code_id"}))
    return _batch(request, call, api.add_batch(call.ws, by=call.by, draft=draft, template_code_id=body.template_code_id))


@router.get("/batches/{card_batch_id}")
def read_card_batch(request: fastapi.Request, call: Annotated[Call, allow(Permission.CARD_READ)], card_batch_id: Id) -> CardBatchOut:
    """One batch with its whole funnel."""
    return _batch(request, call, card_batch_id)


@router.patch("/batches/{card_batch_id}")
def change_card_batch(
    request: fastapi.Request, call: Annotated[Call, allow(Permission.CARD_WRITE)], card_batch_id: Id, body: CardBatchChangeIn
) -> CardBatchOut:
    """Changes how many were shipped, costs, the code, or closes a batch."""
    given = body.model_dump(exclude_unset=True)
    values = {name: value for name, value in given.items() if value is not None or name in {"code_id", "shipped_on"}}
    if values:
        api.change_batch(call.ws, by=call.by, batch_id=card_batch_id, values=values)
    return _batch(request, call, card_batch_id)


@router.get("/batches/{card_batch_id}/leavers")
def list_card_leavers(call: Annotated[Call, allow(Permission.CARD_READ)], card_batch_id: Id) -> list[LeaverOut]:
    """Who left within a day of the gift, the latest first, at most 200."""
    found = api.leavers(call.ws, batch_id=card_batch_id)
    members = people.members_of(call.ws, by=call.by, member_nos=[one.member_no for one in found])
    answers = []
    for one in found:
        member = members.get(one.member_no)
        named = {"member_id": member.id if member else None, "name_masked": member.name_masked if member else None}
        minutes = int((one.left_at - one.came_at).total_seconds() // 60)
        answers.append(LeaverOut(**named, staff_id=one.staff_id, came_at=one.came_at, left_at=one.left_at, minutes=minutes))
    return answers


@router.get("/batches/{card_batch_id}/print", response_class=Response, responses=_PDF)
def print_cards(
    request: fastapi.Request,
    call: Annotated[Call, allow(Permission.CARD_READ)],
    card_batch_id: Id,
    sheet: Sheet = Sheet.A4,
    sheets: Annotated[int, fastapi.Query(ge=1, le=20)] = 1,
) -> Response:
    """Sheets ready to be printed, as PDF with bleed and crop marks."""
    found = api.batch(call.ws, batch_id=card_batch_id)
    address = _address(request, call, found)
    pages = api.print_sheet(found.design.look, address=address, sheet=sheet, title=found.draft.name, sheets=sheets)
    headers = {"content-disposition": f'attachment; filename="{card_batch_id}-{sheet}.pdf"'}
    return Response(pages, media_type="application/pdf", headers=headers)


@router.get("/batches/{card_batch_id}/picture", response_class=Response, responses=_PNG)
def picture_card(request: fastapi.Request, call: Annotated[Call, allow(Permission.CARD_READ)], card_batch_id: Id) -> Response:
    """The card with bleed at 300 dots per inch, as PNG."""
    found = api.batch(call.ws, batch_id=card_batch_id)
    picture = api.print_picture(found.design.look, address=_address(request, call, found))
    return Response(picture, media_type="image/png", headers={"content-disposition": f'attachment; filename="{card_batch_id}.png"'})


@router.get("/compare")
def compare_cards(
    call: Annotated[Call, allow(Permission.CARD_READ)],
    metric: Metric = Metric.ADDED,
    batch: _Arms = [],  # noqa: B006 - FastAPI copies it
    design: _Arms = [],  # noqa: B006 - as above
) -> ComparisonOut:
    """Batches, or designs over all their batches, against the first one named: lift with its interval."""
    return ComparisonOut.model_validate(api.compare(call.ws, metric=metric, batch_ids=batch, design_ids=design))


def _address(request: fastapi.Request, call: Call, found: CardBatch) -> str:
    return f"{base_of(request)}/c/{call.ws.slug}.{found.token}"


def _batch(request: fastapi.Request, call: Call, batch_id: str) -> CardBatchOut:
    found = api.batch(call.ws, batch_id=batch_id)
    return batch_out(found, _address(request, call, found))
