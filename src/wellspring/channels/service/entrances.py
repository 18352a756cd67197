"""Ways in: wished in one transaction, made by one call, found again where its answer was lost, never made twice.

Who wishes inside a transaction gets a planned entrance, and the pump calls right after the commit. A change is the whole
new draft and may be repeated, so the newest one is sent until the platform has it.
"""

import datetime as dt
from typing import Any

from wellspring.channels import errors
from wellspring.channels.adapters.wecom.entrances import MAKERS, Made, join_way_chats, join_way_picture
from wellspring.channels.contracts.accounts import AccountKind
from wellspring.channels.contracts.ways import Entrance, EntranceDraft, EntranceKind, EntranceState, Settlement
from wellspring.channels.events import EntranceChanged
from wellspring.channels.repo import entrances as repo
from wellspring.channels.rules import ways
from wellspring.channels.service.asking import account_of, asking
from wellspring.kernel import audit, bus, failpoints, pumps
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

PUMP = "channels.entrances"
# One step of the pump; it comes back at once while there is more.
_STEP = 20
# What was accepted is listed within minutes; whoever is not listed after this was never made.
_LISTED_AFTER = dt.timedelta(minutes=10)
_LOOK_EVERY = dt.timedelta(minutes=1)
_ATTEMPTS_MAX = 3
_RETRY_MAX = dt.timedelta(hours=1)
# The platform does not know the id: whoever wanted it gone has that.
_GONE = frozenset({41044, 40058, 41043})
# Busy, or two at once: it passes.
_PASSING = frozenset({-1, 6000, 45033, 45035})
_ACCOUNTS = {EntranceKind.SCENE: AccountKind.OFFICIAL}


def create(ws: Workspace, *, by: Principal, account_id: str, draft: EntranceDraft) -> Entrance:
    """Keeps the wish and, outside a transaction, makes it. Raises DraftRefused, MarkTaken, AccountUnknown, KindMismatch."""
    kind = ways.KINDS[type(draft)]
    if account_of(ws, account_id).kind is not _ACCOUNTS.get(kind, AccountKind.WECOM):
        raise errors.KindMismatch
    entrance_id, now = new_id("ent"), ws.clock.now()
    draft = ways.marked(draft, ways.mark_of(draft) or f"w{entrance_id[-20:]}")
    _demand_sound(draft)
    mark, is_nested = ways.mark_of(draft), ws.sql.is_writing
    with ws.sql.write() as tx:
        ws.sql.lock(tx, f"channels.entrance.{account_id}")
        if repo.by_mark(tx, account_id, kind, mark) is not None:
            raise errors.MarkTaken(mark=mark)
        row: dict[str, Any] = {
            "id": entrance_id,
            "account_id": account_id,
            "kind": kind,
            "mark": mark,
            "mark_held": mark,
            "draft": ways.kept(draft),
        }
        row |= {"state": EntranceState.PLANNED, "revision": 1, "applied_revision": 0, "attempts": 0, "due_at": now}
        repo.add(tx, row | {"created_by": by.id, "created_at": now, "updated_at": now})
        audit.append(ws.sql, tx, by=by, action="channels.entrance.create", subject=entrance_id, at=now, detail={"kind": kind, "mark": mark})
        ws.sql.after_commit(lambda: pumps.wake(PUMP))
        if is_nested:
            return _read(tx, entrance_id)
    return attempt(ws, entrance_id)


