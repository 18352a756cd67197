"""Dead letters: calls that failed for good, or of which nobody can tell what became; a person settles them."""

import datetime as dt
from typing import Any

from wellspring.engagement.contracts.touches import DeadLetter, Fate, Origin, OriginKind, ParcelState, Resolution, Told, Why
from wellspring.engagement.errors.touches import LetterUnknown
from wellspring.engagement.repo import ledger, views
from wellspring.engagement.repo.ledger import Row
from wellspring.engagement.service import settling, turns
from wellspring.kernel import audit, pumps
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.ids import new_id
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# Rows of a touch that was sent once more stand beside the first, told apart by this.
_AGAIN = "#again:"


def page(ws: Workspace, *, is_open: bool, cursor: str | None, limit: int | None) -> Page[DeadLetter]:
    """Dead letters, the latest first."""
    size, before = limit_of(limit), None
    if cursor:
        millis, key = decode_cursor(cursor, length=2)
        before = from_millis(int(str(millis))), str(key)
    with ws.sql.read() as tx:
        rows = views.letters(tx, is_open=is_open, before=before, limit=size + 1)
    more = encode_cursor([to_millis(rows[size - 1]["called_at"]), rows[size - 1]["key"]]) if len(rows) > size else None
    return Page([_letter(row) for row in rows[:size]], more)


def open_count(ws: Workspace) -> int:
    """How many wait for a person."""
    with ws.sql.read() as tx:
        return views.open_letters(tx)


def resolve(ws: Workspace, *, by: Principal, key: str, resolution: Resolution) -> DeadLetter:
    """Settles a dead letter: sent once more under a key of its own, given up, or told to have arrived. Raises LetterUnknown."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, turns.CALLING)
        parcel = ledger.parcel(tx, key)
        if parcel is None or not parcel["is_dead"] or parcel["resolution"]:
            raise LetterUnknown
        sends = [send for send in ledger.sends_of(tx, key) if send["fate"] in (Fate.FAILED.value, Fate.UNKNOWN.value)]
        fate, reason = (Fate.DELIVERED, "by_hand") if resolution is Resolution.DELIVERED else (Fate.FAILED, Why.GIVEN_UP.value)
        settling.settle(ws, tx, sends, {send["id"]: (fate, reason) for send in sends}, now)
        if resolution is Resolution.RESEND and sends:
            _again(tx, parcel, sends, now)
        told: dict[str, Any] = {"resolution": resolution.value, "resolved_by": by.id, "resolved_at": now}
        ledger.change_parcel(tx, key, *ParcelState, **told)
        audit.append(ws.sql, tx, by=by, action="engagement.letter.resolve", subject=key, at=now, detail={"resolution": resolution.value})
        ws.sql.after_commit(lambda: pumps.wake(turns.PUMP))
        return _letter(ledger.parcel(tx, key) or parcel)


def _again(tx: Tx, parcel: Row, sends: list[Row], now: dt.datetime) -> None:
    key = new_id("pcl")
    origin = {name: parcel[name] for name in ("origin_kind", "origin_id", "origin_version", "origin_node")}
    kept = {name: parcel[name] for name in ("batch_id", "channel", "account_id", "sender", "body_hash")}
    fresh = {"key": key, **origin, **kept, "state": ParcelState.READY.value, "size": len(sends), "due_at": now}
    # It takes no place under a cap: the person who decides has seen that it did not arrive.
    again = [
        {name: value for name, value in send.items() if name != "id"}
        | {"parcel_key": key, "instance": f"{send['instance']}{_AGAIN}{key[-8:]}", "fate": Fate.CLAIMED.value, "reason": ""}
        | {"is_charged": False, "told": Told.NOTHING.value, "at": now, "changed_at": now}
        for send in sends
    ]
    ledger.insert_parcels(tx, [fresh], again, {}, now)


def _letter(row: Row) -> DeadLetter:
    return DeadLetter(
        key=row["key"],
        origin=Origin(OriginKind(row["origin_kind"]), row["origin_id"], row["origin_version"], row["origin_node"]),
        channel=row["channel"],
        account_id=row["account_id"],
        sender=row["sender"],
        state=ParcelState(row["state"]),
        problem=row["problem"],
        members=row["size"],
        called_at=row["called_at"],
        deadline_at=row["deadline_at"],
        resolution=Resolution(row["resolution"]) if row["resolution"] else None,
        resolved_by=row["resolved_by"],
        resolved_at=row["resolved_at"],
    )
