"""Sets of rows in and out: insert what is missing, insert or replace, and queries by many keys in pieces.

Statements are compiled once per table and engine, and rows go to the driver as they are: for millions of rows the
statement layer's work per row would cost more than the store's.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from wellspring.kernel.stores.sql import Tx
from wellspring.people.settings import KEYS_PER_QUERY

Row = dict[str, Any]
Key = TypeVar("Key")
_Shape = tuple[str, ...]


def insert(tx: Tx, table: sa.Table, rows: Sequence[Row]) -> None:
    """Inserts the rows, which all have the same columns."""
    _send(tx, table, rows, "insert")


def insert_values(tx: Tx, table: sa.Table, names: tuple[str, ...], values: Sequence[tuple[Any, ...]]) -> None:
    """As `insert`, of tuples in the order of `names` whose values are as the driver takes them (instants as milliseconds)."""
    if not values:
        return
    text, places = _compiled(table, names, "insert", tx.dialect.name)
    if places is None:
        tx.exec_driver_sql(text, [dict(zip(names, row, strict=True)) for row in values])
    elif tuple(places) == names:
        tx.exec_driver_sql(text, list(values))
    else:
        order = [names.index(name) for name in places]
        tx.exec_driver_sql(text, [tuple([row[place] for place in order]) for row in values])


def insert_missing(tx: Tx, table: sa.Table, rows: Sequence[Row]) -> None:
    """Inserts the rows whose primary key is not there yet."""
    _send(tx, table, rows, "missing")


def upsert(tx: Tx, table: sa.Table, rows: Sequence[Row]) -> None:
    """Inserts the rows, or replaces those with the same primary key."""
    _send(tx, table, rows, "replace")


def accumulate(tx: Tx, table: sa.Table, rows: Sequence[Row], *, add: str, keep: tuple[str, ...]) -> None:
    """Inserts the rows; where one is there, adds to a column, leaves some as they are and replaces the others."""
    _send(tx, table, rows, f"add {add} {' '.join(keep)}")


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


def plain(answer: sa.CursorResult[Any]) -> list[Row]:
    """The rows as dictionaries; several times quicker than by way of mappings."""
    names = tuple(answer.keys())
    return [dict(zip(names, row, strict=True)) for row in answer.all()]


def numbers_of(tx: Tx, table: sa.Table, key: str, number: str, keys: Iterable[bytes]) -> dict[bytes, int]:
    """The number beside each key that is there."""
    found: dict[bytes, int] = {}
    for piece in pieces(keys):
        if tx.dialect.name == "sqlite":
            places = ",".join("?" * len(piece))
            answer = tx.exec_driver_sql(f"SELECT {key}, {number} FROM {table.name} WHERE {key} IN ({places})", tuple(piece))  # noqa: S608 - names of our own columns
            found.update(answer.all())
        else:
            wanted = f"SELECT {key}, {number} FROM {table.name} WHERE {key} = ANY(%(keys)s)"  # noqa: S608 - as above
            found.update((bytes(one), owner) for one, owner in tx.exec_driver_sql(wanted, {"keys": piece}))
    return found


def _send(tx: Tx, table: sa.Table, rows: Sequence[Row], mode: str) -> None:
    if not rows:
        return
    shape = tuple(rows[0])
    text, places = _compiled(table, shape, mode, tx.dialect.name)
    converters = {name: converter for name in shape if (converter := _converter(table.c[name], tx.dialect)) is not None}
    if places is None:
        tx.exec_driver_sql(text, [{**row, **{name: converter(row[name]) for name, converter in converters.items()}} for row in rows])
        return
    steps = [(name, converters.get(name)) for name in places]
    tx.exec_driver_sql(text, [tuple([row[name] if step is None else step(row[name]) for name, step in steps]) for row in rows])


def _converter(column: sa.Column[Any], dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    # SQLite takes bytes, booleans and text as they are; only instants and JSON need the type's own spelling.
    if isinstance(column.type, sa.LargeBinary | sa.Boolean | sa.String):
        return None
    return column.type.dialect_impl(dialect).bind_processor(dialect)


@functools.lru_cache(maxsize=256)
def _compiled(table: sa.Table, shape: _Shape, mode: str, engine: str) -> tuple[str, list[str] | None]:
    # One bound function with two dialects' insert of the same shape.
    made: Any = sqlite.insert(table) if engine == "sqlite" else postgresql.insert(table)
    if mode == "missing":
        made = made.on_conflict_do_nothing()
    elif mode == "replace":
        keys = [column.name for column in table.primary_key]
        made = made.on_conflict_do_update(index_elements=keys, set_={name: made.excluded[name] for name in shape if name not in keys})
    elif mode.startswith("add "):
        _, add, *keep = mode.split(" ")
        keys = [column.name for column in table.primary_key]
        replaced = {name: made.excluded[name] for name in shape if name not in (*keys, *keep, add)}
        made = made.on_conflict_do_update(index_elements=keys, set_={**replaced, add: table.c[add] + made.excluded[add]})
    dialect = sqlite.dialect(paramstyle="qmark") if engine == "sqlite" else postgresql.dialect(paramstyle="pyformat")
    compiled = made.compile(dialect=dialect, column_keys=list(shape))
    return str(compiled), compiled.positiontup
