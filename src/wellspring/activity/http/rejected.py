"""Rejected input: what was refused and why, its content for those who may see it, and taking it in again."""

import datetime as dt
from typing import Annotated, Any

import pydantic
from fastapi import APIRouter, Query

from wellspring.activity import api
from wellspring.activity.contracts import IngestResult, Permission
from wellspring.kernel.web import Call, In, Out, allow

router = APIRouter(prefix="/api/rejected", tags=["rejected"])

Reader = Annotated[Call, allow(Permission.REJECTED_READ)]
Replayer = Annotated[Call, allow(Permission.REJECTED_REPLAY)]


class RejectedRowOut(Out):
    """A reject without its content."""

    id: str
    source: str
    code: str
    zh: str
    en: str
    type: str
    received_at: dt.datetime
    times: int
    state: str
    replayed_at: dt.datetime | None


class RejectedOut(RejectedRowOut):
    """A reject with its content."""

    message: Any


class RejectedPageOut(Out):
    """A page of rejects."""

    rows: list[RejectedRowOut]
    next_cursor: str | None
    total: int | None = None


class ReplayIn(In):
    """A mended message; without one the message is judged again as it was."""

    message: dict[str, Any] | None = None


class ReplayManyIn(In):
    """Which open rejects to judge again: those named, or those of a code, or all; up to 1,000."""

    code: Annotated[str | None, pydantic.Field(max_length=60)] = None
    ids: Annotated[list[str], pydantic.Field(max_length=1000)] = pydantic.Field(default_factory=list)


class ReplayedOut(Out):
    """What became of the messages."""

    accepted: int
    repeated: int
    rejected: int


@router.get("")
def list_rejected(
    call: Reader,
    source: Annotated[str | None, Query(max_length=120)] = None,
    code: Annotated[str | None, Query(max_length=60)] = None,
    state: Annotated[str | None, Query(max_length=12)] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int | None, Query(ge=1, le=200)] = None,
) -> RejectedPageOut:
    """Rejected input, the newest first."""
    page = api.rejected(call.ws, source=source, code=code, state=state, cursor=cursor, limit=limit)
    return RejectedPageOut(rows=[RejectedRowOut.model_validate(row) for row in page.rows], next_cursor=page.next_cursor)


@router.get("/{rejected_id}")
def get_rejected(call: Annotated[Call, allow(Permission.REJECTED_INSPECT)], rejected_id: str) -> RejectedOut:
    """One reject with its content, which may hold personal values; the reading is audited."""
    row, message = api.rejected_content(call.ws, rejected_id=rejected_id, by=call.by)
    return RejectedOut(**RejectedRowOut.model_validate(row).model_dump(), message=message)


@router.post("/replay")
def replay_many(call: Replayer, body: ReplayManyIn) -> ReplayedOut:
    """Judges many rejects again."""
    return _replayed(api.replay_many(call.ws, by=call.by, code=body.code, ids=body.ids))


@router.post("/{rejected_id}/replay")
def replay(call: Replayer, rejected_id: str, body: ReplayIn | None = None) -> ReplayedOut:
    """Judges one reject again, mended if a message is given, under its first id and times."""
    message = None if body is None else body.message
    return _replayed(api.replay(call.ws, rejected_id=rejected_id, by=call.by, message=message))


def _replayed(result: IngestResult) -> ReplayedOut:
    return ReplayedOut(accepted=result.accepted, repeated=result.repeated, rejected=result.rejected)
