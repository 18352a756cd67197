"""Appending orders, lines, refunds and their events; keeping what an import replaces."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from wellspring.activity.models import event_log, line_log, order_log, order_past_log, refund_log, refund_past_log
from wellspring.kernel.stores import LogTable
from wellspring.kernel.workspace import Workspace

Key = tuple[str, str]
_KEYS = "(SELECT arrayJoin(arrayZip({shops:Array(String)}, {numbers:Array(String)})))"


def insert_orders(ws: Workspace, rows: Sequence[dict[str, Any]]) -> None:
    """Appends versions of orders."""
    _insert(ws, order_log, rows)


def insert_past(ws: Workspace, rows: Sequence[dict[str, Any]]) -> None:
    """Appends versions that are older than the current one."""
    _insert(ws, order_past_log, rows)


def insert_lines(ws: Workspace, rows: Sequence[dict[str, Any]]) -> None:
    """Appends the lines of versions."""
    _insert(ws, line_log, rows)


def insert_refunds(ws: Workspace, rows: Sequence[dict[str, Any]]) -> None:
    """Appends versions of refunds."""
    _insert(ws, refund_log, rows)


def insert_events(ws: Workspace, rows: Sequence[dict[str, Any]]) -> None:
    """Appends events of orders to the log."""
    _insert(ws, event_log, rows)


def keep_past(ws: Workspace, keys: Iterable[Key]) -> None:
    """Copies the current versions of these orders aside, before they are replaced."""
    _keep(ws, order_log, order_past_log, "order_no", list(keys))


def keep_past_refunds(ws: Workspace, keys: Iterable[Key]) -> None:
    """Copies the current versions of these refunds aside."""
    _keep(ws, refund_log, refund_past_log, "refund_no", list(keys))


def _keep(ws: Workspace, table: LogTable, past: LogTable, number: str, keys: list[Key]) -> None:
    if keys:
        columns = ", ".join(table.column_names)
        ws.log.command(
            f"INSERT INTO {past.name} ({columns}) SELECT {columns} FROM {table.name} FINAL WHERE (shop, {number}) IN {_KEYS}",
            {"shops": [shop for shop, _ in keys], "numbers": [no for _, no in keys]},
        )


def _insert(ws: Workspace, table: LogTable, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        names = table.column_names
        lines = b"\n".join(orjson.dumps({name: row[name] for name in names}) for row in rows)
        ws.log.insert(table.name, names, [lines], fmt="JSONEachRow")
