"""The addresses of hand-over, and of what the platform counts of staff."""

import datetime as dt
from typing import Annotated

import fastapi
import pydantic

from wellspring.channels import api
from wellspring.channels.contracts import Permission
from wellspring.channels.contracts.transfers import TransferDraft, TransferKind, TransferState
from wellspring.channels.http.groups import QueuedOut
from wellspring.channels.http.shapes import Cursor, Id, IdWanted, Limit, Moment
from wellspring.channels.rules import codes
from wellspring.kernel.web import Call, In, Out, allow

router = fastapi.APIRouter(tags=["channels"])

_Name = Annotated[str, pydantic.Field(min_length=1, max_length=64)]
_Customers = Annotated[tuple[_Name, ...], pydantic.Field(max_length=20_000)]
_Read = Annotated[Call, allow(Permission.TRANSFER_READ)]
_Write = Annotated[Call, allow(Permission.TRANSFER_WRITE)]


class TransferIn(In):
    """A hand-over; without customers it is everybody whom the handing-over member of staff follows."""

    account_id: _Name
    kind: TransferKind = TransferKind.ON_JOB
    handover_userid: _Name
    takeover_userid: _Name
    external_userids: _Customers = ()
    message: Annotated[str, pydantic.Field(max_length=200)] = ""


class TransferLeftOutOut(Out):
    """A customer who cannot be handed over, and why."""

    external_userid: str
    code: str
    zh: str
    en: str


class TransferPlanOut(Out):
    """Who would be handed over, and who not."""

    external_userids: list[str]
    left_out: list[TransferLeftOutOut]


class TransferOut(Out):
    """A hand-over with how many customers stand where."""

    id: str
    account_id: str
    kind: TransferKind
    handover_userid: str
    takeover_userid: str
    message: str
    counts: dict[str, int]
    created_by: str
    created_at: Moment
    ended_at: Moment | None


class TransfersOut(Out):
    """A page of hand-overs."""

    rows: list[TransferOut]
    next_cursor: str | None
    total: int | None


class TransferCustomerOut(Out):
    """A customer of a hand-over; a refusal is told in plain words."""

    external_userid: str
    name_masked: str | None
    state: TransferState
    error_code: int | None
    error_zh: str | None
    error_en: str | None
    takeover_at: Moment | None
    changed_at: Moment


class TransferCustomersOut(Out):
    """A page of a hand-over's customers."""

    rows: list[TransferCustomerOut]
    next_cursor: str | None
    total: int | None


class UnassignedOut(Out):
    """A customer of somebody who left."""

    handover_userid: str
    external_userid: str
    name_masked: str | None = None
    left_at: Moment | None


class GroupTransferIn(In):
    """Groups to be given to another owner."""

    account_id: _Name
    kind: TransferKind = TransferKind.ON_JOB
    chat_ids: Annotated[tuple[_Name, ...], pydantic.Field(min_length=1, max_length=300)]
    new_owner: _Name


class GroupTransferFailureOut(Out):
    """A group that could not be given, and why."""

    chat_id: str
    error_code: int
    zh: str
    en: str


class GroupTransferOut(Out):
    """How many groups were given, and which could not be."""

    given: int
    failed: list[GroupTransferFailureOut]


class StaffDayOut(Out):
    """What the platform counted of one member of staff on one day."""

    userid: str
    day: dt.date
    new_applications: int
    new_contacts: int
    chats: int
    messages: int
    negative_feedback: int
    reply_percentage: float | None
    reply_minutes: float | None


class StaffDaysIn(In):
    """Which days to fetch; the last three unless it is said otherwise, half a year at most."""

    account_id: _Name
    first: dt.date | None = None
    last: dt.date | None = None


def _draft(body: TransferIn) -> TransferDraft:
    return TransferDraft(**body.model_dump())


@router.get("/api/channels/transfers")
def list_transfers(call: _Read, account_id: IdWanted = None, cursor: Cursor = None, limit: Limit = None) -> TransfersOut:
    """Hand-overs, the newest first."""
    return TransfersOut.model_validate(api.transfers(call.ws, account_id=account_id, cursor=cursor, limit=limit))


@router.post("/api/channels/transfers/plan")
def plan_transfer(call: _Read, body: TransferIn) -> TransferPlanOut:
    """Who would be handed over, and who not and why."""
    planned = api.plan_transfer(call.ws, draft=_draft(body))
    left = [TransferLeftOutOut(external_userid=one, code=code, zh=zh, en=en) for one, code, zh, en in planned.left_out]
    return TransferPlanOut(external_userids=list(planned.external_userids), left_out=left)


