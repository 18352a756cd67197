"""One person's way among all the moves of a journey, however many there are.

Moves are appended in the order of their ids, so they are folded in blocks that say who is in them: a person's ten moves among
a million are found by some hundred sets, and a page goes on from the id at which the one before it ended.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.engagement.models.journeys import move_block_table, move_table
from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask

_move, _block = move_table.c, move_block_table.c
# Moves of one block, and blocks and single moves looked at in one statement.
BLOCK = 1_000
_BLOCKS, _MOVES = 50, 2_000
_END = 2**62


def moves_with(tx: Tx, journey_id: str, subjects: BitMap, *, before: int | None = None) -> Iterator[tuple[sa.Row[Any], BitMap]]:
    """The moves of any of these subjects that were made before the one of an id, the newest first, each with whom of them it moved."""
    end = before or _END
    folded = _folded(tx, journey_id)
    yield from _within(tx, journey_id, subjects, folded + 1, end)
    # What is folded meanwhile was told already.
    end = min(end, folded + 1)
    asked = (
        "SELECT first_id, last_id, members FROM engagement_move_block WHERE journey_id = :id AND first_id < :end"
        " ORDER BY first_id DESC LIMIT :size"
    )
    while blocks := ask(tx, asked, {"id": journey_id, "end": end, "size": _BLOCKS}):
        for first, last, members in blocks:
            if BitMap.deserialize(bytes(members)).intersect(subjects):
                yield from _within(tx, journey_id, subjects, first, min(last + 1, end))
            end = first


def fold(tx: Tx, journey_id: str) -> bool:
    """Makes the next block where there are moves enough for one; whoever calls holds the lock of journeys."""
    asked = "SELECT id, members FROM engagement_move WHERE journey_id = :id AND id > :after ORDER BY id LIMIT :size"
    rows = ask(tx, asked, {"id": journey_id, "after": _folded(tx, journey_id), "size": BLOCK})
    if len(rows) < BLOCK:
        return False
    members = BitMap().union(*(BitMap.deserialize(bytes(row[1])) for row in rows))
    values = {"journey_id": journey_id, "first_id": rows[0][0], "last_id": rows[-1][0], "members": members.serialize()}
    tx.execute(sa.insert(move_block_table).values(**values))
    return True


def journeys(tx: Tx) -> list[str]:
    """The journeys with moves."""
    return [str(row[0]) for row in ask(tx, "SELECT DISTINCT journey_id FROM engagement_flow")]


def forget_members(tx: Tx, journey_id: str, gone: BitMap) -> None:
    """Takes erased subjects out of every move; the counts of what flowed stay."""
    for row, _found in list(moves_with(tx, journey_id, gone)):
        left = BitMap.deserialize(bytes(row.members)) - gone
        tx.execute(sa.update(move_table).where(_move.id == row.id).values(members=left.serialize()))
    wanted = sa.select(_block.first_id, _block.members).where(_block.journey_id == journey_id)
    for first_id, members in tx.execute(wanted).all():
        before = BitMap.deserialize(bytes(members))
        if before & gone:
            mine = sa.and_(_block.journey_id == journey_id, _block.first_id == first_id)
            tx.execute(sa.update(move_block_table).where(mine).values(members=(before - gone).serialize()))


def _folded(tx: Tx, journey_id: str) -> int:
    asked = "SELECT coalesce(max(last_id), 0) FROM engagement_move_block WHERE journey_id = :id"
    return int(ask(tx, asked, {"id": journey_id})[0][0])


def _within(tx: Tx, journey_id: str, subjects: BitMap, first: int, end: int) -> Iterator[tuple[sa.Row[Any], BitMap]]:
    """The same of the moves with ids in [first, end)."""
    asked = "SELECT id, members FROM engagement_move WHERE journey_id = :id AND id >= :first AND id < :end ORDER BY id DESC LIMIT :size"
    while first < end:
        rows = ask(tx, asked, {"id": journey_id, "first": first, "end": end, "size": _MOVES})
        mine = {row[0]: found for row in rows if (found := BitMap.deserialize(bytes(row[1])) & subjects)}
        for row in tx.execute(sa.select(move_table).where(_move.id.in_(list(mine))).order_by(_move.id.desc())) if mine else ():
            yield row, mine[row.id]
        if len(rows) < _MOVES:
            return
        end = rows[-1][0]
