"""The front door of customer groups: what groups there are, who is and was in them, what happened there."""

import datetime as dt

from pyroaring import BitMap

from wellspring.channels.contracts.groups import Chat, GroupChange, GroupDay, GroupMember, MemberChat
from wellspring.channels.service import group_lists as _lists
from wellspring.channels.service import groups as _groups
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace


def groups(
    ws: Workspace,
    *,
    by: Principal,
    account_id: str | None = None,
    owner: str | None = None,
    state: str | None = None,
    q: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Chat]:
    """Customer groups in order of their ids, with `q` those of such a name; whoever sees a part of the brand sees its staff's."""
    return _lists.listing(ws, by=by, account_id=account_id, owner=owner, state=state, q=q, cursor=cursor, limit=limit)


def group(ws: Workspace, *, by: Principal, chat_id: str) -> Chat:
    """One group, as the newest fetch told it. Raises ChatUnknown."""
    return _lists.one(ws, by=by, chat_id=chat_id)


def refresh_group(ws: Workspace, *, by: Principal, chat_id: str) -> Chat:
    """Fetches a group now and gives it. Raises ChatUnknown."""
    found = _lists.one(ws, by=by, chat_id=chat_id)
    _groups.refresh(ws, found.account_id, chat_id)
    return _lists.one(ws, by=by, chat_id=chat_id)


def group_members(
    ws: Workspace, *, by: Principal, chat_id: str, with_left: bool = False, cursor: str | None = None, limit: int | None = None
) -> Page[GroupMember]:
    """Who is in a group, with `with_left` also who was. Raises ChatUnknown."""
    return _lists.members(ws, by=by, chat_id=chat_id, with_left=with_left, cursor=cursor, limit=limit)


def group_history(ws: Workspace, *, by: Principal, chat_id: str, cursor: str | None = None, limit: int | None = None) -> Page[GroupChange]:
    """What happened in a group, the newest first. Raises ChatUnknown."""
    return _lists.history(ws, by=by, chat_id=chat_id, cursor=cursor, limit=limit)


def group_days(ws: Workspace, *, account_id: str, first: dt.date, last: dt.date, owner: str | None = None) -> list[GroupDay]:
    """What the platform counted of owners' groups on closed days."""
    return _lists.days(ws, account_id=account_id, first=first, last=last, owner=owner)


def sync_groups(ws: Workspace, *, by: Principal, account_id: str) -> str:
    """Queues a walk through all groups of an account; gives the job's id. Raises AccountUnknown."""
    return _lists.ask_sync(ws, by=by, account_id=account_id)


def groups_of(ws: Workspace, *, member_no: int) -> list[MemberChat]:
    """The groups that a member is and was in, the latest first."""
    return _lists.of_member(ws, member_no=member_no)


def is_group_known(ws: Workspace, *, chat_id: str) -> bool:
    """Whether there is, or was, such a group."""
    return _lists.is_known(ws, chat_id)


def members_in_group(ws: Workspace, *, chat_id: str, at: dt.datetime | None = None) -> BitMap:
    """The members who are in a group now, or were at an instant, as the members who they are today."""
    return _lists.members_in(ws, chat_id, at)
