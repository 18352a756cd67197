"""Accounts and their tokens as rows."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from wellspring.channels.models import account_table, token_table
from wellspring.kernel.stores import Tx

Row = sa.RowMapping


def account(tx: Tx, account_id: str) -> Row | None:
    """One account's row."""
    return tx.execute(sa.select(account_table).where(account_table.c.id == account_id)).mappings().first()


def accounts(tx: Tx, kind: str | None) -> list[Row]:
    """All rows, oldest first."""
    wanted = sa.select(account_table).order_by(account_table.c.id)
    return list(tx.execute(wanted.where(account_table.c.kind == kind) if kind else wanted).mappings())


def twin(tx: Tx, kind: str, corp_id: str, agent_id: str) -> Row | None:
    """The account of the same corp and application."""
    columns = account_table.c
    same = sa.and_(columns.kind == kind, columns.corp_id == corp_id, columns.agent_id == agent_id)
    return tx.execute(sa.select(account_table).where(same)).mappings().first()


def add(tx: Tx, row: Mapping[str, Any]) -> None:
    """Writes a new account."""
    tx.execute(sa.insert(account_table).values(**row))


def change(tx: Tx, account_id: str, values: Mapping[str, Any]) -> int:
    """Changes an account; gives how many rows that were."""
    return tx.execute(sa.update(account_table).where(account_table.c.id == account_id).values(**values)).rowcount


def token(tx: Tx, account_id: str, kind: str) -> Row | None:
    """A token's row."""
    columns = token_table.c
    return tx.execute(sa.select(token_table).where(columns.account_id == account_id, columns.kind == kind)).mappings().first()


def hold_token(tx: Tx, account_id: str, kind: str, *, by: str, until: dt.datetime) -> None:
    """Notes who fetches it now; the caller holds the lock of its name."""
    columns = token_table.c
    held = {"held_by": by, "held_until": until}
    changed = tx.execute(sa.update(token_table).where(columns.account_id == account_id, columns.kind == kind).values(**held)).rowcount
    if not changed:
        tx.execute(sa.insert(token_table).values(account_id=account_id, kind=kind, generation=0, refusals=0, **held))


def put_token(tx: Tx, account_id: str, kind: str, *, by: str, values: Mapping[str, Any]) -> int:
    """Writes what the fetching gave, unless somebody else holds it by now; gives how many rows that were."""
    columns = token_table.c
    mine = sa.and_(columns.account_id == account_id, columns.kind == kind, columns.held_by == by)
    return tx.execute(sa.update(token_table).where(mine).values(held_by=None, held_until=None, **values)).rowcount


def forget_tokens(tx: Tx, account_id: str) -> None:
    """Drops an account's tokens: its credentials changed."""
    tx.execute(sa.delete(token_table).where(token_table.c.account_id == account_id))
