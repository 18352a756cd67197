"""The event catalogue and what arrived last."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from wellspring.activity import api
from wellspring.activity.contracts import Permission
from wellspring.kernel.web import Call, Out, allow

router = APIRouter(prefix="/api/events", tags=["events"])

Reader = Annotated[Call, allow(Permission.EVENT_READ)]


class EventKindOut(Out):
    """A kind of event; `drift` when a property of it was seen with several types."""

    kind: str
    type: str
    count: int
    first_at: dt.datetime
    last_at: dt.datetime
    drift: bool


class EventKindsOut(Out):
    """The catalogue, most frequent first."""

    rows: list[EventKindOut]
    next_cursor: str | None = None
    total: int | None = None


class EventPropertyOut(Out):
    """A property with the types it was seen with and how often."""

    name: str
    types: dict[str, int]
    last_seen_at: dict[str, dt.datetime]
    drift: bool
    sample_values: list[str | int | float | bool]


class EventPropertiesOut(Out):
    """The properties of a kind."""

    kind: str
    rows: list[EventPropertyOut]


class TimelineEventOut(Out):
    """One event."""

    arrival_no: int
    member_no: int
    kind: str
    type: str
    at: dt.datetime
    received_at: dt.datetime
    message_id: str
    source: str
    import_id: str
    is_late: bool
    is_future: bool
    is_historical: bool
    props: dict[str, Any]


class TimelineOut(Out):
    """A page of events."""

    rows: list[TimelineEventOut]
    next_cursor: str | None
    total: int | None = None


@router.get("/catalogue")
def list_kinds(call: Reader) -> EventKindsOut:
    """Every kind of event ever seen, with counts."""
    kinds = api.event_kinds(call.ws)
    return EventKindsOut(rows=[EventKindOut.model_validate(kind) for kind in kinds], total=len(kinds))


@router.get("/catalogue/{kind}")
def list_properties(call: Reader, kind: Annotated[str, Path(max_length=200)]) -> EventPropertiesOut:
    """The properties of a kind with the types they were seen with."""
    return EventPropertiesOut(
        kind=kind, rows=[EventPropertyOut.model_validate(entry) for entry in api.event_properties(call.ws, kind=kind)]
    )


@router.get("/recent")
def list_recent(call: Reader, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> TimelineOut:
    """The events that arrived last."""
    found = api.recent_events(call.ws, by=call.by, limit=limit)
    return TimelineOut(rows=[TimelineEventOut.model_validate(event) for event in found], next_cursor=None)
