"""The addresses of the radar: who opened what, and what content achieves."""

import datetime as dt
from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.content import api
from wellspring.content.contracts import Permission
from wellspring.content.http.shapes import Cursor, Limit, Moment
from wellspring.kernel import web
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.web import Call, Out, allow

router = fastapi.APIRouter(prefix="/api/content")
_Id = Annotated[str | None, fastapi.Query(max_length=60)]
_Ids = Annotated[list[Annotated[str, pydantic.Field(max_length=60)]], fastapi.Query(max_length=8)]
_DAYS = dt.timedelta(days=30)


class OpeningOut(Out):
    """One opening by somebody."""

    at: Moment
    member_id: str
    member_name: str
    content_id: str
    content_name: str
    url: str
    origin: str
    kind: str
    seconds: int
    percent: int


class OpeningsOut(Out):
    """A page of openings; those of members outside the caller's scope are left out."""

    rows: list[OpeningOut]
    next_cursor: str | None


class EffectOut(Out):
    """What became of materials of one sort."""

    key: str
    name: str
    sends: int
    members: int
    openers: int
    opens: int
    buyers: int
    revenue_minor: int


class EffectsOut(Out):
    """Rows of effect between two instants; amounts in `currency`."""

    rows: list[EffectOut]
    since: Moment
    until: Moment
    currency: str


@router.get("/radar")
def list_openings(
    call: Annotated[Call, allow(Permission.RADAR_READ)],
    content_id: _Id = None,
    member_id: _Id = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> OpeningsOut:
    """Who opened what, newest first."""
    page = api.radar(call.ws, by=call.by, content_id=content_id or "", member_id=member_id, cursor=cursor, limit=limit)
    return OpeningsOut(rows=[OpeningOut.model_validate(row) for row in page.rows], next_cursor=page.next_cursor)


@router.get("/effects")
def read_effects(
    call: Annotated[Call, allow(Permission.RADAR_READ)],
    by: Literal["material", "persona", "topic", "hour", "audience"] = "material",
    since: web.Asked | None = None,
    until: web.Asked | None = None,
    audience_id: _Ids = [],  # noqa: B006 - FastAPI copies it
) -> EffectsOut:
    """What was opened and bought within some days after materials were given; no proof of cause."""
    last = until or call.ws.clock.now() + dt.timedelta(seconds=1)
    first = since or last - _DAYS
    found = api.effects(call.ws, by=call.by, since=first, until=last, key=by, audience_ids=audience_id)
    currency = call.ws.settings.get(WorkspaceSettings).currency
    return EffectsOut(rows=[EffectOut.model_validate(one) for one in found], since=first, until=last, currency=currency)
