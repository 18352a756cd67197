"""Looking at callbacks, and having them worked once more."""

from wellspring.channels.contracts import Callback, CallbackState
from wellspring.channels.errors import CallbackUnknown
from wellspring.channels.repo import callbacks as rows
from wellspring.channels.service import keeping
from wellspring.kernel import audit, pumps
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.workspace import Workspace


def page(
    ws: Workspace, *, account_id: str | None, state: CallbackState | None, event: str | None, cursor: str | None, limit: int | None
) -> Page[Callback]:
    """The newest first."""
    size = limit_of(limit)
    before = decode_cursor(cursor, length=1)[0] if cursor else None
    if before is not None and not isinstance(before, int):
        raise Invalid(field="cursor", reason="not a cursor of this list")
    with ws.sql.read() as tx:
        found = rows.listing(tx, account_id=account_id, state=state, event=event, before=before, limit=size + 1)
    shown = [shaped(row) for row in found[:size]]
    return Page(shown, encode_cursor([shown[-1].id]) if len(found) > size else None)


def replay(ws: Workspace, *, by: Principal, callback_id: int) -> None:
    """Works one again: a refused one is judged with today's keys first. Raises CallbackUnknown, CallbackRefused."""
    with ws.sql.read() as tx:
        row = rows.get(tx, callback_id)
    if row is None:
        raise CallbackUnknown
    if row["state"] == CallbackState.REJECTED:
        keeping.replay_rejected(ws, row)
    with ws.sql.write() as tx:
        rows.wait_again(tx, [callback_id])
        audit.append(ws.sql, tx, by=by, action="channels.callback.replay", subject=str(callback_id), at=ws.clock.now())
        ws.sql.after_commit(lambda: pumps.wake(keeping.PUMP))


def shaped(row: rows.Row) -> Callback:
    """A row as it crosses the front door."""
    names = ("id", "account_id", "event", "change", "reason", "times", "attempts", "happened_at", "received_at", "done_at")
    return Callback(state=CallbackState(row["state"]), **{name: row[name] for name in names})
