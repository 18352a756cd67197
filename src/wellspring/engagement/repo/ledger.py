"""The SQL of calls and of what each member got of them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.engagement.contracts.touches import Fate, ParcelState
from wellspring.engagement.models.touches import body_table, parcel_table, receipt_table, send_table
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask

_send, _parcel = send_table.c, parcel_table.c
# Names in one statement.
_PIECE = 500
Row = Mapping[str, Any]


def addresses_used(tx: Tx, scope: str) -> set[str]:
    """The addresses that a scope has used already."""
    used = sa.select(_send.address).where(_send.scope == scope, _send.fate != Fate.DROPPED.value)
    return set(tx.execute(used).scalars())


def touched(tx: Tx, scope: str, instances: Sequence[str]) -> set[tuple[int, str]]:
    """Member and instance of what a scope has touched, among these instances."""
    found: set[tuple[int, str]] = set()
    for start in range(0, len(instances), _PIECE):
        piece = list(instances[start : start + _PIECE])
        wanted = sa.select(_send.member_no, _send.instance).where(
            _send.scope == scope, _send.instance.in_(piece), _send.fate != Fate.DROPPED.value
        )
        found |= {(member_no, instance) for member_no, instance in tx.execute(wanted)}
    return found


def insert_parcels(tx: Tx, parcels: Sequence[Row], sends: Sequence[Row], bodies: Mapping[str, bytes], at: dt.datetime) -> None:
    """Writes calls that are to be made, their touches and their bodies."""
    known = set(tx.execute(sa.select(body_table.c.hash).where(body_table.c.hash.in_(list(bodies)))).scalars())
    fresh = [{"hash": name, "sealed": sealed, "at": at} for name, sealed in bodies.items() if name not in known]
    if fresh:
        tx.execute(sa.insert(body_table), fresh)
    if parcels:
        tx.execute(sa.insert(parcel_table), list(parcels))
    if sends:
        tx.execute(sa.insert(send_table), list(sends))


def claim_parcel(tx: Tx, at: dt.datetime, until: dt.datetime) -> Row | None:
    """Takes the next call that is due into a worker's hands."""
    wanted = sa.select(parcel_table).where(_parcel.state == ParcelState.READY.value, _parcel.due_at <= at)
    row = tx.execute(wanted.order_by(_parcel.due_at, _parcel.key).limit(1).with_for_update(skip_locked=True)).mappings().first()
    if row is None:
        return None
    found = dict(row) | {"fence": row["fence"] + 1, "state": ParcelState.CALLING.value, "attempts": row["attempts"] + 1, "called_at": at}
    values = {name: found[name] for name in ("fence", "state", "attempts", "called_at")} | {"lease_until": until}
    tx.execute(sa.update(parcel_table).where(_parcel.key == row["key"]).values(**values))
    return found


def lost_parcels(tx: Tx, at: dt.datetime) -> list[Row]:
    """Calls whose worker was lost while it called: nobody here knows whether the provider took them."""
    wanted = sa.select(parcel_table).where(_parcel.state == ParcelState.CALLING.value, _parcel.lease_until < at)
    return [dict(row) for row in tx.execute(wanted.order_by(_parcel.key)).mappings()]


def settle_parcel(tx: Tx, key: str, fence: int, **values: Any) -> bool:  # noqa: ANN401 - column values
    """Writes what a call ended with, if it is still in this worker's hands (D04)."""
    mine = sa.and_(_parcel.key == key, _parcel.fence == fence, _parcel.state == ParcelState.CALLING.value)
    return bool(tx.execute(sa.update(parcel_table).where(mine).values(**values)).rowcount)


def change_parcel(tx: Tx, key: str, *states: ParcelState, **values: Any) -> bool:  # noqa: ANN401 - column values
    """Changes a call that stands in one of these states."""
    mine = sa.and_(_parcel.key == key, _parcel.state.in_([state.value for state in states]))
    return bool(tx.execute(sa.update(parcel_table).where(mine).values(**values)).rowcount)


def parcel(tx: Tx, key: str) -> Row | None:
    """One call."""
    row = tx.execute(sa.select(parcel_table).where(_parcel.key == key)).mappings().first()
    return None if row is None else dict(row)


def parcels_of_provider(tx: Tx, provider_id: str) -> list[Row]:
    """The calls that a provider knows by this id."""
    wanted = sa.select(parcel_table).where(_parcel.provider_id == provider_id, _parcel.provider_id != "")
    return [dict(row) for row in tx.execute(wanted).mappings()]


def parcels_to_ask(tx: Tx, at: dt.datetime, *, limit: int) -> list[Row]:
    """Calls of which it is time to ask what became of them."""
    wanted = sa.select(parcel_table).where(_parcel.ask_at <= at).order_by(_parcel.ask_at, _parcel.key).limit(limit)
    return [dict(row) for row in tx.execute(wanted).mappings()]


def sends_of(tx: Tx, key: str) -> list[Row]:
    """The touches of a call, by number."""
    return [dict(row) for row in tx.execute(sa.select(send_table).where(_send.parcel_key == key).order_by(_send.id)).mappings()]


def move_sends(tx: Tx, moves: Iterable[tuple[int, Fate, str, bool]], at: dt.datetime) -> None:
    """Writes how far touches came: id, fate, reason, whether a place is kept for it."""
    told = [
        {"b_id": number, "fate": fate.value, "reason": reason[:80], "is_charged": charged, "changed_at": at}
        for number, fate, reason, charged in moves
    ]
    if told:
        tx.execute(
            sa.update(send_table)
            .where(_send.id == sa.bindparam("b_id"))
            .values({name: sa.bindparam(name) for name in ("fate", "reason", "is_charged", "changed_at")}),
            told,
        )


def keep_receipt(tx: Tx, row: Row) -> None:
    """Keeps news of a call that is not known yet."""
    tx.execute(sa.insert(receipt_table).values(**row))


def take_receipts(tx: Tx, provider_id: str) -> list[Row]:
    """News that came before the call was known, in order of their instants; they are gone then."""
    wanted = sa.select(receipt_table).where(receipt_table.c.provider_id == provider_id)
    found: list[Row] = [dict(row) for row in tx.execute(wanted.order_by(receipt_table.c.at, receipt_table.c.id)).mappings()]
    if found:
        tx.execute(sa.delete(receipt_table).where(receipt_table.c.provider_id == provider_id))
    return found


def body(tx: Tx, name: str) -> bytes | None:
    """A sealed body."""
    return tx.execute(sa.select(body_table.c.sealed).where(body_table.c.hash == name)).scalar()


def members_of_batch(tx: Tx, batch_id: str) -> BitMap:
    """Whom an intent has become touches for."""
    return BitMap(number for (number,) in ask(tx, "SELECT member_no FROM engagement_send WHERE batch_id = :batch", {"batch": batch_id}))
