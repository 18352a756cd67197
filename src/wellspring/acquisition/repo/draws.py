"""Reading and writing of draws, in the caller's transaction. Each counter is moved only while it stays within its limit."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.acquisition.models.item_codes import draw_table, item_code_table, package_batch_table, prize_table
from wellspring.kernel.stores import Tx

Row = sa.Row[Any]
_draw, _prize, _code = draw_table.c, prize_table.c, item_code_table.c


def add(tx: Tx, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes a new draw."""
    tx.execute(sa.insert(draw_table).values(**values))


def change(tx: Tx, draw_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes some columns of a draw."""
    tx.execute(sa.update(draw_table).where(_draw.id == draw_id).values(**values))


def replace_prizes(tx: Tx, draw_id: str, prizes: Sequence[dict[str, Any]]) -> None:
    """Makes these the prizes of a draw."""
    tx.execute(sa.delete(prize_table).where(_prize.draw_id == draw_id))
    if prizes:
        tx.execute(sa.insert(prize_table), [{"draw_id": draw_id, **one} for one in prizes])


def find(tx: Tx, draw_id: str, *, for_change: bool = False) -> Row | None:
    """A draw by its id."""
    wanted = sa.select(draw_table).where(_draw.id == draw_id)
    return tx.execute(wanted.with_for_update() if for_change else wanted).first()


def of_batch(tx: Tx, batch_id: str) -> Row | None:
    """The draw that a batch carries."""
    return tx.execute(sa.select(draw_table).where(_draw.batch_id == batch_id)).first()


def of_batches(tx: Tx, batch_ids: Sequence[str]) -> dict[str, str]:
    """Batch → its draw, for those that have one."""
    found = tx.execute(sa.select(_draw.batch_id, _draw.id).where(_draw.batch_id.in_(batch_ids)))
    return {row.batch_id: row.id for row in found}


def prizes(tx: Tx, draw_id: str) -> Sequence[Row]:
    """The prizes in their order."""
    return tx.execute(sa.select(prize_table).where(_prize.draw_id == draw_id).order_by(_prize.position)).all()


def take_prize(tx: Tx, prize_id: str) -> bool:
    """Takes one of a prize; whether there was one left."""
    left = sa.update(prize_table).where(_prize.id == prize_id, _prize.won < _prize.pieces)
    return tx.execute(left.values(won=_prize.won + 1)).rowcount == 1


def spend(tx: Tx, draw_id: str, value_minor: int) -> bool:
    """Counts a ticket and what it cost; whether the budget and the tickets allow it."""
    within = sa.update(draw_table).where(
        _draw.id == draw_id, _draw.spent_minor + value_minor <= _draw.budget_minor, _draw.drawn < _draw.tickets
    )
    return tx.execute(within.values(spent_minor=_draw.spent_minor + value_minor, drawn=_draw.drawn + 1)).rowcount == 1


def awards(tx: Tx, batch_no: int, *, after: tuple[dt.datetime, int] | None, limit: int, is_waiting: bool) -> Sequence[Row]:
    """Codes of a batch that won, the latest first."""
    wanted = sa.select(item_code_table, _prize.name.label("prize"), _prize.kind, _prize.value_minor).join(
        prize_table, _prize.id == _code.prize_id
    )
    wanted = wanted.where(_code.batch_no == batch_no)
    if is_waiting:
        wanted = wanted.where(_code.handed_at.is_(None))
    if after is not None:
        at, serial = after
        wanted = wanted.where(sa.or_(_code.drawn_at < at, sa.and_(_code.drawn_at == at, _code.serial > serial)))
    return tx.execute(wanted.order_by(_code.drawn_at.desc(), _code.serial).limit(limit)).all()


def accounts(tx: Tx) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Per draw: what its counters say, and what its codes add up to."""
    spent = sa.select(
        _draw.id,
        sa.func.count(_code.drawn_at).label("drawn"),
        sa.func.coalesce(sa.func.sum(_prize.value_minor), 0).label("spent_minor"),
    )
    spent = spent.select_from(
        draw_table.join(package_batch_table, package_batch_table.c.id == _draw.batch_id)
        .outerjoin(item_code_table, sa.and_(_code.batch_no == package_batch_table.c.no, _code.drawn_at.is_not(None)))
        .outerjoin(prize_table, _prize.id == _code.prize_id)
    )
    counted = spent.group_by(_draw.id).subquery()
    told = (_draw.budget_minor, _draw.spent_minor, _draw.drawn)
    return tx.execute(
        sa.select(_draw.id, *told, counted.c.drawn.label("codes_drawn"), counted.c.spent_minor.label("codes_minor")).join(
            counted, counted.c.id == _draw.id
        )
    ).all()
