"""Lists of customer groups: the walk through all of them, what the console shows, and who is in which."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.channels import errors
from wellspring.channels.adapters.wecom import groups as wecom
from wellspring.channels.contracts.groups import Chat, GroupChange, GroupDay, GroupMember, GroupState, MemberChat
from wellspring.channels.repo import contacts
from wellspring.channels.repo import groups as repo
from wellspring.channels.service import corps, groups
from wellspring.channels.service.asking import account_of, asking
from wellspring.kernel import jobs, pumps
from wellspring.kernel.auth import Principal
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

JOB, DAYS_JOB = "channels.sync_groups", "channels.group_days"
_CHINA = dt.timezone(dt.timedelta(hours=8))
# Figures of the last days may still be counted up (page 92133 gives closed days only).
_DAYS_AGAIN = 3


def ask_sync(ws: Workspace, *, by: Principal, account_id: str) -> str:
    """Queues a walk through all groups of an account; gives the job."""
    account_of(ws, account_id)
    with ws.sql.write() as tx:
        return jobs.enqueue(ws, tx, JOB, {"account_id": account_id}, by=by)


def sync(running: jobs.Running) -> dict[str, Any]:
    """Lists every group, wants each fetched, and wants those fetched that the list did not name; the job of it."""
    ws, run = running.workspace, new_id("run")
    wanted = running.body.get("account_id")
    count = 0
    for account_id in [wanted] if wanted else corps.active(ws):
        owners = corps.userids(ws, account_id)
        ask = asking(ws, account_id)
        for start in range(0, len(owners), wecom.OWNERS_MAX):
            for page in wecom.listing(ask, owners[start : start + wecom.OWNERS_MAX]):
                _take(ws, account_id, page, run)
                count += len(page)
            running.progress(done=start, total=len(owners), note=account_id)
        with ws.sql.write() as tx:
            repo.unseen(tx, account_id, run, at=ws.clock.now())
            ws.sql.after_commit(lambda: pumps.wake(groups.PUMP))
    return {"groups": count}


def fetch_days(running: jobs.Running) -> dict[str, Any]:
    """Brings the figures of the last closed days; the job of it."""
    ws, count = running.workspace, 0
    today = ws.clock.now().astimezone(_CHINA).date()
    for account_id in corps.active(ws):
        owners = _group_owners(ws, account_id)
        for back in range(_DAYS_AGAIN, 0, -1):
            day = today - dt.timedelta(days=back)
            midnight = dt.datetime.combine(day, dt.time(), tzinfo=_CHINA)
            for start in range(0, len(owners), wecom.OWNERS_MAX):
                found = wecom.days(asking(ws, account_id), owners[start : start + wecom.OWNERS_MAX], midnight)
                with ws.sql.write() as tx:
                    for owner, counts in found.items():
                        row = {"account_id": account_id, "owner": owner, "day": day, "counts": counts}
                        repo.keep_day(tx, row | {"fetched_at": ws.clock.now()})
                count += len(found)
            running.progress(done=count, note=str(day))
    return {"days": count}


def listing(
    ws: Workspace,
    *,
    by: Principal,
    account_id: str | None,
    owner: str | None,
    state: str | None,
    q: str | None = None,
    cursor: str | None,
    limit: int | None,
) -> Page[Chat]:
    """Groups in order of their ids, those of the caller's staff only where the caller sees a part of the brand."""
    size = limit_of(limit)
    after = decode_cursor(cursor, length=2) if cursor else None
    owners = corps.visible(ws, by)
    if owner is not None:
        owners = [owner] if owners is None or owner in owners else []
    with ws.sql.read() as tx:
        place = (str(after[0]), str(after[1])) if after else None
        rows = repo.page(tx, account_id=account_id, owners=owners, state=state, q=q, after=place, limit=size + 1)
        shown = [_chat(ws, tx, row) for row in rows[:size]]
    return Page(shown, encode_cursor([rows[size - 1].account_id, rows[size - 1].chat_id]) if len(rows) > size else None)


def one(ws: Workspace, *, by: Principal, chat_id: str) -> Chat:
    """One group. Raises ChatUnknown."""
    owners = corps.visible(ws, by)
    with ws.sql.read() as tx:
        return _chat(ws, tx, _demand(tx, chat_id, owners))