@router.post("/api/channels/transfers", status_code=201)
def start_transfer(call: _Write, body: TransferIn) -> TransferOut:
    """Hands customers over."""
    return TransferOut.model_validate(api.start_transfer(call.ws, by=call.by, draft=_draft(body)))


@router.get("/api/channels/transfers/{transfer_id}")
def read_transfer(call: _Read, transfer_id: Id) -> TransferOut:
    """One hand-over."""
    return TransferOut.model_validate(api.transfer(call.ws, transfer_id=transfer_id))


@router.post("/api/channels/transfers/{transfer_id}/refresh")
def refresh_transfer(call: _Write, transfer_id: Id) -> TransferOut:
    """Asks for the results now."""
    return TransferOut.model_validate(api.refresh_transfer(call.ws, transfer_id=transfer_id))


@router.get("/api/channels/transfers/{transfer_id}/customers")
def list_transfer_customers(
    call: _Read,
    transfer_id: Id,
    state: Annotated[TransferState | None, fastapi.Query()] = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> TransferCustomersOut:
    """The customers of a hand-over."""
    page = api.transfer_customers(call.ws, transfer_id=transfer_id, state=state, cursor=cursor, limit=limit)
    account_id = api.transfer(call.ws, transfer_id=transfer_id).account_id
    names = api.contact_names(call.ws, account_id=account_id, external_userids=[one.external_userid for one in page.rows])
    rows = []
    for one in page.rows:
        zh, en = codes.words(one.error_code)[:2] if one.error_code else (None, None)
        fields = {name: getattr(one, name) for name in TransferCustomerOut.model_fields if hasattr(one, name)}
        rows.append(TransferCustomerOut(**fields, name_masked=names.get(one.external_userid), error_zh=zh, error_en=en))
    return TransferCustomersOut(rows=rows, next_cursor=page.next_cursor, total=page.total)


@router.get("/api/channels/unassigned")
def list_unassigned(call: _Read, account_id: Annotated[str, fastapi.Query(max_length=64)]) -> list[UnassignedOut]:
    """Customers of those who left, as the platform lists them now."""
    rows = [UnassignedOut.model_validate(one) for one in api.unassigned(call.ws, account_id=account_id)]
    names = api.contact_names(call.ws, account_id=account_id, external_userids=[row.external_userid for row in rows])
    for row in rows:
        row.name_masked = names.get(row.external_userid)
    return rows


@router.post("/api/channels/group-transfers")
def hand_over_groups(call: _Write, body: GroupTransferIn) -> GroupTransferOut:
    """Gives groups to another owner."""
    failed = api.hand_over_groups(
        call.ws, by=call.by, account_id=body.account_id, kind=body.kind, chat_ids=body.chat_ids, new_owner=body.new_owner
    )
    told = [
        GroupTransferFailureOut(chat_id=chat_id, error_code=code, zh=codes.words(code)[0], en=codes.words(code)[1])
        for chat_id, code in failed.items()
    ]
    return GroupTransferOut(given=len(body.chat_ids) - len(failed), failed=told)


@router.get("/api/channels/staff-days")
def list_staff_days(
    call: Annotated[Call, allow(Permission.STAFF_DAY_READ)],
    account_id: Annotated[str, fastapi.Query(max_length=64)],
    userid: IdWanted = None,
    first: Annotated[dt.date | None, fastapi.Query(alias="from")] = None,
    last: Annotated[dt.date | None, fastapi.Query(alias="to")] = None,
) -> list[StaffDayOut]:
    """What was counted of staff, of the last 30 days unless it is said otherwise."""
    until = last or call.ws.clock.now().date()
    since = first or until - dt.timedelta(days=30)
    found = api.staff_days(call.ws, by=call.by, account_id=account_id, first=since, last=until, userid=userid)
    return [StaffDayOut.model_validate(one) for one in found]


@router.post("/api/channels/staff-days/sync", status_code=202)
def sync_staff_days(call: Annotated[Call, allow(Permission.SYNC_RUN)], body: StaffDaysIn) -> QueuedOut:
    """Fetches closed days."""
    job_id = api.sync_staff_days(call.ws, by=call.by, account_id=body.account_id, first=body.first, last=body.last)
    return QueuedOut(job_id=job_id)
