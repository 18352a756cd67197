"""What files said of orders beyond what orders have: written with an import, read by order, gone with the import."""

from wellspring.imports.facts.orders import OrderTables
from wellspring.imports.models import property_log
from wellspring.kernel.stores.log import LogStore, rows


def write(log: LogStore, tables: OrderTables, *, import_id: str, version: int) -> None:
    """Writes the properties of a run's orders; a second try replaces the first."""
    delete(log, import_id)
    log.command(
        f"INSERT INTO {property_log.name} ({', '.join(property_log.column_names)}) "
        "SELECT shop, order_no, pair.1, pair.2, {version:UInt64}, {import_id:String}"
        f" FROM (SELECT shop, order_no, arrayJoin(arrayZip(mapKeys(properties), mapValues(properties))) AS pair FROM {tables.orders}"
        " WHERE notEmpty(properties))",
        {"import_id": import_id, "version": version},
    )


def delete(log: LogStore, import_id: str) -> None:
    """Takes an import's properties out."""
    found = rows(log, f"SELECT 1 AS n FROM {property_log.name} WHERE import_id = {{import_id:String}} LIMIT 1", {"import_id": import_id})
    if found:
        log.command(f"DELETE FROM {property_log.name} WHERE import_id = {{import_id:String}}", {"import_id": import_id})


def of_order(log: LogStore, *, shop: str, order_no: str) -> dict[str, str]:
    """The properties of an order, as last told."""
    sql = (
        f"SELECT name, argMax(value, version) AS value FROM {property_log.name}"
        " WHERE shop = {shop:String} AND order_no = {order_no:String} GROUP BY name ORDER BY name"
    )
    return {str(row["name"]): str(row["value"]) for row in rows(log, sql, {"shop": shop, "order_no": order_no})}
