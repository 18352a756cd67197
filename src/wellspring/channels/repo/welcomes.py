"""The ledger of welcomes: planned with the arrival, claimed before the call, ended with what the platform said."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.contracts import WelcomeState
from wellspring.channels.models import welcome_table
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask

Row = sa.RowMapping
_OPEN = "SELECT id FROM channels_welcome WHERE state IN ('planned', 'calling') LIMIT 1"


def plan(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Writes a planned welcome; False when its code was seen before."""
    columns = welcome_table.c
    known = sa.and_(columns.account_id == row["account_id"], columns.code_mark == row["code_mark"])
    if tx.execute(sa.select(columns.id).where(known)).first() is not None:
        return False
    tx.execute(sa.insert(welcome_table).values(**row))
    return True


def get(tx: Tx, welcome_id: str) -> Row | None:
    """One row."""
    return tx.execute(sa.select(welcome_table).where(welcome_table.c.id == welcome_id)).mappings().first()


def claim(tx: Tx, welcome_id: str, *, at: dt.datetime, variant: str) -> bool:
    """Makes the call this worker's; False when it is another's or over."""
    columns = welcome_table.c
    mine = sa.and_(columns.id == welcome_id, columns.state == WelcomeState.PLANNED)
    values = {"state": WelcomeState.CALLING, "called_at": at, "variant": variant}
    return bool(tx.execute(sa.update(welcome_table).where(mine).values(**values)).rowcount)


def end(tx: Tx, welcome_id: str, *, state: WelcomeState, expected: WelcomeState, values: Mapping[str, Any]) -> bool:
    """Writes the outcome of one that is in the expected state."""
    columns = welcome_table.c
    mine = sa.and_(columns.id == welcome_id, columns.state == expected)
    return bool(tx.execute(sa.update(welcome_table).where(mine).values(state=state, **values)).rowcount)


def has_open(tx: Tx) -> bool:
    """Whether one is planned or under way; asked several times a second."""
    return bool(ask(tx, _OPEN))


def open_ones(tx: Tx, limit: int) -> list[Row]:
    """Those planned or under way, oldest first."""
    is_open = welcome_table.c.state.in_([WelcomeState.PLANNED, WelcomeState.CALLING])
    return list(tx.execute(sa.select(welcome_table).where(is_open).order_by(welcome_table.c.id).limit(limit)).mappings())


def listing(tx: Tx, *, account_id: str | None, state: str | None, before: str | None, limit: int) -> list[Row]:
    """The newest first."""
    columns = welcome_table.c
    wanted = sa.select(welcome_table).order_by(columns.id.desc()).limit(limit)
    for column, value in ((columns.account_id, account_id), (columns.state, state)):
        if value:
            wanted = wanted.where(column == value)
    if before:
        wanted = wanted.where(columns.id < before)
    return list(tx.execute(wanted).mappings())


def counts(tx: Tx, account_id: str, since: dt.datetime) -> dict[str, int]:
    """How many were planned since then, by state."""
    columns = welcome_table.c
    mine = sa.and_(columns.account_id == account_id, columns.planned_at >= since)
    wanted = sa.select(columns.state, sa.func.count()).where(mine).group_by(columns.state)
    return {state: int(number) for state, number in tx.execute(wanted)}


def newest(tx: Tx, *, states: Sequence[str], since: dt.datetime | None, limit: int) -> list[Row]:
    """The newest first."""
    columns = welcome_table.c
    wanted = sa.select(welcome_table).order_by(columns.planned_at.desc(), columns.id.desc()).limit(limit)
    if states:
        wanted = wanted.where(columns.state.in_(list(states)))
    if since is not None:
        wanted = wanted.where(columns.planned_at >= since)
    return list(tx.execute(wanted).mappings())
