"""What is known of each API of an account: the pace, the platform's refusals, the last trouble."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.models import call_table
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask

Row = sa.RowMapping


def blocked_until(tx: Tx, account_id: str, path: str) -> int | None:
    """Milliseconds since 1970 until which the API is not called."""
    text = "SELECT blocked_until FROM channels_call WHERE account_id = :account_id AND path = :path"
    found = ask(tx, text, {"account_id": account_id, "path": path})
    return found[0][0] if found else None


def row(tx: Tx, account_id: str, path: str) -> Row:
    """The row, made where it is missing; the caller holds the lock of its name."""
    columns = call_table.c
    wanted = sa.select(call_table).where(columns.account_id == account_id, columns.path == path)
    found = tx.execute(wanted).mappings().first()
    if found is None:
        tx.execute(sa.insert(call_table).values(account_id=account_id, path=path))
        found = tx.execute(wanted).mappings().one()
    return found


def change(tx: Tx, account_id: str, path: str, values: Mapping[str, Any]) -> None:
    """Changes a row."""
    columns = call_table.c
    tx.execute(sa.update(call_table).where(columns.account_id == account_id, columns.path == path).values(**values))


def unblock(tx: Tx, account_id: str, path: str, *, at: dt.datetime) -> None:
    """The API answers again."""
    columns = call_table.c
    blocked = sa.and_(columns.account_id == account_id, columns.path == path, columns.blocks > 0)
    tx.execute(sa.update(call_table).where(blocked).values(blocked_until=None, blocks=0, succeeded_at=at))


def of_account(tx: Tx, account_id: str) -> Sequence[Row]:
    """Every API that was called with the account."""
    return tx.execute(sa.select(call_table).where(call_table.c.account_id == account_id).order_by(call_table.c.path)).mappings().all()
