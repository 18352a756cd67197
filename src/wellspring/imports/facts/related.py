"""Several related files as one: each role's rows are staged as they are and joined into the flat form of orders.

What has no partner is rejected with the reason: a line, a payment or a review without its order, an order without its buyer.
"""

from collections.abc import Iterator

import orjson

from wellspring.imports.contracts import FieldType
from wellspring.imports.facts.flat import BUYER_NAMES
from wellspring.imports.facts.orders import SPILL, OrderTables
from wellspring.imports.facts.staging import ROW, drop
from wellspring.imports.facts.texts import mapped, quoted
from wellspring.imports.rules.presets import STATE_WORDS
from wellspring.kernel.stores.log import LogStore

# How the fields of each role are read; all others are text.
TYPES: dict[str, dict[str, FieldType]] = {
    "orders": {"placed_at": FieldType.TIME, "paid_at": FieldType.TIME, "cancelled_at": FieldType.TIME},
    "lines": {"line_total": FieldType.MONEY, "shipping": FieldType.MONEY, "price": FieldType.MONEY, "quantity": FieldType.WHOLE},
    "payments": {"amount": FieldType.MONEY},
    "places": {"latitude": FieldType.NUMBER, "longitude": FieldType.NUMBER},
    "reviews": {"at": FieldType.TIME, "score": FieldType.NUMBER},
}
# The fields that each role's SQL reads; those a mapping leaves out are empty.
FIELDS: dict[str, tuple[str, ...]] = {
    "orders": ("order_no", "buyer_key", "state", "placed_at", "paid_at", "cancelled_at"),
    "lines": ("order_no", "sku", "product", "category", "seller", "quantity", "line_total", "shipping"),
    "payments": ("order_no", "method", "amount"),
    "buyers": ("buyer_key", "city", "province", "place_key", *BUYER_NAMES),
    "products": ("sku", "product", "category"),
    "categories": ("category", "translated"),
    "places": ("place_key", "latitude", "longitude"),
    "sellers": ("seller", "city", "province"),
    "reviews": ("review_id", "order_no", "score", "title", "message", "at"),
}
_NO_MONEY = "CAST(NULL, 'Nullable(Int64)')"
_NO_TIME = "CAST(NULL, 'Nullable(DateTime64(3, \\'UTC\\'))')"


def table(tables: OrderTables, role: str) -> str:
    """The staging table of a role."""
    return f"{tables.flat}_{role}"


def orphans(tables: OrderTables, roles: set[str]) -> dict[str, str]:
    """Per role the condition and code of rows that have no partner (first that holds)."""
    known_orders = f"(SELECT order_no FROM {table(tables, 'orders')} WHERE reject = '')"
    no_order = f"order_no NOT IN {known_orders}"
    conditions: dict[str, str] = {
        str(role): f"multiIf({no_order}, 'order_unknown', '')" for role in ("lines", "payments", "reviews") if role in roles
    }
    checks = ["order_no = '', 'order_no_missing'", "isNull(placed_at), 'time_missing'"]
    if "buyers" in roles:
        checks.append(f"buyer_key NOT IN (SELECT buyer_key FROM {table(tables, 'buyers')} WHERE reject = ''), 'buyer_unknown'")
    return {"orders": f"multiIf({', '.join(checks)}, '')", **conditions}


def flatten(log: LogStore, tables: OrderTables, roles: set[str], *, shop: str) -> None:
    """Joins the staged roles into the flat table; rejected rows stay in their own tables."""
    bad = orphans(tables, roles)
    order_rows = f"(SELECT * FROM {table(tables, 'orders')} WHERE reject = '' AND {bad['orders']} = '')"
    line_rows = (
        f"(SELECT *, 1 AS has_line, sum(ifNull(shipping, 0)) OVER (PARTITION BY order_no) AS freight FROM {table(tables, 'lines')}"
        f" WHERE reject = '')"
    )
    joins = [f"FROM {order_rows} AS o", f"LEFT JOIN {line_rows} AS l ON l.order_no = o.order_no"]
    picked = {"category": "l.category", "product": "l.product", "order_paid": _NO_MONEY, "payment_method": "''"}
    if "products" in roles:
        joins.append(f"LEFT ANY JOIN (SELECT * FROM {table(tables, 'products')} WHERE reject = '') AS p ON p.sku = l.sku")
        picked |= {"category": "if(l.category = '', p.category, l.category)", "product": "if(l.product = '', p.product, l.product)"}
    if {"products", "categories"} <= roles:
        joins.append(f"LEFT ANY JOIN (SELECT * FROM {table(tables, 'categories')} WHERE reject = '') AS c ON c.category = p.category")
        picked["category"] = "if(c.translated = '', p.category, c.translated)"
    if "payments" in roles:
        paid = (
            f"SELECT order_no, sum(ifNull(amount, 0)) AS paid, anyLast(method) AS method FROM {table(tables, 'payments')} WHERE reject"
            f" = '' GROUP BY order_no"
        )
        joins.append(f"LEFT ANY JOIN ({paid}) AS m ON m.order_no = o.order_no")
        picked |= {"order_paid": "CAST(m.paid, 'Nullable(Int64)')", "payment_method": "m.method"}
    log.command(
        f"CREATE TABLE {tables.flat} ENGINE = MergeTree() ORDER BY tuple() AS SELECT {quoted(shop)} AS shop, o.order_no AS order_no,"
        f" {mapped('lower(o.state)', STATE_WORDS, otherwise=quoted('placed'))} AS state, o.placed_at AS placed_at, o.paid_at AS"
        f" paid_at, o.cancelled_at AS cancelled_at,"
        f" l.sku AS sku, {picked['product']} AS product, {picked['category']} AS category, if(l.has_line = 1, ifNull(l.quantity, 1),"
        f" 0) AS quantity,"
        f" l.line_total AS price, l.line_total AS line_total, {_NO_MONEY} AS line_discount, {_NO_MONEY} AS order_total,"
        f" {picked['order_paid']} AS order_paid,"
        f" {_NO_MONEY} AS order_discount, CAST(l.freight, 'Nullable(Int64)') AS shipping, {_NO_MONEY} AS refund, {_NO_TIME} AS refund_at,"
        f" '' AS store_code, '' AS staff_code, {picked['payment_method']} AS payment_method, CAST(map(), 'Map(String, String)') AS"
        f" properties,"
        f" {_buyer(joins, tables, roles)}, l.has_line AS has_line, toUInt8(0) AS cancels, toLowCardinality('') AS reject, CAST([],"
        f" 'Array(String)') AS raw"
        f" {' '.join(joins)} SETTINGS {SPILL}, join_use_nulls = 0"
    )


