"""Hand-over in service and after leaving: planned in one transaction, asked for in pieces, followed until each one ended.

A piece whose call was not answered is unknown, and the platform's list of results tells what became of it; a customer
who is on no such list after a while was not taken, and is asked for again.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from wellspring.channels import errors
from wellspring.channels.adapters.wecom import groups as wecom_groups
from wellspring.channels.adapters.wecom import transfers as wecom
from wellspring.channels.contracts.transfers import (
    CUSTOMERS_MAX,
    CUSTOMERS_PER_CALL,
    ENDED,
    MESSAGE_MAX,
    TRANSFER_WINDOW,
    Transfer,
    TransferCustomer,
    TransferDraft,
    TransferKind,
    TransferPlan,
    TransferState,
    Unassigned,
)
from wellspring.channels.events import TransferEnded
from wellspring.channels.repo import groups as group_repo
from wellspring.channels.repo import transfers as repo
from wellspring.channels.rules import transfers as rules
from wellspring.channels.service import groups
from wellspring.channels.service.asking import account_of, asking
from wellspring.kernel import audit, bus, failpoints, pumps
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import iso
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

PUMP = "channels.transfers"
# The customer may refuse for a day; whoever asks more often learns nothing.
_FOLLOW = dt.timedelta(hours=1)
_RETRY = dt.timedelta(minutes=5)
_LISTED_AFTER = dt.timedelta(minutes=10)
_BEFORE = dt.timedelta(minutes=5)
_UNASSIGNED_MAX = 5_000


def plan(ws: Workspace, draft: TransferDraft) -> TransferPlan:
    """Who would be handed over, and who not and why. Raises AccountUnknown, DraftRefused."""
    _demand_sound(ws, draft)
    wanted = list(dict.fromkeys(draft.external_userids)) or _everybody(ws, draft)
    now = ws.clock.now()
    with ws.sql.read() as tx:
        mine = set(repo.followed(tx, draft.account_id, draft.handover_userid))
        theirs = set(repo.followed(tx, draft.account_id, draft.takeover_userid))
        under_way = repo.under_way(tx, draft.account_id, wanted)
        recent = repo.recent(tx, draft.account_id, wanted, now - TRANSFER_WINDOW)
    taken, left = [], []
    for one in wanted[:CUSTOMERS_MAX]:
        reason = rules.left_out(
            one,
            followed=one in mine,
            by_successor=one in theirs,
            recent=recent.get(one, 0),
            is_under_way=one in under_way,
            kind=draft.kind,
        )
        if reason is None:
            taken.append(one)
        else:
            left.append(reason)
    return TransferPlan(tuple(taken), tuple(left))


def start(ws: Workspace, *, by: Principal, draft: TransferDraft) -> Transfer:
    """Keeps the hand-over and begins it. Raises TransferEmpty, AccountUnknown, DraftRefused."""
    planned = plan(ws, draft)
    if not planned.external_userids:
        reason = planned.left_out[0] if planned.left_out else ("", "", "没有客户", "there is no customer")
        raise errors.TransferEmpty(zh_reason=reason[2], en_reason=reason[3])
    now, transfer_id = ws.clock.now(), new_id("trf")
    row = {"id": transfer_id, "account_id": draft.account_id, "kind": draft.kind, "created_by": by.id, "created_at": now, "due_at": now}
    row |= {"handover_userid": draft.handover_userid, "takeover_userid": draft.takeover_userid, "message": draft.message}
    with ws.sql.write() as tx:
        repo.add(tx, row, planned.external_userids)
        told = {"handover": draft.handover_userid, "takeover": draft.takeover_userid, "customers": len(planned.external_userids)}
        audit.append(ws.sql, tx, by=by, action="channels.transfer.start", subject=transfer_id, at=now, detail=told)
        ws.sql.after_commit(lambda: pumps.wake(PUMP))
    return one(ws, transfer_id)


def refresh(ws: Workspace, *, transfer_id: str) -> Transfer:
    """Asks for the results now. Raises TransferUnknown."""
    one(ws, transfer_id)
    with ws.sql.write() as tx:
        repo.hurry(tx, transfer_id, ws.clock.now())
    advance(ws, transfer_id)
    return one(ws, transfer_id)


def step(ws: Workspace) -> int:
    """Goes on with what is due; the pump's step."""
    with ws.sql.read() as tx:
        due = repo.due(tx, ws.clock.now(), limit=5)
    for transfer_id in due:
        advance(ws, transfer_id)
    return len(due)