def update(ws: Workspace, *, by: Principal, entrance_id: str, draft: EntranceDraft) -> Entrance:
    """Makes the whole draft the wish; kind and mark stay. Raises EntranceUnknown, DraftRefused, KindMismatch."""
    now, is_nested = ws.clock.now(), ws.sql.is_writing
    with ws.sql.write() as tx:
        row = _demand(tx, entrance_id)
        kind = EntranceKind(row.kind)
        if ways.KINDS[type(draft)] is not kind:
            raise errors.KindMismatch
        draft = ways.marked(draft, row.mark)
        _demand_sound(draft)
        if ways.kept(draft) != row.draft:
            mark = ways.mark_of(draft)
            if mark != row.mark and repo.by_mark(tx, row.account_id, kind, mark) is not None:
                raise errors.MarkTaken(mark=mark)
            values = {"draft": ways.kept(draft), "revision": row.revision + 1, "due_at": now, "mark": mark, "mark_held": mark}
            repo.change(tx, entrance_id, updated_at=now, error_code=None, **values)
            audit.append(
                ws.sql, tx, by=by, action="channels.entrance.change", subject=entrance_id, at=now, detail={"draft": values["draft"]}
            )
            ws.sql.after_commit(lambda: pumps.wake(PUMP))
        if is_nested:
            return _read(tx, entrance_id)
    return attempt(ws, entrance_id)


def delete(ws: Workspace, *, by: Principal, entrance_id: str) -> Entrance:
    """Takes it out of use at the platform; what was never made is gone at once. Raises EntranceUnknown."""
    now, is_nested = ws.clock.now(), ws.sql.is_writing
    with ws.sql.write() as tx:
        row = _demand(tx, entrance_id)
        never_made = row.remote_id is None and row.called_at is None
        gone = {"state": EntranceState.DELETED, "mark_held": None, "due_at": None}
        values: dict[str, Any] = gone if never_made else {"state": EntranceState.DELETING, "due_at": now}
        repo.change(tx, entrance_id, updated_at=now, **values)
        audit.append(ws.sql, tx, by=by, action="channels.entrance.delete", subject=entrance_id, at=now)
        ws.sql.after_commit(lambda: pumps.wake(PUMP))
        if never_made or is_nested:
            return _read(tx, entrance_id)
    return attempt(ws, entrance_id)


def settle(ws: Workspace, *, by: Principal, entrance_id: str, how: Settlement) -> Entrance:
    """What a person decides of one that is unknown or failed. Raises EntranceUnknown."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        row = _demand(tx, entrance_id)
        if row.state not in {EntranceState.UNKNOWN, EntranceState.FAILED}:
            return repo.told(row)
        if how is Settlement.LEAVE:
            repo.change(tx, entrance_id, state=EntranceState.DELETED, mark_held=None, due_at=None, updated_at=now)
        elif how is Settlement.MAKE_AGAIN or row.state == EntranceState.FAILED:
            repo.change(tx, entrance_id, state=EntranceState.PLANNED, attempts=0, due_at=now, updated_at=now)
        else:
            repo.change(tx, entrance_id, due_at=now, updated_at=now)
        audit.append(ws.sql, tx, by=by, action="channels.entrance.settle", subject=entrance_id, at=now, detail={"how": how})
    return attempt(ws, entrance_id)


def one(ws: Workspace, entrance_id: str) -> Entrance:
    """An entrance. Raises EntranceUnknown."""
    with ws.sql.read() as tx:
        return _read(tx, entrance_id)


def chats(ws: Workspace, entrance_id: str) -> list[str]:
    """The groups that a join way leads into now."""
    found = one(ws, entrance_id)
    if found.kind is not EntranceKind.JOIN_WAY or found.remote_id is None:
        raise errors.EntranceUnknown
    return join_way_chats(asking(ws, found.account_id), found.remote_id)


def listing(
    ws: Workspace, kind: EntranceKind, *, account_id: str | None, state: str | None, cursor: str | None, limit: int | None
) -> Page[Entrance]:
    """The newest of a kind first."""
    size, before = limit_of(limit), str(decode_cursor(cursor, length=1)[0]) if cursor else None
    with ws.sql.read() as tx:
        rows = repo.page(tx, kind, account_id=account_id, state=state, before=before, limit=size + 1)
    shown = [repo.told(row) for row in rows[:size]]
    return Page(shown, encode_cursor([shown[-1].id]) if len(rows) > size else None)


def step(ws: Workspace) -> int:
    """Does what is due; the pump's step."""
    with ws.sql.read() as tx:
        ids = repo.due(tx, ws.clock.now(), limit=_STEP)
    for entrance_id in ids:
        attempt(ws, entrance_id)
    return len(ids)


