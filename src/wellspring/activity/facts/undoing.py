"""Taking an import out again: its rows go, and of what it replaced the newest version that remains comes back."""

from wellspring.activity.models import (
    event_log,
    line_log,
    order_log,
    order_past_log,
    purchase_log,
    refund_log,
    refund_past_log,
    timeline_log,
)
from wellspring.kernel.stores import LogTable
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

Key = tuple[str, str]
_OF_IMPORT = "import_id = {import_id:String}"
_TABLES = ((order_log, order_past_log, "order_no"), (refund_log, refund_past_log, "refund_no"))


def keys_of(ws: Workspace, import_id: str) -> tuple[list[Key], list[Key]]:
    """Orders and refunds that keep a version when the import goes: their events may have been told by the import."""
    orders, refunds = (_kept(ws, table, past, number, import_id) for table, past, number in _TABLES)
    return orders, refunds


def replaced(ws: Workspace, import_id: str) -> int:
    """How many orders and refunds stand as the import wrote them, and have an older version to go back to."""
    found = 0
    for table, past, number in _TABLES:
        sql = f"SELECT count() AS n FROM {table.name} FINAL WHERE {_OF_IMPORT} AND (shop, {number}) IN ({_others(table, past, number)})"
        found += int(rows(ws.log, sql, {"import_id": import_id})[0]["n"])
    return found


def delete(ws: Workspace, import_id: str) -> dict[str, int]:
    """Deletes the rows of an import everywhere; gives how many there were in each table."""
    params = {"import_id": import_id}
    deleted = {}
    numbers = f"SELECT arrival_no FROM {event_log.name} WHERE {_OF_IMPORT}"
    if int(rows(ws.log, f"SELECT count() AS n FROM ({numbers})", params)[0]["n"]):
        ws.log.command(f"DELETE FROM {timeline_log.name} WHERE arrival_no IN ({numbers})", params)
    for table in (event_log, line_log, refund_log, refund_past_log, order_log, order_past_log, purchase_log):
        deleted[table.name] = int(rows(ws.log, f"SELECT count() AS n FROM {table.name} WHERE {_OF_IMPORT}", params)[0]["n"])
        if deleted[table.name]:
            ws.log.command(f"DELETE FROM {table.name} WHERE {_OF_IMPORT}", params)
    return deleted


def restore(ws: Workspace) -> None:
    """Brings back the newest past version of whatever has none now, or only an older one.

    Only an undoing leaves a past version that is not older than the current one, so this may be repeated at will. One that
    was not merged away yet is written again all the same: the views that feed from it must see it.
    """
    for table, past, number in _TABLES:
        columns = ", ".join(table.column_names)
        current = f"SELECT shop, {number}, max(version) AS version FROM {table.name} GROUP BY shop, {number}"
        newest = f"SELECT {columns} FROM {past.name} ORDER BY shop, {number}, version DESC LIMIT 1 BY shop, {number}"
        ws.log.command(
            f"INSERT INTO {table.name} ({columns}) SELECT {', '.join(f'p.{name}' for name in table.column_names)} FROM ({newest}) AS p"
            f" LEFT JOIN ({current}) AS c ON p.shop = c.shop AND p.{number} = c.{number} WHERE p.version >= c.version"
        )
        ws.log.command(
            f"DELETE FROM {past.name} WHERE (shop, {number}, version) IN (SELECT shop, {number}, version FROM {table.name} FINAL)"
        )


def _kept(ws: Workspace, table: LogTable, past: LogTable, number: str, import_id: str) -> list[Key]:
    written = " UNION ALL ".join(f"SELECT shop, {number} FROM {name} WHERE {_OF_IMPORT}" for name in (table.name, past.name))
    others = _others(table, past, number)
    sql = f"SELECT DISTINCT shop, {number} AS number FROM ({written}) WHERE (shop, {number}) IN ({others}) ORDER BY shop, number"
    return [(row["shop"], row["number"]) for row in rows(ws.log, sql, {"import_id": import_id})]


def _others(table: LogTable, past: LogTable, number: str) -> str:
    return " UNION ALL ".join(f"SELECT shop, {number} FROM {name} WHERE NOT ({_OF_IMPORT})" for name in (table.name, past.name))