def advance(ws: Workspace, transfer_id: str) -> None:
    """Asks for what is planned, and for the results of what was asked for, unless somebody else is at it."""
    with ws.sql.write() as tx:
        leased = repo.lease(tx, transfer_id, ws.clock.now())
    if leased is None:
        return
    pause = _FOLLOW
    try:
        _ask(ws, leased)
        _follow(ws, leased)
    except errors.ChannelFailed as failure:
        pause = dt.timedelta(seconds=failure.retry_seconds) if failure.retry_seconds else _RETRY
    except WellspringError:
        pause = _FOLLOW
    now = ws.clock.now()
    with ws.sql.write() as tx:
        standing = repo.open_customers(tx, transfer_id)
        soon = any(row.state in {TransferState.PLANNED, TransferState.UNKNOWN, TransferState.CALLING} for row in standing)
        again = now + (min(pause, _RETRY) if soon else pause) if standing else None
        repo.release(tx, leased, due_at=again, ended_at=None if standing else now)


def one(ws: Workspace, transfer_id: str) -> Transfer:
    """A hand-over. Raises TransferUnknown."""
    with ws.sql.read() as tx:
        row = repo.one(tx, transfer_id)
        if row is None:
            raise errors.TransferUnknown
        return _told(row, repo.counts(tx, [transfer_id]))


def listing(ws: Workspace, *, account_id: str | None, cursor: str | None, limit: int | None) -> Page[Transfer]:
    """Hand-overs, the newest first."""
    size, before = limit_of(limit), str(decode_cursor(cursor, length=1)[0]) if cursor else None
    with ws.sql.read() as tx:
        rows = repo.page(tx, account_id, before=before, limit=size + 1)
        counts = repo.counts(tx, [row.id for row in rows])
    return Page([_told(row, counts) for row in rows[:size]], encode_cursor([rows[size - 1].id]) if len(rows) > size else None)


def customers(
    ws: Workspace, *, transfer_id: str, state: TransferState | None, cursor: str | None, limit: int | None
) -> Page[TransferCustomer]:
    """Customers of a hand-over. Raises TransferUnknown."""
    one(ws, transfer_id)
    size, after = limit_of(limit), str(decode_cursor(cursor, length=1)[0]) if cursor else ""
    with ws.sql.read() as tx:
        rows = repo.customers(tx, transfer_id, state=state, after=after, limit=size + 1)
    shown = [
        TransferCustomer(row.external_userid, TransferState(row.state), row.error_code, row.takeover_at, row.changed_at)
        for row in rows[:size]
    ]
    return Page(shown, encode_cursor([rows[size - 1].external_userid]) if len(rows) > size else None)


def unassigned(ws: Workspace, *, account_id: str) -> list[Unassigned]:
    """Customers of those who left whom nobody took over yet, as the platform lists them now."""
    account_of(ws, account_id)
    found = []
    for handover, external_userid, left_at in wecom.unassigned(asking(ws, account_id)):
        found.append(Unassigned(handover, external_userid, left_at))
        if len(found) >= _UNASSIGNED_MAX:
            break
    return found


def hand_over_groups(
    ws: Workspace, *, by: Principal, account_id: str, kind: TransferKind, chat_ids: Sequence[str], new_owner: str
) -> dict[str, int]:
    """Gives groups to another owner; the codes of those that could not be given. Each group is fetched afterwards.

    Raises ChannelFailed, OutcomeUnknown: then the fetch tells who owns them.
    """
    now = ws.clock.now()
    failed: dict[str, int] = {}
    try:
        for piece in rules.pieces(chat_ids, CUSTOMERS_PER_CALL):
            failed |= wecom_groups.hand_over(asking(ws, account_id), piece, new_owner, has_left=kind is TransferKind.RESIGNED)
    finally:
        with ws.sql.write() as tx:
            told = {"new_owner": new_owner, "groups": len(chat_ids), "failed": len(failed)}
            audit.append(ws.sql, tx, by=by, action="channels.group.hand_over", subject=account_id, at=now, detail=told)
            for chat_id in chat_ids:
                group_repo.want(tx, account_id, chat_id, at=now)
            ws.sql.after_commit(lambda: pumps.wake(groups.PUMP))
    return failed


def lost(ws: Workspace, tx: Tx, body: Mapping[str, Any]) -> None:
    """A relation ended by a hand-over: its result is there."""
    if body["reason"] == "transferred":
        repo.hurry_of(tx, body["account_id"], body["external_userid"], ws.clock.now())
        ws.sql.after_commit(lambda: pumps.wake(PUMP))


def _ask(ws: Workspace, leased: repo.Row) -> None:
    """Starts what is planned, a hundred at a time."""
    with ws.sql.read() as tx:
        planned = [row.external_userid for row in repo.open_customers(tx, leased.id) if row.state == TransferState.PLANNED]
    for piece in rules.pieces(planned, CUSTOMERS_PER_CALL):
        now = ws.clock.now()
        with ws.sql.write() as tx:
            # From here on they may be under way: whoever comes after a crash asks for the result.
            repo.change(tx, leased.id, piece, state=TransferState.CALLING, called_at=now, changed_at=now)
        failpoints.hit("channels.transfers.before_call")
        _ask_piece(ws, leased, piece)


