"""Everybody who ever held an order: its events may stand under any of them, and the log is asked by member.

Noted before the order moves, so that no crash leaves events behind that nobody would look for. Few orders move.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from wellspring.activity.models import former_log
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

_COLUMNS = ("shop", "order_no", "member_no")


def note(ws: Workspace, moved: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Keeps the member who held each order, or its refund, where the row beside names another now."""
    left = {(row["shop"], row["order_no"], former) for former, row in moved if former and former != row["member_no"]}
    if left:
        lines = b"\n".join(orjson.dumps(dict(zip(_COLUMNS, one, strict=True))) for one in sorted(left))
        ws.log.insert(former_log.name, list(_COLUMNS), [lines])


def note_from(ws: Workspace, moved: str) -> None:
    """The same for a question that names shop, order_no and the former member_no."""
    columns = ", ".join(_COLUMNS)
    ws.log.command(f"INSERT INTO {former_log.name} ({columns}) SELECT {columns} FROM ({moved})")


def of(ws: Workspace, keys: Sequence[tuple[str, str]]) -> set[int]:
    """The former holders of these orders, all together."""
    if not keys:
        return set()
    wanted = "(SELECT arrayJoin(arrayZip({shops:Array(String)}, {orders:Array(String)})))"
    params = {"shops": [shop for shop, _ in keys], "orders": [order_no for _, order_no in keys]}
    return {
        int(row["member_no"])
        for row in rows(ws.log, f"SELECT DISTINCT member_no FROM {former_log.name} WHERE (shop, order_no) IN {wanted}", params)
    }


def among(orders: str) -> str:
    """The former holders of orders that a question names by shop and order_no, as a question."""
    return f"SELECT member_no FROM {former_log.name} WHERE (shop, order_no) IN ({orders})"
