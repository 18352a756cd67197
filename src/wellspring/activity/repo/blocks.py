"""Arrival numbers as blocks: taken in the transaction that resolves identities, given back when the rows are in the log.

A block that is still registered may still be written, so the watermark stops before it. Only the owner's death or a
long silence gives a block back without its owner.
"""

import sqlalchemy as sa

from wellspring.activity.models import block_table
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask
from wellspring.kernel.workspace import Workspace

_COUNTER = 0


def take(ws: Workspace, tx: Tx, *, size: int, owner: str, wall: float) -> int:
    """Registers a block of `size` numbers; gives its first."""
    ws.sql.lock(tx, "activity.block")
    columns = block_table.c
    last = tx.execute(sa.select(columns.last_no).where(columns.first_no == _COUNTER)).scalar()
    if last is None:
        tx.execute(sa.insert(block_table).values(first_no=_COUNTER, last_no=size, owner="", taken_at_wall=wall))
        last = 0
    else:
        tx.execute(sa.update(block_table).where(columns.first_no == _COUNTER).values(last_no=last + size))
    tx.execute(sa.insert(block_table).values(first_no=last + 1, last_no=last + size, owner=owner, taken_at_wall=wall))
    return int(last) + 1


def close(tx: Tx, firsts: list[int]) -> None:
    """Gives blocks back: their rows are in the log, or never will be."""
    if firsts:
        tx.execute(sa.delete(block_table).where(block_table.c.first_no.in_(firsts)))


def opened(tx: Tx) -> list[tuple[int, int, str, float]]:
    """The registered blocks in order: first and last number, owner, when taken."""
    asked = "SELECT first_no, last_no, owner, taken_at_wall FROM activity_block WHERE first_no > :counter ORDER BY first_no"
    return [(first_no, last_no, owner, wall) for first_no, last_no, owner, wall in ask(tx, asked, {"counter": _COUNTER})]


def highest(tx: Tx) -> int:
    """The highest number ever taken."""
    found = ask(tx, "SELECT last_no FROM activity_block WHERE first_no = :counter", {"counter": _COUNTER})
    return int(found[0][0]) if found else 0
