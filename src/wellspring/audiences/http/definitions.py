"""The addresses of audiences themselves: counted while typed, made, changed, refreshed, deleted, compared."""

from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.audiences import api
from wellspring.audiences.contracts import Cause, Permission, Refresh
from wellspring.audiences.http.shapes import (
    Asked,
    AudienceListOut,
    AudienceMemberOut,
    AudienceOut,
    AudienceRowOut,
    AudienceWarningOut,
    Cursor,
    Definition,
    Description,
    Id,
    Limit,
    Moment,
    Name,
    member_rows,
    row_of,
    whole,
)
from wellspring.kernel.web import Call, In, Out, allow

router = fastapi.APIRouter()


class AudiencePreviewIn(In):
    """A definition, and the instant it is asked about; `as_known: then` uses only what had arrived by then."""

    definition: Definition
    at: Asked | None = None
    as_known: Literal["then", "now"] = "now"


class AudienceCountOut(Out):
    """How many members a node holds for."""

    path: str
    count: int


class AudienceNoteOut(Out):
    """What a condition went by."""

    path: str
    zh: str
    en: str


class AudiencePreviewOut(Out):
    """How many members a definition holds, of how many, branch by branch, with a sample."""

    count: int
    of: int
    took_ms: float
    at: Moment
    reach: dict[str, int]
    sample: list[AudienceMemberOut]
    leaves: list[AudienceCountOut]
    warnings: list[AudienceWarningOut]
    notes: list[AudienceNoteOut]


class AudienceIn(In):
    """A new audience."""

    name: Name
    definition: Definition
    refresh: Refresh = Refresh.LIVE
    description: Description = ""


class AudienceChangeIn(In):
    """What to change of an audience."""

    name: Name | None = None
    definition: Definition | None = None
    refresh: Refresh | None = None
    description: Description | None = None


class AudienceVersionOut(Out):
    """How many entered and left with a version, and why it was made."""

    version: int
    cause: Cause
    count: int
    entered: int
    left: int
    definition_hash: str
    computed_at: Moment


class AudienceVersionsOut(Out):
    """A page of versions, the newest first."""

    rows: list[AudienceVersionOut]
    next_cursor: str | None


class AudienceOverlapIn(In):
    """Which audiences to compare."""

    ids: Annotated[list[Annotated[str, pydantic.Field(max_length=60)]], pydantic.Field(min_length=2, max_length=6)]


class AudienceSizeOut(Out):
    """An audience with its count."""

    id: str
    name: str
    count: int


class AudienceRegionOut(Out):
    """How many members are in exactly these audiences."""

    ids: list[str]
    count: int


class AudienceOverlapOut(Out):
    """The audiences, and every combination of them with how many members are in exactly that one."""

    of: int
    sizes: list[AudienceSizeOut]
    intersections: list[AudienceRegionOut]


class AudienceTickOut(Out):
    """One heartbeat: events that arrived, members whose time had come, audiences looked at and changed."""

    no: int
    at: Moment
    took_ms: int
    arrived: int
    aged: int
    audiences: int
    changed: int
    rebuilt: int


class AudienceTicksOut(Out):
    """The newest heartbeats; `stale_since` is the earliest instant since which an audience could not be brought up to date."""

    rows: list[AudienceTickOut]
    stale_since: Moment | None


@router.post("/api/audiences/preview")
def preview_audience(call: Annotated[Call, allow(Permission.AUDIENCE_READ)], body: AudiencePreviewIn) -> AudiencePreviewOut:
    """Counts a definition without storing it."""
    found = api.preview(call.ws, by=call.by, definition=body.definition, at=body.at, as_known=body.as_known == "then")
    return AudiencePreviewOut(
        count=found.count,
        of=found.of,
        took_ms=found.took_ms,
        at=found.at,
        reach=dict(found.reach),
        sample=member_rows(found.sample),
        leaves=[AudienceCountOut.model_validate(one) for one in found.leaves],
        warnings=[AudienceWarningOut.model_validate(one) for one in found.warnings],
        notes=[AudienceNoteOut.model_validate(one) for one in found.notes],
    )


