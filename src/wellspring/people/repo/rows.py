"""Sets of rows in and out: insert what is missing, insert or replace, and queries by many keys in pieces.

Both engines know ON CONFLICT; SQLAlchemy only spells it per dialect.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from wellspring.kernel.stores.sql import Tx
from wellspring.people.settings import KEYS_PER_QUERY

Row = dict[str, Any]
Key = TypeVar("Key")


def insert(tx: Tx, table: sa.Table, rows: Sequence[Row]) -> None:
    """Inserts the rows."""
    if rows:
        tx.execute(sa.insert(table), rows)


def insert_missing(tx: Tx, table: sa.Table, rows: Sequence[Row]) -> None:
    """Inserts the rows whose primary key is not there yet."""
    if rows:
        tx.execute(_insert(tx, table).on_conflict_do_nothing(), rows)


def upsert(tx: Tx, table: sa.Table, rows: Sequence[Row]) -> None:
    """Inserts the rows, or replaces those with the same primary key."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    statement = _insert(tx, table)
    replaced = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=replaced), rows)


def pieces(keys: Iterable[Key], size: int = KEYS_PER_QUERY) -> Iterator[list[Key]]:
    """The keys in lists short enough for one IN query."""
    piece: list[Key] = []
    for key in keys:
        piece.append(key)
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece


def _insert(tx: Tx, table: sa.Table) -> Any:  # noqa: ANN401 - two dialects' classes of the same shape
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)