def members(ws: Workspace, *, by: Principal, chat_id: str, with_left: bool, cursor: str | None, limit: int | None) -> Page[GroupMember]:
    """Who is (with `with_left`: or was) in a group. Raises ChatUnknown."""
    size, after = limit_of(limit), str(decode_cursor(cursor, length=1)[0]) if cursor else ""
    owners = corps.visible(ws, by)
    with ws.sql.read() as tx:
        row = _demand(tx, chat_id, owners)
        rows = repo.present(tx, row.account_id, chat_id, after=after, limit=size + 1, with_left=with_left)
    held = people.holders_of(ws, member_nos=[one.member_no for one in rows[:size]])
    shown = [_member(one, number) for one, number in zip(rows[:size], held, strict=True)]
    return Page(shown, encode_cursor([rows[size - 1].userid]) if len(rows) > size else None)


def history(ws: Workspace, *, by: Principal, chat_id: str, cursor: str | None, limit: int | None) -> Page[GroupChange]:
    """What happened in a group, the newest first. Raises ChatUnknown."""
    size, before = limit_of(limit), int(str(decode_cursor(cursor, length=1)[0])) if cursor else None
    owners = corps.visible(ws, by)
    with ws.sql.read() as tx:
        row = _demand(tx, chat_id, owners)
        rows = repo.changes(tx, row.account_id, chat_id, before=before, limit=size + 1)
    return Page(rows[:size], encode_cursor([rows[size - 1].id]) if len(rows) > size else None)


def days(ws: Workspace, *, account_id: str, first: dt.date, last: dt.date, owner: str | None) -> list[GroupDay]:
    """What the platform counted on these days."""
    with ws.sql.read() as tx:
        return [GroupDay(owner=row.owner, day=row.day, **row.counts) for row in repo.days(tx, account_id, first, last, owner)]


def of_member(ws: Workspace, *, member_no: int) -> list[MemberChat]:
    """The groups that a member is and was in, the latest first."""
    with ws.sql.read() as tx:
        rows = repo.of_numbers(tx, people.numbers_held(ws, member_no=member_no))
    return [MemberChat(row.account_id, row.chat_id, row.chat_name, row.owner, row.joined_at, row.state, row.left_at) for row in rows]


def is_known(ws: Workspace, chat_id: str) -> bool:
    """Whether there is, or was, such a group."""
    with ws.sql.read() as tx:
        return repo.named(tx, chat_id) is not None


def members_in(ws: Workspace, chat_id: str, at: dt.datetime | None) -> BitMap:
    """The members who are in a group now, or were at an instant, as the members who they are today."""
    held = people.holders(ws)
    with ws.sql.read() as tx:
        return BitMap(held.get(number, number) for number in repo.numbers_in(tx, chat_id, at))


def _take(ws: Workspace, account_id: str, page: Sequence[tuple[str, GroupState]], run: str) -> None:
    with ws.sql.write() as tx:
        for chat_id, state in page:
            repo.want(tx, account_id, chat_id, at=ws.clock.now(), state=state, seen_in=run)
        ws.sql.after_commit(lambda: pumps.wake(groups.PUMP))


def _group_owners(ws: Workspace, account_id: str) -> list[str]:
    with ws.sql.read() as tx:
        return repo.owners(tx, account_id)


def _demand(tx: Tx, chat_id: str, owners: Sequence[str] | None) -> repo.Row:
    row = repo.named(tx, chat_id)
    if row is None or (owners is not None and row.owner not in owners):
        raise errors.ChatUnknown
    return row


def _chat(ws: Workspace, tx: Tx, row: repo.Row) -> Chat:
    staff: Mapping[str, str | None] = contacts.staff_ids(tx, row.account_id, [row.owner])
    return Chat(
        account_id=row.account_id,
        chat_id=row.chat_id,
        name=row.name,
        owner=row.owner,
        staff_id=staff.get(row.owner),
        state=GroupState(row.state),
        notice=ws.keys.open(row.notice, context=groups.NOTICE) if row.notice else "",
        admins=tuple(row.admins),
        members_count=row.members_count,
        customers_count=row.customers_count,
        created_at=row.created_at,
        fetched_at=row.fetched_at,
        dissolved_at=row.dissolved_at,
        is_stale=row.wanted_no > row.fetched_no,
    )


def _member(row: repo.Row, number: int) -> GroupMember:
    return GroupMember(
        userid=row.userid,
        is_staff=row.is_staff,
        member_no=number,
        name_masked=row.name_masked,
        joined_at=row.joined_at,
        join_scene=row.join_scene,
        state=row.state,
        invited_by=row.invited_by,
        left_at=row.left_at,
        was_removed=row.was_removed,
    )