def _ask_piece(ws: Workspace, leased: repo.Row, piece: Sequence[str]) -> None:
    kind = TransferKind(leased.kind)
    try:
        codes = wecom.start(asking(ws, leased.account_id), kind, leased.handover_userid, leased.takeover_userid, piece, leased.message)
    except errors.OutcomeUnknown:
        _move(ws, leased, dict.fromkeys(piece, TransferState.UNKNOWN), code=None)
        return
    except errors.ChannelFailed as failure:
        passes = isinstance(failure, errors.ChannelLimited | errors.ChannelUnreachable)
        state = TransferState.PLANNED if passes else rules.after_call(failure.errcode)
        _move(ws, leased, dict.fromkeys(piece, state), code=failure.errcode)
        if passes:
            raise
        return
    for code in {0, *codes.values()}:
        mine = {one: rules.after_call(code) for one in piece if codes.get(one, 0) == code}
        _move(ws, leased, mine, code=code or None)


def _follow(ws: Workspace, leased: repo.Row) -> None:
    """Takes the results of what is under way."""
    with ws.sql.read() as tx:
        standing = {row.external_userid: row for row in repo.open_customers(tx, leased.id) if row.state != TransferState.PLANNED}
    if not standing:
        return
    now = ws.clock.now()
    listed = set()
    kind = TransferKind(leased.kind)
    for result in wecom.results(asking(ws, leased.account_id), kind, leased.handover_userid, leased.takeover_userid):
        row, state = standing.get(result.external_userid), rules.after_result(result.status)
        # A result of an earlier hand-over between the same two says nothing of this one.
        if row is None or state is None or (result.at and row.called_at and result.at < row.called_at - _BEFORE):
            continue
        listed.add(result.external_userid)
        if state != row.state:
            _move(ws, leased, {result.external_userid: state}, code=None, takeover_at=result.at)
    for external_userid, row in standing.items():
        is_lost = external_userid not in listed and row.state in {TransferState.UNKNOWN, TransferState.CALLING}
        if is_lost and row.called_at is not None and now - row.called_at >= _LISTED_AFTER:
            _move(ws, leased, {external_userid: TransferState.PLANNED}, code=None)
        elif is_lost and row.state == TransferState.CALLING:
            _move(ws, leased, {external_userid: TransferState.UNKNOWN}, code=None)


def _move(
    ws: Workspace,
    leased: repo.Row,
    states: Mapping[str, TransferState],
    *,
    code: int | None,
    takeover_at: dt.datetime | None = None,
) -> None:
    """Writes where customers stand, and tells of those that ended."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        before = repo.states(tx, leased.id, list(states))
        by_state: dict[TransferState, list[str]] = {}
        for external_userid, told in states.items():
            state = rules.later(TransferState(before[external_userid]), told)
            by_state.setdefault(state, []).append(external_userid)
        for state, mine in by_state.items():
            values = {} if takeover_at is None else {"takeover_at": takeover_at}
            repo.change(tx, leased.id, mine, state=state, error_code=code, changed_at=now, **values)
            if state in ENDED:
                fresh = [one for one in mine if before[one] != state]
                bus.tell(ws.sql, tx, *[_ended(leased, one, state, now) for one in fresh], at=now)


def _ended(leased: repo.Row, external_userid: str, state: TransferState, at: dt.datetime) -> TransferEnded:
    return TransferEnded(
        account_id=leased.account_id,
        transfer_id=leased.id,
        external_userid=external_userid,
        handover_userid=leased.handover_userid,
        takeover_userid=leased.takeover_userid,
        state=str(state),
        at=iso(at),
    )


def _everybody(ws: Workspace, draft: TransferDraft) -> list[str]:
    if draft.kind is TransferKind.RESIGNED:
        return [one.external_userid for one in unassigned(ws, account_id=draft.account_id) if one.handover_userid == draft.handover_userid]
    with ws.sql.read() as tx:
        return repo.followed(tx, draft.account_id, draft.handover_userid)


def _demand_sound(ws: Workspace, draft: TransferDraft) -> None:
    account_of(ws, draft.account_id)
    if draft.handover_userid == draft.takeover_userid:
        raise errors.DraftRefused(field="takeover_userid", zh_reason="原员工与接替员工相同", en_reason="both are the same")
    if len(draft.message) > MESSAGE_MAX:
        raise errors.DraftRefused(field="message", zh_reason=f"不超过 {MESSAGE_MAX} 字", en_reason=f"at most {MESSAGE_MAX} characters")


def _told(row: repo.Row, counts: Mapping[str, Mapping[str, int]]) -> Transfer:
    return Transfer(
        id=row.id,
        account_id=row.account_id,
        kind=TransferKind(row.kind),
        handover_userid=row.handover_userid,
        takeover_userid=row.takeover_userid,
        message=row.message,
        counts=rules.counted(counts.get(row.id, {})),
        created_by=row.created_by,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
