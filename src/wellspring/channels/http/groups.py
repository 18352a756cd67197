"""The addresses of customer groups: lists, members, history, statistics."""

import datetime as dt
from typing import Annotated

import fastapi
import pydantic

from wellspring.channels import api
from wellspring.channels.contracts import Permission
from wellspring.channels.contracts.groups import GroupState, GroupVerb
from wellspring.channels.http.shapes import Cursor, Id, IdWanted, Limit, Moment
from wellspring.kernel.web import Call, In, Out, allow
from wellspring.people import api as people

router = fastapi.APIRouter(tags=["channels"])

_Read = Annotated[Call, allow(Permission.GROUP_READ)]


class ChatOut(Out):
    """A customer group. `members_count` is everybody in it now, staff included, `customers_count` the customers alone."""

    account_id: str
    chat_id: str
    name: str
    owner: str
    staff_id: str | None
    state: GroupState
    notice: str
    admins: list[str]
    members_count: int
    customers_count: int
    created_at: Moment | None
    fetched_at: Moment | None
    dissolved_at: Moment | None
    is_stale: bool


class ChatsOut(Out):
    """A page of groups."""

    rows: list[ChatOut]
    next_cursor: str | None
    total: int | None


class ChatMemberOut(Out):
    """Somebody in a group, masked; `member_id` where it is a member of ours."""

    userid: str
    is_staff: bool
    member_no: int
    member_id: str | None
    name_masked: str | None
    joined_at: Moment
    join_scene: int
    state: str
    invited_by: str | None
    left_at: Moment | None
    was_removed: bool | None


class ChatMembersOut(Out):
    """A page of a group's members."""

    rows: list[ChatMemberOut]
    next_cursor: str | None
    total: int | None


class ChatChangeOut(Out):
    """One thing that happened in a group."""

    id: int
    chat_id: str
    verb: GroupVerb
    userid: str
    member_no: int
    at: Moment
    scene: int
    state: str


class ChatChangesOut(Out):
    """A page of a group's history."""

    rows: list[ChatChangeOut]
    next_cursor: str | None
    total: int | None


class ChatDayOut(Out):
    """What the platform counted of an owner's groups on one day."""

    owner: str
    day: dt.date
    new_chats: int
    chats: int
    chats_with_messages: int
    new_members: int
    members: int
    members_with_messages: int
    messages: int


class MemberChatOut(Out):
    """A group that a member is, or was, in."""

    account_id: str
    chat_id: str
    name: str
    owner: str
    joined_at: Moment
    state: str
    left_at: Moment | None


class AccountWantedIn(In):
    """Of which account."""

    account_id: Annotated[str, pydantic.Field(max_length=64)]


class QueuedOut(Out):
    """A job that was queued."""

    job_id: str


@router.get("/api/groups")
def list_groups(
    call: _Read,
    account_id: IdWanted = None,
    owner: IdWanted = None,
    state: Annotated[GroupState | None, fastapi.Query()] = None,
    q: Annotated[str | None, fastapi.Query(max_length=40, description="part of a name")] = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> ChatsOut:
    """Customer groups in order of their ids, found by a part of their names; whoever sees a part of the brand sees those of its staff.

    A group that is `dissolved` stays listed with that state, so what chooses groups leaves it out.
    """
    page = api.groups(call.ws, by=call.by, account_id=account_id, owner=owner, state=state, q=q, cursor=cursor, limit=limit)
    return ChatsOut.model_validate(page)


@router.get("/api/groups/statistics")
def list_group_days(
    call: _Read,
    account_id: Annotated[str, fastapi.Query(max_length=64)],
    first: Annotated[dt.date | None, fastapi.Query(alias="from")] = None,
    last: Annotated[dt.date | None, fastapi.Query(alias="to")] = None,
    owner: IdWanted = None,
) -> list[ChatDayOut]:
    """What was counted on closed days, of the last 30 unless it is said otherwise."""
    until = last or call.ws.clock.now().date()
    found = api.group_days(call.ws, account_id=account_id, first=first or until - dt.timedelta(days=30), last=until, owner=owner)
    return [ChatDayOut.model_validate(one) for one in found]


@router.post("/api/groups/sync", status_code=202)
def sync_groups(call: Annotated[Call, allow(Permission.SYNC_RUN)], body: AccountWantedIn) -> QueuedOut:
    """Walks through all groups of an account."""
    return QueuedOut(job_id=api.sync_groups(call.ws, by=call.by, account_id=body.account_id))


@router.get("/api/groups/{chat_id}")
def read_group(call: _Read, chat_id: Id) -> ChatOut:
    """One group."""
    return ChatOut.model_validate(api.group(call.ws, by=call.by, chat_id=chat_id))


@router.post("/api/groups/{chat_id}/refresh")
def refresh_group(call: _Read, chat_id: Id) -> ChatOut:
    """Fetches a group now."""
    return ChatOut.model_validate(api.refresh_group(call.ws, by=call.by, chat_id=chat_id))


@router.get("/api/groups/{chat_id}/members")
def list_group_members(
    call: _Read, chat_id: Id, with_left: Annotated[bool | None, fastapi.Query()] = None, cursor: Cursor = None, limit: Limit = None
) -> ChatMembersOut:
    """Who is (or also was) in a group."""
    page = api.group_members(call.ws, by=call.by, chat_id=chat_id, with_left=bool(with_left), cursor=cursor, limit=limit)
    known = people.members_of(call.ws, by=call.by, member_nos=[one.member_no for one in page.rows if one.member_no])
    rows = []
    for one in page.rows:
        fields = {name: getattr(one, name) for name in ChatMemberOut.model_fields if hasattr(one, name)}
        rows.append(ChatMemberOut(**fields, member_id=known[one.member_no].id if one.member_no in known else None))
    return ChatMembersOut(rows=rows, next_cursor=page.next_cursor, total=page.total)


@router.get("/api/groups/{chat_id}/history")
def list_group_history(call: _Read, chat_id: Id, cursor: Cursor = None, limit: Limit = None) -> ChatChangesOut:
    """What happened in a group, the newest first."""
    return ChatChangesOut.model_validate(api.group_history(call.ws, by=call.by, chat_id=chat_id, cursor=cursor, limit=limit))


@router.get("/api/members/{member_id}/groups")
def list_groups_of_member(call: _Read, member_id: Id) -> list[MemberChatOut]:
    """The groups that a member is and was in."""
    number = people.member_no(call.ws, by=call.by, member_id=member_id)
    return [MemberChatOut.model_validate(one) for one in api.groups_of(call.ws, member_no=number)]