def attempt(ws: Workspace, entrance_id: str) -> Entrance:
    """Makes the one call that the entrance needs next, unless somebody else does; gives how it stands then."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        row = repo.lease(tx, entrance_id, now)
        if row is None or row.due_at is None or row.due_at > now:
            if row is not None:
                repo.settle(tx, row, row.updated_at)
            return _read(tx, entrance_id)
        if row.state == EntranceState.PLANNED:
            # From here on it may exist: whoever comes after a crash looks for it first.
            repo.change(tx, entrance_id, state=EntranceState.CALLING, called_at=now, attempts=row.attempts + 1)
    failpoints.hit("channels.entrances.before_call")
    values = _call(ws, row)
    failpoints.hit("channels.entrances.after_call")
    with ws.sql.write() as tx:
        newest = repo.row(tx, entrance_id)
        if newest is not None and newest.state == EntranceState.DELETING and row.state != EntranceState.DELETING:
            # Somebody wanted it gone while it was being made.
            values |= {"state": EntranceState.DELETING, "due_at": ws.clock.now()}
        if repo.settle(tx, row, ws.clock.now(), **values):
            tell(ws, tx, entrance_id)
        return _read(tx, entrance_id)


def tell(ws: Workspace, tx: Tx, entrance_id: str) -> None:
    """Tells others how an entrance stands now."""
    entrance = _read(tx, entrance_id)
    told = EntranceChanged(entrance.account_id, entrance.id, str(entrance.kind), str(entrance.state))
    bus.tell(ws.sql, tx, told, at=ws.clock.now())


def _call(ws: Workspace, row: repo.Row) -> dict[str, Any]:
    """What the row becomes by its call. A crash leaves it `calling`, which is looked for like `unknown`."""
    now = ws.clock.now()
    try:
        if row.state == EntranceState.PLANNED:
            return _made(ws, row)
        if row.state in {EntranceState.CALLING, EntranceState.UNKNOWN}:
            return _looked_for(ws, row)
        if row.state == EntranceState.DELETING:
            return _deleted(ws, row)
        return _changed(ws, row)
    except errors.OutcomeUnknown:
        return {"state": EntranceState.UNKNOWN, "due_at": now + _LOOK_EVERY}
    except errors.ChannelFailed as failure:
        return _after(row, failure, now)
    except WellspringError:
        # The account is paused, or has no secret: that is for a person to change.
        state = {"state": EntranceState.PLANNED} if row.state == EntranceState.PLANNED else {}
        return state | {"due_at": now + _RETRY_MAX}


def _made(ws: Workspace, row: repo.Row) -> dict[str, Any]:
    draft = ways.read(EntranceKind(row.kind), row.draft)
    return _there(ws, row, MAKERS[EntranceKind(row.kind)].make(asking(ws, row.account_id), draft))


def _there(ws: Workspace, row: repo.Row, made: Made, *, revision: int | None = None) -> dict[str, Any]:
    address = made.address
    if row.kind == EntranceKind.JOIN_WAY:
        try:
            address = join_way_picture(asking(ws, row.account_id), made.remote_id)
        except errors.ChannelFailed:
            # It is made; its picture is asked for when it is next looked at.
            address = None
    applied = row.revision if revision is None else revision
    values = {"state": EntranceState.ACTIVE, "remote_id": made.remote_id, "address": address, "error_code": None}
    return values | _next(ws, row, applied)


def _next(ws: Workspace, row: repo.Row, applied: int) -> dict[str, Any]:
    """Nothing is to do once the newest draft was applied; another one may have been wished meanwhile."""
    with ws.sql.read() as tx:
        newest = repo.row(tx, row.id)
    is_newer = newest is not None and newest.revision > applied
    return {"applied_revision": applied, "due_at": ws.clock.now() if is_newer else None}


def _looked_for(ws: Workspace, row: repo.Row) -> dict[str, Any]:
    now, kind = ws.clock.now(), EntranceKind(row.kind)
    finder = MAKERS[kind].find
    if finder is None or row.called_at is None:
        return {"state": EntranceState.UNKNOWN, "due_at": None}

    def known(listed: list[str]) -> set[str]:
        with ws.sql.read() as tx:
            return repo.known_remotes(tx, row.account_id, kind, listed)

    found = finder(asking(ws, row.account_id), row.mark, row.called_at, now, known)
    if found is not None:
        # Which draft it was made with is not told: the newest one is sent again.
        return _there(ws, row, found, revision=0) | {"due_at": now}
    if now - row.called_at < _LISTED_AFTER:
        return {"state": EntranceState.UNKNOWN, "due_at": now + _LOOK_EVERY}
    if row.attempts < _ATTEMPTS_MAX:
        return {"state": EntranceState.PLANNED, "due_at": now}
    return {"state": EntranceState.FAILED, "due_at": None}


def _changed(ws: Workspace, row: repo.Row) -> dict[str, Any]:
    if row.remote_id is None or row.applied_revision == row.revision:
        return {"due_at": None}
    kind = EntranceKind(row.kind)
    MAKERS[kind].change(asking(ws, row.account_id), row.remote_id, ways.read(kind, row.draft))
    return {"error_code": None} | _next(ws, row, row.revision)


def _deleted(ws: Workspace, row: repo.Row) -> dict[str, Any]:
    remote_id = row.remote_id
    if remote_id is None:
        found = _looked_for(ws, row)
        remote_id = found.get("remote_id")
        if remote_id is None and found["state"] == EntranceState.UNKNOWN and found["due_at"] is not None:
            return {"due_at": found["due_at"]}
    if remote_id is not None:
        try:
            MAKERS[EntranceKind(row.kind)].delete(asking(ws, row.account_id), remote_id)
        except errors.ChannelFailed as failure:
            if failure.errcode not in _GONE:
                raise
    return {"state": EntranceState.DELETED, "remote_id": remote_id, "mark_held": None, "due_at": None, "error_code": None}


def _after(row: repo.Row, failure: errors.ChannelFailed, now: dt.datetime) -> dict[str, Any]:
    """A refusal is final until somebody changes the draft; a limit and a broken line are waited for."""
    if isinstance(failure, errors.ChannelLimited | errors.ChannelUnreachable) or failure.errcode in _PASSING:
        pause = dt.timedelta(seconds=failure.retry_seconds) if failure.retry_seconds else _LOOK_EVERY * min(2**row.attempts, 60)
        state = {"state": EntranceState.PLANNED} if row.state == EntranceState.PLANNED else {}
        return state | {"error_code": failure.errcode, "due_at": now + min(pause, _RETRY_MAX)}
    state = {"state": EntranceState.FAILED} if row.state == EntranceState.PLANNED else {}
    return state | {"error_code": failure.errcode, "due_at": None}


def _demand_sound(draft: EntranceDraft) -> None:
    for field, zh, en in ways.faults(draft):
        raise errors.DraftRefused(field=field, zh_reason=zh, en_reason=en)


def _demand(tx: Tx, entrance_id: str) -> repo.Row:
    row = repo.row(tx, entrance_id)
    if row is None or row.state == EntranceState.DELETED:
        raise errors.EntranceUnknown
    return row


def _read(tx: Tx, entrance_id: str) -> Entrance:
    row = repo.row(tx, entrance_id)
    if row is None:
        raise errors.EntranceUnknown
    return repo.told(row)
