"""The SQL of taking calls in hand: some at a time, of one account, so that they share one look and its pace."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from wellspring.engagement.contracts.touches import ParcelState
from wellspring.engagement.models.touches import body_table, parcel_table, send_table
from wellspring.kernel.stores import Tx

_parcel, _send = parcel_table.c, send_table.c
# Fresh ones, and ones to be repeated under their key.
_DUE = (ParcelState.READY, ParcelState.UNKNOWN)
Row = Mapping[str, Any]


class Next(NamedTuple):
    """Of which account the next call is, and whether it is a fresh one."""

    due_at: dt.datetime
    state: str
    channel: str
    account_id: str


def next_due(tx: Tx, at: dt.datetime) -> Next | None:
    """The call that has been due for longest."""
    found = []
    for state in _DUE:
        # One state at a time: the index has them in order.
        wanted = sa.select(_parcel.due_at, _parcel.state, _parcel.channel, _parcel.account_id)
        row = tx.execute(wanted.where(_parcel.state == state.value, _parcel.due_at <= at).order_by(_parcel.due_at).limit(1)).first()
        found += [] if row is None else [Next(*row)]
    return min(found, default=None)


def claim(tx: Tx, which: Next, at: dt.datetime, until: dt.datetime, *, most: int, members_max: int) -> list[Row]:
    """Takes the next calls of an account into a worker's hands, for at most so many members unless the first has more."""
    mine = sa.and_(_parcel.state == which.state, _parcel.due_at <= at)
    mine = sa.and_(mine, _parcel.channel == which.channel, _parcel.account_id == which.account_id)
    wanted = sa.select(parcel_table).where(mine).order_by(_parcel.due_at).limit(most).with_for_update(skip_locked=True)
    taken: list[Row] = []
    members = 0
    for row in tx.execute(wanted).mappings():
        members += row["size"]
        if taken and members > members_max:
            break
        marked = {"fence": row["fence"] + 1, "attempts": row["attempts"] + 1, "state": ParcelState.CALLING.value, "called_at": at}
        taken.append(dict(row) | marked | {"lease_until": until})
    values = {"state": ParcelState.CALLING.value, "called_at": at, "lease_until": until}
    counted = {"fence": _parcel.fence + 1, "attempts": _parcel.attempts + 1}
    if taken:
        tx.execute(sa.update(parcel_table).where(_parcel.key.in_([row["key"] for row in taken])).values(**values, **counted))
    return taken


def settle(tx: Tx, ended: Sequence[tuple[Row, Mapping[str, Any]]], was: ParcelState) -> set[str]:
    """Writes what calls ended with, of those that are still in this worker's hands: gives their keys (D04)."""
    fences = {row["key"]: row["fence"] for row, _ in ended}
    held = sa.select(_parcel.key, _parcel.fence).where(_parcel.key.in_(list(fences)), _parcel.state == was.value).with_for_update()
    mine = {row.key for row in tx.execute(held) if row.fence == fences[row.key]}
    shapes: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row, values in ended:
        if row["key"] in mine:
            shapes.setdefault(tuple(sorted(values)), []).append({"b_key": row["key"], **values})
    for names, rows in shapes.items():
        changed = sa.update(parcel_table).where(_parcel.key == sa.bindparam("b_key"))
        tx.execute(changed.values({name: sa.bindparam(name) for name in names}), rows)
    return mine


def sends_of(tx: Tx, keys: Sequence[str]) -> dict[str, list[Row]]:
    """The touches of calls, by number."""
    found: dict[str, list[Row]] = {key: [] for key in keys}
    for row in tx.execute(sa.select(send_table).where(_send.parcel_key.in_(list(keys))).order_by(_send.id)).mappings():
        found[row["parcel_key"]].append(dict(row))
    return found


def bodies(tx: Tx, names: Sequence[str]) -> dict[str, bytes]:
    """Sealed bodies by name."""
    wanted = sa.select(body_table.c.hash, body_table.c.sealed).where(body_table.c.hash.in_(list(names)))
    return {row.hash: row.sealed for row in tx.execute(wanted)}
