"""The SQL of the rules of touching."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from wellspring.engagement.models.touches import rule_table
from wellspring.kernel.stores import Tx


def listing(tx: Tx) -> list[Mapping[str, Any]]:
    """Every rule, in order of making."""
    return [dict(row) for row in tx.execute(sa.select(rule_table).order_by(rule_table.c.id)).mappings()]


def one(tx: Tx, rule_id: str) -> Mapping[str, Any] | None:
    """One rule."""
    row = tx.execute(sa.select(rule_table).where(rule_table.c.id == rule_id)).mappings().first()
    return None if row is None else dict(row)


def insert(tx: Tx, row: Mapping[str, Any]) -> None:
    """Adds a rule."""
    tx.execute(sa.insert(rule_table).values(**row))


def change(tx: Tx, rule_id: str, *, version: int, at: dt.datetime, by: str, values: Mapping[str, Any]) -> bool:
    """Changes a rule that is still of this version."""
    mine = sa.and_(rule_table.c.id == rule_id, rule_table.c.version == version)
    done = tx.execute(sa.update(rule_table).where(mine).values(version=version + 1, changed_at=at, changed_by=by, **values))
    return bool(done.rowcount)


def remove(tx: Tx, rule_id: str) -> bool:
    """Deletes a rule."""
    return bool(tx.execute(sa.delete(rule_table).where(rule_table.c.id == rule_id)).rowcount)
