"""The console's addresses of codes on packages: batches, their lists and pictures, figures, and the draw of a batch."""

import datetime as dt
from typing import Annotated, Any, Literal

import fastapi
import pydantic
from fastapi.responses import StreamingResponse

from wellspring.acquisition.api import cards, item_codes
from wellspring.acquisition.contracts import Permission
from wellspring.acquisition.contracts.item_codes import (
    PRIZE_MINOR_MAX,
    PRIZES_MAX,
    BatchState,
    Draw,
    DrawDraft,
    DrawState,
    PackageBatch,
    PackageDraft,
    PrizeDraft,
    PrizeKind,
    Standing,
)
from wellspring.acquisition.http.shapes_cards import FunnelOut, Id, Name, Note, funnel_out
from wellspring.acquisition.rules.item_codes import CODES_MAX
from wellspring.kernel.visiting import base_of
from wellspring.kernel.web import Asked, Call, In, Moment, Out, Part, allow
from wellspring.people import api as people

router = fastapi.APIRouter(prefix="/api/item-codes")

_Minor = Annotated[int, pydantic.Field(ge=0, le=10**12)]
_Count = Annotated[int, pydantic.Field(ge=1, le=CODES_MAX)]
_Code = Annotated[str, pydantic.Field(min_length=20, max_length=30)]
_Cursor = Annotated[str | None, fastapi.Query(max_length=200)]
_Limit = Annotated[int | None, fastapi.Query(ge=1, le=200)]
_Place = Annotated[int, fastapi.Query(ge=1, le=CODES_MAX)]
_LIST: dict[int | str, dict[str, Any]] = {200: {"content": {"application/gzip": {}}}}
_ZIP: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}}}


class ItemBatchIn(In):
    """A new batch."""

    name: Name
    product: Name
    codes: _Count
    sku: Annotated[str, pydantic.Field(max_length=80)] = ""
    note: Note = ""
    code_id: Id | None = None
    code_cost_minor: _Minor = 0


class ItemBatchChangeIn(In):
    """What to change of a batch; the number of codes stays for ever."""

    name: Name | None = None
    product: Name | None = None
    sku: Annotated[str, pydantic.Field(max_length=80)] | None = None
    note: Note | None = None
    code_id: Id | None = None
    code_cost_minor: _Minor | None = None
    state: BatchState | None = None


class ItemBatchOut(Out):
    """A batch with its figures."""

    id: str
    no: int
    name: str
    product: str
    sku: str
    note: str
    codes: int
    code_id: str | None
    code_cost_minor: int
    state: BatchState
    created_at: Moment
    scanned: int
    scans: int
    suspicious: int
    bound: int
    members: int
    drawn: int
    draw_id: str | None


class ItemBatchesOut(Out):
    """Batches, the newest first."""

    rows: list[ItemBatchOut]
    next_cursor: str | None
    total: int | None


class ItemDayOut(Out):
    """First scans and bindings of a day."""

    day: dt.date
    scanned: int
    bound: int


class ItemSuspectOut(Out):
    """A code that several people scanned."""

    code: str
    first_at: Moment
    last_at: Moment
    scans: int
    others: int


class ItemFiguresOut(Out):
    """What became of a batch: by day, codes that look copied, and the funnel of its channel code."""

    days: list[ItemDayOut]
    suspects: list[ItemSuspectOut]
    funnel: FunnelOut


class PrizeIn(Part):
    """A prize."""

    name: Name
    kind: PrizeKind
    count: _Count
    value_minor: Annotated[int, pydantic.Field(ge=0, le=PRIZE_MINOR_MAX)]


class DrawIn(In):
    """The draw of a batch."""

    name: Name
    rules: Annotated[str, pydantic.Field(max_length=4_000)] = ""
    budget_minor: _Minor
    starts_at: Asked
    ends_at: Asked
    prizes: Annotated[list[PrizeIn], pydantic.Field(min_length=1, max_length=PRIZES_MAX)]


class PrizeOut(Out):
    """A prize and how many were won."""

    id: str
    name: str
    kind: PrizeKind
    count: int
    value_minor: int
    won: int


class DrawOut(Out):
    """A draw; the seed is there after the end."""

    id: str
    batch_id: str
    name: str
    rules: str
    tickets: int
    budget_minor: int
    spent_minor: int
    drawn: int
    state: DrawState
    starts_at: Moment
    ends_at: Moment
    seed_hash: str
    published_at: Moment | None
    seed: str | None
    prizes: list[PrizeOut]


