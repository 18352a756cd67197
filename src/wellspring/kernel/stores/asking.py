"""Questions in SQL text for the screens that are opened all day: the statement layer's work would cost more than the store's.

Parameters are named (`:name`); `IN :name` takes a list of numbers or texts. The text is the same on every engine and is
spelled once for each; values come back as they are stored (instants as milliseconds).
"""

import contextlib
import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from wellspring.kernel.stores.sql import Tx

_LIST = re.compile(r"\bIN :(\w+)")
_NAME = re.compile(r"(?<!:):(\w+)")


def ask(tx: Tx, text: str, params: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """The rows of the answer as plain tuples, straight from the driver: a result of the layer above costs twice the question."""
    if not tx.in_transaction():
        tx.begin()
    engine = tx.dialect.name
    spelled, bound = _spelled(text, engine), _bound(params or {}, engine)
    with contextlib.closing(tx.connection.cursor()) as cursor:
        # Whoever counts questions hears of this one too.
        for listener in tx.dispatch.before_cursor_execute:
            listener(tx, cursor, spelled, bound, None, False)
        cursor.execute(spelled, bound)
        return cursor.fetchall()


def tell(tx: Tx, text: str, params: Sequence[Mapping[str, Any]]) -> None:
    """Runs a writing statement once for each set of parameters."""
    if params:
        tx.exec_driver_sql(_spelled(text, tx.dialect.name), [dict(one) for one in params])


@functools.lru_cache(maxsize=256)
def _spelled(text: str, engine: str) -> str:
    if engine == "sqlite":
        # One text for lists of every length, so that the driver keeps the prepared statement.
        return _LIST.sub(r"IN (SELECT value FROM json_each(:\1))", text)
    return _NAME.sub(r"%(\1)s", _LIST.sub(r"= ANY(:\1)", text))


def _bound(params: Mapping[str, Any], engine: str) -> dict[str, Any]:
    if engine != "sqlite":
        return dict(params)
    return {name: orjson.dumps(value).decode() if isinstance(value, list) else value for name, value in params.items()}
