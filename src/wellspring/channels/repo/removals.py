"""Rows of removals from ad audiences."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from wellspring.channels.models.removals import removal_table
from wellspring.kernel.stores import Tx

WAITING, DONE, FAILED = "waiting", "done", "failed"
Row = sa.Row[Any]
_removal = removal_table.c


def add(tx: Tx, row: Mapping[str, Any]) -> None:
    """Keeps that a platform is to be told."""
    tx.execute(sa.insert(removal_table).values(**row))


def due(tx: Tx, at: dt.datetime, *, limit: int) -> list[Row]:
    """Those whose time has come, the oldest first."""
    wanted = sa.select(removal_table).where(_removal.state == WAITING, _removal.due_at <= at)
    return list(tx.execute(wanted.order_by(_removal.due_at, _removal.id).limit(limit)))


def untold(tx: Tx, account_id: str) -> tuple[int, int, str]:
    """Of an account: how many people the platform has yet to hear of, how many it never will, and the last problem."""
    mine = sa.and_(_removal.account_id == account_id, _removal.state != DONE)
    rows = tx.execute(sa.select(_removal.state, _removal.size, _removal.problem).where(mine).order_by(_removal.asked_at, _removal.id)).all()
    people = {state: sum(row.size for row in rows if row.state == state) for state in (WAITING, FAILED)}
    return people[WAITING], people[FAILED], next((row.problem for row in reversed(rows) if row.problem), "")


def change(tx: Tx, removal_id: str, *, attempts: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes how an attempt ended, unless another worker has written of it."""
    mine = sa.and_(_removal.id == removal_id, _removal.attempts == attempts, _removal.state == WAITING)
    tx.execute(sa.update(removal_table).where(mine).values(attempts=attempts + 1, **values))
