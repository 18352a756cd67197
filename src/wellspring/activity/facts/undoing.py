"""Taking an import out again: its rows go, and of what it replaced the newest version that remains comes back."""

from typing import Any

from wellspring.activity.models import event_log, line_log, order_log, order_past_log, refund_log, refund_past_log, timeline_log
from wellspring.kernel.stores import LogTable
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

Key = tuple[str, str]
_OF_IMPORT = "import_id = {import_id:String}"


def keys_of(ws: Workspace, import_id: str) -> tuple[list[Key], list[Key]]:
    """The orders whose current or past versions an import wrote; first all of them, then those with an older version."""
    params = {"import_id": import_id}
    pairs = [(order_log, order_past_log, "order_no"), (refund_log, refund_past_log, "refund_no")]
    found = [_restorable(ws, table, past, number, params) for table, past, number in pairs]
    return found[0], found[1]


def delete(ws: Workspace, import_id: str) -> dict[str, int]:
    """Deletes the rows of an import everywhere; gives how many there were in each table."""
    params = {"import_id": import_id}
    deleted = {}
    numbers = f"SELECT arrival_no FROM {event_log.name} WHERE {_OF_IMPORT} AND type != 'order'"
    if int(rows(ws.log, f"SELECT count() AS n FROM ({numbers})", params)[0]["n"]):
        ws.log.command(f"DELETE FROM {timeline_log.name} WHERE arrival_no IN ({numbers})", params)
    for table in (event_log, line_log, refund_log, refund_past_log, order_log, order_past_log):
        deleted[table.name] = int(rows(ws.log, f"SELECT count() AS n FROM {table.name} WHERE {_OF_IMPORT}", params)[0]["n"])
        if deleted[table.name]:
            ws.log.command(f"DELETE FROM {table.name} WHERE {_OF_IMPORT}", params)
    return deleted


def restore(ws: Workspace) -> int:
    """Brings back the newest past version of whatever has none now; gives their number.

    Only an undoing leaves a past version without a current one, so this may be repeated at will.
    """
    restored = 0
    for table, past, number in ((order_log, order_past_log, "order_no"), (refund_log, refund_past_log, "refund_no")):
        missing = f"(shop, {number}) NOT IN (SELECT shop, {number} FROM {table.name})"
        restored += int(rows(ws.log, f"SELECT uniqExact(shop, {number}) AS n FROM {past.name} WHERE {missing}")[0]["n"])
        columns = ", ".join(table.column_names)
        ws.log.command(
            f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {past.name} WHERE {missing}"
            f" ORDER BY shop, {number}, version DESC LIMIT 1 BY shop, {number}"
        )
        ws.log.command(f"DELETE FROM {past.name} WHERE (shop, {number}, version) IN (SELECT shop, {number}, version FROM {table.name})")
    return restored


def _restorable(ws: Workspace, table: LogTable, past: LogTable, number: str, params: dict[str, Any]) -> list[Key]:
    """Keys that keep a version when the import goes: their events may have been told by the import."""
    written = (
        f"SELECT shop, {number} FROM {table.name} WHERE {_OF_IMPORT} UNION ALL SELECT shop, {number} FROM {past.name} WHERE {_OF_IMPORT}"
    )
    others = f"SELECT shop, {number} FROM {table.name} WHERE NOT ({_OF_IMPORT}) UNION ALL SELECT shop, {number} FROM {past.name} WHERE NOT ({_OF_IMPORT})"
    sql = f"SELECT DISTINCT shop, {number} AS number FROM ({written}) WHERE (shop, {number}) IN ({others}) ORDER BY shop, number"
    return [(row["shop"], row["number"]) for row in rows(ws.log, sql, params)]
