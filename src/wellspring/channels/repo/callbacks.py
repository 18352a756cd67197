"""Callbacks as rows: kept in groups, held by one worker at a time, looked through by people."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.contracts import CallbackState
from wellspring.channels.models import callback_table
from wellspring.kernel.clock import to_millis
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask, tell

Row = sa.RowMapping
_COLUMNS = ("account_id", "digest", "state", "event", "change", "subject", "sealed", "reason", "happened_at", "received_at")
_KEEP = (
    f"INSERT INTO channels_callback ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)})"  # noqa: S608 - our own names
    " ON CONFLICT (account_id, digest) DO UPDATE SET times = channels_callback.times + 1"
)
# Held rows whose worker died are looked for as well: their hold ends by itself.
_WAITING = (
    "SELECT id FROM channels_callback WHERE state = 'waiting' AND (retry_at IS NULL OR retry_at <= :now)"
    " AND (held_until IS NULL OR held_until < :real) ORDER BY id LIMIT :limit"
)


def keep(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keeps callbacks; one that is there already is counted."""
    instants = ("happened_at", "received_at")
    plain = [{**row, **{name: to_millis(row[name]) if row[name] is not None else None for name in instants}} for row in rows]
    tell(tx, _KEEP, plain)


def has_waiting(tx: Tx, *, now: dt.datetime, real: dt.datetime) -> bool:
    """Whether there is something to take; asked several times a second."""
    return bool(ask(tx, _WAITING, {"now": to_millis(now), "real": to_millis(real), "limit": 1}))


def take(tx: Tx, *, by: str, now: dt.datetime, real: dt.datetime, until: dt.datetime, limit: int) -> list[Row]:
    """Takes the oldest that wait, for this worker alone."""
    columns = callback_table.c
    waits = sa.and_(columns.state == CallbackState.WAITING, sa.or_(columns.retry_at.is_(None), columns.retry_at <= now))
    is_free = sa.or_(columns.held_until.is_(None), columns.held_until < real)
    wanted = sa.select(callback_table).where(waits, is_free).order_by(columns.id).limit(limit).with_for_update(skip_locked=True)
    found = list(tx.execute(wanted).mappings())
    if found:
        ids = [row["id"] for row in found]
        tx.execute(sa.update(callback_table).where(columns.id.in_(ids)).values(held_by=by, held_until=until))
    return found


def end(tx: Tx, callback_id: int, *, by: str, values: Mapping[str, Any]) -> int:
    """Writes the outcome, unless another worker holds it by now; gives how many rows that were."""
    columns = callback_table.c
    mine = sa.and_(columns.id == callback_id, columns.held_by == by)
    return tx.execute(sa.update(callback_table).where(mine).values(held_by=None, held_until=None, **values)).rowcount


def end_all(tx: Tx, ids: Collection[int], *, values: Mapping[str, Any]) -> None:
    """Writes one outcome for many that the caller has just taken."""
    if ids:
        tx.execute(sa.update(callback_table).where(callback_table.c.id.in_(list(ids))).values(held_by=None, held_until=None, **values))


def get(tx: Tx, callback_id: int) -> Row | None:
    """One row."""
    return tx.execute(sa.select(callback_table).where(callback_table.c.id == callback_id)).mappings().first()


def wait_again(tx: Tx, ids: Collection[int]) -> int:
    """Lets finished or failing ones be worked once more; gives how many."""
    columns = callback_table.c
    again = {"state": CallbackState.WAITING, "retry_at": None, "attempts": 0, "reason": "", "held_by": None, "held_until": None}
    known = columns.state.in_([CallbackState.DONE, CallbackState.FAILED, CallbackState.WAITING])
    return tx.execute(sa.update(callback_table).where(columns.id.in_(list(ids)), known).values(**again)).rowcount


def remove(tx: Tx, callback_id: int) -> None:
    """Takes one out: it was kept again under what it turned out to be."""
    tx.execute(sa.delete(callback_table).where(callback_table.c.id == callback_id))


def rejected_since(tx: Tx, account_id: str, since: dt.datetime) -> int:
    """How many of an account were refused at the door since then."""
    columns = callback_table.c
    wanted = sa.select(sa.func.count()).where(
        columns.state == CallbackState.REJECTED, columns.account_id == account_id, columns.received_at >= since
    )
    return int(tx.execute(wanted).scalar_one())


def listing(tx: Tx, *, account_id: str | None, state: str | None, event: str | None, before: int | None, limit: int) -> list[Row]:
    """The newest first."""
    columns = callback_table.c
    wanted = sa.select(callback_table).order_by(columns.id.desc()).limit(limit)
    for column, value in ((columns.account_id, account_id), (columns.state, state), (columns.event, event)):
        if value:
            wanted = wanted.where(column == value)
    if before is not None:
        wanted = wanted.where(columns.id < before)
    return list(tx.execute(wanted).mappings())


def health(tx: Tx, account_id: str, since: dt.datetime) -> dict[str, Any]:
    """How many came since then by state, and when the last one came."""
    columns = callback_table.c
    mine = columns.account_id == account_id
    counts = sa.select(columns.state, sa.func.count()).where(mine, columns.received_at >= since).group_by(columns.state)
    last = sa.select(sa.func.max(columns.received_at).cast(columns.received_at.type)).where(mine)
    return {"counts": {row[0]: int(row[1]) for row in tx.execute(counts)}, "last_at": tx.execute(last).scalar()}


def forget(tx: Tx, before: dt.datetime, *, limit: int) -> int:
    """Drops a piece of what is worked and old; gives how many."""
    columns = callback_table.c
    old = sa.select(columns.id).where(columns.state != CallbackState.WAITING, columns.received_at < before).limit(limit)
    return tx.execute(sa.delete(callback_table).where(columns.id.in_(old.scalar_subquery()))).rowcount


def release_all(tx: Tx) -> None:
    """Lets go of everything that is held; for a store that has one process, which has just begun."""
    held = callback_table.c.held_by.is_not(None)
    tx.execute(sa.update(callback_table).where(held).values(held_by=None, held_until=None))
