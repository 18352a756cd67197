"""Erasures: the receipt, the suppressed keys, and what stays of a member's row."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.kernel.files import file_table
from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import erasure_table, member_table
from wellspring.people.repo import rows

_erasure = erasure_table.c


def empty(tx: Tx, numbers: Iterable[int]) -> None:
    """Leaves of these rows the number, the id and the instants, so that neither is ever given again."""
    values = {"state": "erased", "merged_into": None, "home_unit_id": None, "source": "", "identified": False}
    for piece in rows.pieces(numbers):
        tx.execute(sa.update(member_table).where(member_table.c.member_no.in_(piece)).values(**values))


def get(tx: Tx, receipt_id: str) -> rows.Row | None:
    """One receipt."""
    found = tx.execute(sa.select(erasure_table).where(_erasure.id == receipt_id)).mappings().first()
    return dict(found) if found else None


def update(tx: Tx, receipt_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes how far an erasure is."""
    tx.execute(sa.update(erasure_table).where(_erasure.id == receipt_id).values(**values))


def files_for(tx: Tx, purpose: str, names: Sequence[str]) -> list[str]:
    """Stored files of a purpose with these names."""
    matches = sa.and_(file_table.c.purpose == purpose, file_table.c.name.in_(names))
    return list(tx.execute(sa.select(file_table.c.id).where(matches)).scalars())