class AwardOut(Out):
    """What one code won."""

    code: str
    ticket: int
    prize: str
    kind: PrizeKind
    value_minor: int
    drawn_at: Moment
    member_id: str | None
    handed_at: Moment | None
    handed_by: str


class AwardsOut(Out):
    """What was won, the latest first."""

    rows: list[AwardOut]
    next_cursor: str | None


class ItemBindIn(In):
    """Whose a code is; `draws` also draws for them."""

    code: _Code
    member_id: Id
    draws: bool = False


class ItemBoundOut(Out):
    """What the code is to the member now."""

    code: str
    standing: Standing
    bound_at: Moment | None
    ticket: int | None
    drawn_at: Moment | None
    prize: PrizeOut | None


@router.get("/batches")
def list_item_batches(call: Annotated[Call, allow(Permission.ITEM_READ)], cursor: _Cursor = None, limit: _Limit = None) -> ItemBatchesOut:
    """Batches of codes with their figures, the newest first."""
    page = item_codes.batches(call.ws, cursor=cursor, limit=limit)
    return ItemBatchesOut(rows=[_batch(row) for row in page.rows], next_cursor=page.next_cursor, total=page.total)


@router.post("/batches", status_code=201)
def make_item_batch(call: Annotated[Call, allow(Permission.ITEM_WRITE)], body: ItemBatchIn) -> ItemBatchOut:
    """Makes a batch of up to 33 million codes at once."""
    return _one(call, item_codes.add_batch(call.ws, by=call.by, draft=PackageDraft(**body.model_dump())))


@router.get("/batches/{item_batch_id}")
def read_item_batch(call: Annotated[Call, allow(Permission.ITEM_READ)], item_batch_id: Id) -> ItemBatchOut:
    """One batch."""
    return _one(call, item_batch_id)


@router.patch("/batches/{item_batch_id}")
def change_item_batch(call: Annotated[Call, allow(Permission.ITEM_WRITE)], item_batch_id: Id, body: ItemBatchChangeIn) -> ItemBatchOut:
    """Changes a batch, or makes it void (a lost or stolen delivery)."""
    given = body.model_dump(mode="json", exclude_unset=True)
    values = {name: value for name, value in given.items() if value is not None or name == "code_id"}
    if values:
        item_codes.change_batch(call.ws, by=call.by, batch_id=item_batch_id, values=values)
    return _one(call, item_batch_id)


@router.get("/batches/{item_batch_id}/figures")
def read_item_figures(call: Annotated[Call, allow(Permission.ITEM_READ)], item_batch_id: Id) -> ItemFiguresOut:
    """First scans by day, codes that several people scanned, and the funnel of whoever added us by them."""
    return ItemFiguresOut(
        days=[ItemDayOut.model_validate(one) for one in item_codes.days(call.ws, batch_id=item_batch_id)],
        suspects=[ItemSuspectOut.model_validate(one) for one in item_codes.suspects(call.ws, batch_id=item_batch_id)],
        funnel=funnel_out(cards.package_funnel(call.ws, batch_id=item_batch_id)),
    )


@router.get("/batches/{item_batch_id}/list", response_class=StreamingResponse, responses=_LIST)
def download_item_list(
    request: fastapi.Request,
    call: Annotated[Call, allow(Permission.ITEM_EXPORT)],
    item_batch_id: Id,
    first: _Place = 1,
    last: Annotated[int | None, fastapi.Query(ge=1, le=CODES_MAX)] = None,
) -> StreamingResponse:
    """The codes with their links as CSV in a gzip, streamed; audited."""
    pieces = item_codes.export(call.ws, by=call.by, batch_id=item_batch_id, address=_address(request, call), first=first, last=last)
    headers = {"content-disposition": f'attachment; filename="{item_batch_id}-codes.csv.gz"'}
    return StreamingResponse(pieces, media_type="application/gzip", headers=headers)


@router.get("/batches/{item_batch_id}/pictures", response_class=StreamingResponse, responses=_ZIP)
def download_item_pictures(
    request: fastapi.Request, call: Annotated[Call, allow(Permission.ITEM_EXPORT)], item_batch_id: Id, first: _Place = 1, last: _Place = 1
) -> StreamingResponse:
    """One SVG per code in a zip, at most 2,000, streamed; audited."""
    pieces = item_codes.pictures(call.ws, by=call.by, batch_id=item_batch_id, address=_address(request, call), first=first, last=last)
    headers = {"content-disposition": f'attachment; filename="{item_batch_id}-{first}-{last}.zip"'}
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


