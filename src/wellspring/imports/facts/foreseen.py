"""What an import of orders would come to: counted over the staged rows in one question, nothing grouped or written."""

from wellspring.imports.facts import orders
from wellspring.kernel.stores.log import LogStore, rows


def counts(log: LogStore, tables: orders.OrderTables, keeps: orders.Kept) -> dict[str, int]:
    """Distinct orders of the rows that stay, those of them that are there already, buyers, refunds told with their orders."""
    mode = f" AND {keeps.mode}" if keeps.mode else ""
    sql = (
        "SELECT uniqExact(shop, order_no) AS orders,"
        f" uniqExactIf((shop, order_no), (shop, order_no) IN {orders.known_select(tables)}) AS known_orders,"
        " uniqExactIf(who, who != '') AS buyers, countIf(who = '') AS unattributed,"
        " uniqExactIf((shop, order_no), refund > 0) AS refunds"
        f" FROM {tables.flat} WHERE reject = ''{mode} SETTINGS {orders.SPILL}"
    )
    return {name: int(value) for name, value in rows(log, sql)[0].items()}