def _buyer(joins: list[str], tables: OrderTables, roles: set[str]) -> str:
    if "buyers" not in roles:
        names = ", ".join(f"'' AS buyer_{name}" for name in BUYER_NAMES)
        return f"{names}, '' AS who, CAST(map(), 'Map(String, String)') AS attributes"
    joins.append(f"LEFT ANY JOIN (SELECT * FROM {table(tables, 'buyers')} WHERE reject = '') AS b ON b.buyer_key = o.buyer_key")
    cells = ["'city', b.city", "'province', b.province"]
    if "places" in roles:
        middle = (
            f"SELECT place_key, toString(round(avg(latitude), 5)) AS lat, toString(round(avg(longitude), 5)) AS lng FROM"
            f" {table(tables, 'places')} WHERE reject = '' GROUP BY place_key"
        )
        joins.append(f"LEFT ANY JOIN ({middle}) AS g ON g.place_key = b.place_key")
        cells += ["'latitude', g.lat", "'longitude', g.lng"]
    names = ", ".join(f"b.{name} AS buyer_{name}" for name in BUYER_NAMES)
    filled = ", ".join(f"b.{name} != '', b.{name}" for name in BUYER_NAMES[:-1])
    first = f"multiIf({filled}, '')"
    return f"{names}, {first} AS who, CAST(mapFilter((k, v) -> v != '', map({', '.join(cells)})), 'Map(String, String)') AS attributes"


def rejected(log: LogStore, tables: OrderTables, roles: set[str]) -> Iterator[tuple[str, int, str, list[str]]]:
    """Role, place, code and cells of every row that could not be read or has no partner."""
    bad = orphans(tables, roles)
    for role in sorted(roles):
        name = table(tables, role)
        code = f"if(reject != '', toString(reject), {bad.get(role, quoted(''))})"
        answer = log.query(f"SELECT {ROW} AS place, {code} AS code, raw FROM {name} WHERE code != '' ORDER BY place")
        for line in answer.splitlines():
            row = orjson.loads(line)
            yield role, int(row["place"]), str(row["code"]), list(row["raw"])


def reviews(log: LogStore, tables: OrderTables) -> Iterator[dict[str, object]]:
    """Reviews of known orders of known buyers, with the buyer's own key."""
    answer = log.query(
        "SELECT r.review_id AS review_id, r.order_no AS order_no, r.score AS score, r.title AS title, r.message AS message,"
        " toUnixTimestamp64Milli(assumeNotNull(r.at)) AS at_ms, f.buyer_buyer_id AS buyer"
        f" FROM (SELECT * FROM {table(tables, 'reviews')} WHERE reject = '' AND at IS NOT NULL) AS r"
        f" INNER JOIN (SELECT order_no, any(buyer_buyer_id) AS buyer_buyer_id, any(who) AS who FROM {tables.flat} GROUP BY order_no)"
        f" AS f ON f.order_no = r.order_no"
        f" WHERE f.who NOT IN (SELECT who FROM {tables.who} WHERE code != '') AND f.who != '' ORDER BY r.review_id, r.order_no"
    )
    return (orjson.loads(line) for line in answer.splitlines())


def clear(log: LogStore, tables: OrderTables) -> None:
    """Removes what an earlier try left."""
    drop(log, tables.flat, *(table(tables, role) for role in FIELDS))