@router.put("/batches/{item_batch_id}/draw")
def write_draw(call: Annotated[Call, allow(Permission.DRAW_WRITE)], item_batch_id: Id, body: DrawIn) -> DrawOut:
    """Drafts the draw of a batch, or drafts it anew while it is not published."""
    prizes = [PrizeDraft(**one.model_dump()) for one in body.prizes]
    draft = DrawDraft(body.name, body.rules, body.budget_minor, body.starts_at, body.ends_at, prizes)
    return _draw(item_codes.draw(call.ws, draw_id=item_codes.write_draw(call.ws, by=call.by, batch_id=item_batch_id, draft=draft)))


@router.get("/draws/{draw_id}")
def read_draw(call: Annotated[Call, allow(Permission.ITEM_READ)], draw_id: Id) -> DrawOut:
    """One draw."""
    return _draw(item_codes.draw(call.ws, draw_id=draw_id))


@router.post("/draws/{draw_id}/publication")
def publish_draw(call: Annotated[Call, allow(Permission.DRAW_WRITE)], draw_id: Id) -> DrawOut:
    """Publishes prizes, odds, budget and the hash of the seed; nothing of it changes from here on."""
    item_codes.publish_draw(call.ws, by=call.by, draw_id=draw_id)
    return _draw(item_codes.draw(call.ws, draw_id=draw_id))


@router.post("/draws/{draw_id}/end")
def end_draw(call: Annotated[Call, allow(Permission.DRAW_WRITE)], draw_id: Id) -> DrawOut:
    """Shows the seed of a draw whose time is over."""
    item_codes.end_draw(call.ws, by=call.by, draw_id=draw_id)
    return _draw(item_codes.draw(call.ws, draw_id=draw_id))


@router.get("/draws/{draw_id}/awards")
def list_awards(
    call: Annotated[Call, allow(Permission.ITEM_READ)],
    draw_id: Id,
    state: Literal["all", "waiting"] = "all",
    cursor: _Cursor = None,
    limit: _Limit = None,
) -> AwardsOut:
    """What was won, the latest first."""
    page = item_codes.awards(call.ws, by=call.by, draw_id=draw_id, is_waiting=state == "waiting", cursor=cursor, limit=limit)
    return AwardsOut(rows=[AwardOut.model_validate(row) for row in page.rows], next_cursor=page.next_cursor)


@router.post("/draws/{draw_id}/awards/{ticket}/handover", status_code=204)
def hand_prize_over(call: Annotated[Call, allow(Permission.DRAW_WRITE)], draw_id: Id, ticket: int) -> None:
    """Notes that a prize was given out, once."""
    item_codes.hand_over(call.ws, by=call.by, draw_id=draw_id, ticket=ticket)


@router.post("/bind")
def bind_item_code(call: Annotated[Call, allow(Permission.ITEM_WRITE)], body: ItemBindIn) -> ItemBoundOut:
    """Binds a code to a known member, and draws if asked to: for a mini program or a till that knows who scans."""
    member_no = people.member_no(call.ws, by=call.by, member_id=body.member_id)
    verb = item_codes.draw_member if body.draws else item_codes.bind_member
    return ItemBoundOut.model_validate(verb(call.ws, code=body.code, member_no=member_no))


def _address(request: fastapi.Request, call: Call) -> str:
    return f"{base_of(request)}/i/{call.ws.slug}."


def _one(call: Call, batch_id: str) -> ItemBatchOut:
    return _batch(item_codes.batch(call.ws, batch_id=batch_id))


def _batch(found: PackageBatch) -> ItemBatchOut:
    draft = found.draft
    names = ("id", "no", "state", "created_at", "scanned", "scans", "suspicious", "bound", "members", "drawn", "draw_id")
    written = ("name", "product", "sku", "note", "codes", "code_id", "code_cost_minor")
    return ItemBatchOut(**{name: getattr(found, name) for name in names}, **{name: getattr(draft, name) for name in written})


def _draw(found: Draw) -> DrawOut:
    return DrawOut.model_validate(found)
