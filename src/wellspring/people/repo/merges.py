"""Merges and their undoing, as rows that are never deleted."""

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from wellspring.kernel.stores.asking import ask
from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import member_table, merge_table
from wellspring.people.repo import rows

_merge = merge_table.c
# Most members were never merged: that alone is asked in the way that costs least.
_TOUCHING = "SELECT id FROM people_merge WHERE survivor_no IN :numbers UNION SELECT id FROM people_merge WHERE loser_no IN :again"


def get(tx: Tx, merge_id: str) -> rows.Row | None:
    """One merge."""
    found = tx.execute(sa.select(merge_table).where(_merge.id == merge_id)).mappings().first()
    return dict(found) if found else None


def touching(tx: Tx, numbers: Iterable[int]) -> list[rows.Row]:
    """Every merge, undone or not, that one of these numbers was part of; the newest first."""
    found: dict[str, rows.Row] = {}
    for piece in rows.pieces(numbers):
        ids = [row[0] for row in ask(tx, _TOUCHING, {"numbers": piece, "again": piece})]
        if ids:
            wanted = sa.select(merge_table).where(_merge.id.in_(ids))
            found.update((row["id"], dict(row)) for row in tx.execute(wanted).mappings())
    return sorted(found.values(), key=lambda row: (row["at"], row["id"]), reverse=True)


def losers_of(tx: Tx, survivors: Iterable[int]) -> list[int]:
    """The numbers that standing merges put directly under these."""
    found: list[int] = []
    for piece in rows.pieces(survivors):
        found += tx.execute(sa.select(_merge.loser_no).where(_merge.survivor_no.in_(piece), _merge.undone_at.is_(None))).scalars()
    return found


def of_import(tx: Tx, import_id: str) -> list[str]:
    """The standing merges that an import caused, the newest first."""
    wanted = (
        sa.select(_merge.id).where(_merge.import_id == import_id, _merge.undone_at.is_(None)).order_by(_merge.at.desc(), _merge.id.desc())
    )
    return list(tx.execute(wanted).scalars())


def undo(tx: Tx, merge_id: str, *, by: str, reason: str, at: dt.datetime) -> None:
    """Marks a merge as taken back."""
    tx.execute(sa.update(merge_table).where(_merge.id == merge_id).values(undone_at=at, undone_by=by, undo_reason=reason))


def stand_alone(tx: Tx, root: int, others: Iterable[int]) -> None:
    """The root is a member of its own again and holds the others."""
    columns = member_table.c
    tx.execute(sa.update(member_table).where(columns.member_no == root).values(state="active", merged_into=None))
    for piece in rows.pieces(others):
        tx.execute(sa.update(member_table).where(columns.member_no.in_(piece)).values(merged_into=root))


def forget_reasons(tx: Tx, numbers: Iterable[int]) -> None:
    """Empties the free text of merges of erased members: people write names into it."""
    for piece in rows.pieces(numbers):
        part = sa.or_(_merge.survivor_no.in_(piece), _merge.loser_no.in_(piece))
        tx.execute(
            sa.update(merge_table).where(part).values(reason="", undo_reason=sa.case((_merge.undo_reason.is_(None), None), else_=""))
        )