@router.get("/api/audiences")
def list_audiences(
    call: Annotated[Call, allow(Permission.AUDIENCE_READ)],
    q: Annotated[str, fastapi.Query(max_length=200)] = "",
    cursor: Cursor = None,
    limit: Limit = None,
) -> AudienceListOut:
    """Audiences by name; `q` is looked for in names and descriptions."""
    page = api.page(call.ws, by=call.by, q=q, cursor=cursor, limit=limit)
    rows = [AudienceRowOut(**row_of(shown)) for shown in page.rows]
    return AudienceListOut(rows=rows, next_cursor=page.next_cursor, total=page.total)


@router.post("/api/audiences", status_code=201)
def make_audience(call: Annotated[Call, allow(Permission.AUDIENCE_WRITE)], body: AudienceIn) -> AudienceOut:
    """Makes an audience and computes its first version."""
    shown, warnings = api.create(
        call.ws, by=call.by, name=body.name, definition=body.definition, refresh=body.refresh, description=body.description
    )
    return whole(shown, warnings)


@router.post("/api/audiences/overlap")
def compare_audiences(call: Annotated[Call, allow(Permission.AUDIENCE_READ)], body: AudienceOverlapIn) -> AudienceOverlapOut:
    """How audiences overlap, region by region."""
    return AudienceOverlapOut.model_validate(api.overlap(call.ws, by=call.by, ids=body.ids))


@router.get("/api/audiences/ticks")
def list_audience_ticks(call: Annotated[Call, allow(Permission.AUDIENCE_READ)], limit: Limit = None) -> AudienceTicksOut:
    """The newest heartbeats of live audiences."""
    found = api.ticks(call.ws, limit=limit)
    return AudienceTicksOut(rows=[AudienceTickOut.model_validate(one) for one in found], stale_since=api.stale_since(call.ws))


@router.get("/api/audiences/{audience_id}")
def read_audience(call: Annotated[Call, allow(Permission.AUDIENCE_READ)], audience_id: Id) -> AudienceOut:
    """One audience."""
    return whole(api.one(call.ws, by=call.by, audience_id=audience_id))


@router.put("/api/audiences/{audience_id}")
def change_audience(call: Annotated[Call, allow(Permission.AUDIENCE_WRITE)], audience_id: Id, body: AudienceChangeIn) -> AudienceOut:
    """Changes what is given; a new definition is computed at once."""
    return whole(*api.change(call.ws, by=call.by, audience_id=audience_id, **body.model_dump()))


@router.delete("/api/audiences/{audience_id}", status_code=204)
def delete_audience(call: Annotated[Call, allow(Permission.AUDIENCE_WRITE)], audience_id: Id) -> None:
    """Deletes an audience that nothing stands on."""
    api.delete(call.ws, by=call.by, audience_id=audience_id)


@router.post("/api/audiences/{audience_id}/refresh")
def refresh_audience(call: Annotated[Call, allow(Permission.AUDIENCE_WRITE)], audience_id: Id) -> AudienceOut:
    """Computes an audience anew, as of now."""
    return whole(api.refresh(call.ws, by=call.by, audience_id=audience_id))


@router.get("/api/audiences/{audience_id}/history")
def list_audience_history(
    call: Annotated[Call, allow(Permission.AUDIENCE_READ)], audience_id: Id, cursor: Cursor = None, limit: Limit = None
) -> AudienceVersionsOut:
    """How many entered and left with each version, the newest first."""
    page = api.history(call.ws, by=call.by, audience_id=audience_id, cursor=cursor, limit=limit)
    rows = [
        AudienceVersionOut(
            version=one.version,
            cause=one.cause,
            count=one.members,
            entered=one.entered,
            left=one.left,
            definition_hash=one.definition_hash,
            computed_at=one.at,
        )
        for one in page.rows
    ]
    return AudienceVersionsOut(rows=rows, next_cursor=page.next_cursor)
