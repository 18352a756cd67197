"""Reading orders: the newest version of each, their lines and refunds, a member's orders.

FINAL keeps the newest version where several are stored. Everything asked for a page is found by key: by shop and
number, or by member through a projection that gives the keys.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from wellspring.activity.contracts import OrderLine, Payment, StoredOrder
from wellspring.activity.models import line_log, order_log, refund_log
from wellspring.kernel.clock import from_millis
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores.log import rows, scalar
from wellspring.kernel.workspace import Workspace

Key = tuple[str, str]
_KEYS = "(SELECT arrayJoin(arrayZip({shops:Array(String)}, {numbers:Array(String)})))"
_MILLIS = (
    "toUnixTimestamp64Milli(placed_at) AS placed_ms, toUnixTimestamp64Milli(paid_at) AS paid_ms,"
    " toUnixTimestamp64Milli(cancelled_at) AS cancelled_ms, toUnixTimestamp64Milli(received_at) AS received_ms"
)
_COLUMNS = ", ".join(name for name in order_log.column_names if not name.endswith("_at")) + ", " + _MILLIS
_REFUND_COLUMNS = (
    ", ".join(name for name in refund_log.column_names if name not in ("at", "received_at"))
    + ", toUnixTimestamp64Milli(at) AS at_ms, toUnixTimestamp64Milli(received_at) AS received_ms"
)


def current(ws: Workspace, keys: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    """The newest version of each of these orders."""
    wanted = list(keys)
    if not wanted:
        return {}
    found = rows(ws.log, f"SELECT {_COLUMNS} FROM {order_log.name} FINAL WHERE (shop, order_no) IN {_KEYS}", _params(wanted))
    return {(row["shop"], row["order_no"]): row for row in found}


def current_refunds(ws: Workspace, keys: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    """The newest version of each refund, by shop and refund number."""
    wanted = list(keys)
    if not wanted:
        return {}
    found = rows(ws.log, f"SELECT {_REFUND_COLUMNS} FROM {refund_log.name} FINAL WHERE (shop, refund_no) IN {_KEYS}", _params(wanted))
    return {(row["shop"], row["refund_no"]): row for row in found}


def refunds_of(ws: Workspace, keys: Iterable[Key]) -> dict[Key, list[dict[str, Any]]]:
    """The refunds of each of these orders."""
    wanted = list(keys)
    if not wanted:
        return {}
    inner = f"SELECT DISTINCT shop, refund_no FROM {refund_log.name} WHERE (shop, order_no) IN {_KEYS}"
    sql = f"SELECT {_REFUND_COLUMNS} FROM {refund_log.name} FINAL WHERE (shop, refund_no) IN ({inner})"
    refunds: dict[Key, list[dict[str, Any]]] = {}
    for row in rows(ws.log, sql, _params(wanted)):
        refunds.setdefault((row["shop"], row["order_no"]), []).append(row)
    return refunds


def lines_of(ws: Workspace, orders: Iterable[Mapping[str, Any]]) -> dict[Key, list[dict[str, Any]]]:
    """The lines of these versions of orders."""
    versions = {(row["shop"], row["order_no"]): int(row["version"]) for row in orders}
    if not versions:
        return {}
    columns = ", ".join(line_log.column_names)
    lines: dict[Key, list[dict[str, Any]]] = {}
    for line in rows(
        ws.log, f"SELECT {columns} FROM {line_log.name} WHERE (shop, order_no) IN {_KEYS} ORDER BY line_no", _params(list(versions))
    ):
        key = (line["shop"], line["order_no"])
        if int(line["version"]) == versions[key]:
            lines.setdefault(key, []).append(line)
    return lines


def lines_sql() -> str:
    """The lines of the newest versions, to be read FROM."""
    columns = ", ".join(line_log.column_names)
    newest = f"SELECT shop, order_no, version FROM {order_log.name} FINAL"
    return f"(SELECT {columns} FROM {line_log.name} WHERE (shop, order_no, version) IN ({newest}))"


def stored(ws: Workspace, found: Sequence[Mapping[str, Any]]) -> list[StoredOrder]:
    """Rows as contracts, with their lines and what was refunded."""
    keys = [(row["shop"], row["order_no"]) for row in found]
    lines, refunds = lines_of(ws, found), refunds_of(ws, keys)
    return [_stored(row, lines.get(key, []), refunds.get(key, [])) for key, row in zip(keys, found, strict=True)]


def of_numbers(ws: Workspace, order_nos: Sequence[str]) -> list[StoredOrder]:
    """The orders of these numbers, of whichever shop, the oldest first."""
    asked = f"SELECT {_COLUMNS} FROM {order_log.name} FINAL WHERE order_no IN {{orders:Array(String)}} ORDER BY placed_at, shop, order_no"
    return stored(ws, rows(ws.log, asked, {"orders": list(order_nos)})) if order_nos else []


def of_member(ws: Workspace, numbers: Sequence[int], *, cursor: str | None, limit: int | None) -> Page[StoredOrder]:
    """The orders of these numbers, the newest first."""
    size = limit_of(limit)
    after, params = _after(cursor)
    found = rows(
        ws.log,
        f"SELECT {_COLUMNS} FROM {order_log.name} FINAL WHERE {_of_members()}{after} ORDER BY placed_at DESC, shop, order_no LIMIT"
        f" {size + 1}",
        {"numbers": list(numbers), **params},
    )
    return _page(ws, found, size)


def listing(
    ws: Workspace,
    *,
    shop: str | None = None,
    numbers: Sequence[int] | None = None,
    state: str | None = None,
    store_codes: Sequence[str] | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[StoredOrder]:
    """Orders by filters, the newest first."""
    size = limit_of(limit)
    after, params = _after(cursor)
    conditions = ["1"]
    if shop:
        conditions.append("shop = {shop:String}")
    if state:
        conditions.append("state = {state:String}")
    if numbers is not None:
        conditions.append(_of_members())
    if store_codes is not None:
        conditions.append("store_code IN {stores:Array(String)}")
    found = rows(
        ws.log,
        f"SELECT {_COLUMNS} FROM {order_log.name} FINAL WHERE {' AND '.join(conditions)}{after} ORDER BY placed_at DESC, shop,"
        f" order_no LIMIT {size + 1}",
        {
            "shop": shop or "",
            "state": state or "",
            "numbers": list(numbers or []),
            "stores": list(store_codes or []),
            **params,
        },
    )
    return _page(ws, found, size)


def waiting_refunds(ws: Workspace, stage: str, params: Mapping[str, Any], *, step: int) -> Iterator[list[Key]]:
    """Keys of staged orders that have, or had, refunds of somebody else or of nobody, in steps."""
    if scalar(ws.log, f"SELECT 1 FROM {refund_log.name} LIMIT 1") is None:
        return
    # Without FINAL: an older version that named another buyer costs a second look and nothing else.
    sql = (
        f"SELECT DISTINCT r.shop AS shop, r.order_no AS order_no FROM {refund_log.name} AS r"
        f" INNER JOIN (SELECT shop, order_no, member_no FROM {stage} WHERE member_no > 0) AS s"
        " ON r.shop = s.shop AND r.order_no = s.order_no WHERE r.member_no != s.member_no"
    )
    keys = [(row["shop"], row["order_no"]) for row in rows(ws.log, sql, params)]
    yield from (keys[start : start + step] for start in range(0, len(keys), step))


def orders_of_refunds(ws: Workspace, keys: Iterable[Key]) -> set[Key]:
    """The orders that these refunds belong to."""
    return {(shop, str(row["order_no"])) for (shop, _), row in current_refunds(ws, keys).items()}


def _of_members() -> str:
    # The inner question is answered by the projection without FINAL; the outer one reads only those keys and looks
    # at the member again, because an older version may have named another one.
    inner = f"SELECT DISTINCT shop, order_no FROM {order_log.name} WHERE member_no IN {{numbers:Array(UInt32)}}"
    return f"(shop, order_no) IN ({inner}) AND member_no IN {{numbers:Array(UInt32)}}"


def _after(cursor: str | None) -> tuple[str, dict[str, Any]]:
    if not cursor:
        return "", {}
    placed, shop, order_no = decode_cursor(cursor, length=3)
    after = (
        " AND (placed_at < fromUnixTimestamp64Milli({placed:Int64}, 'UTC') OR (placed_at = fromUnixTimestamp64Milli({placed:Int64}, 'UTC')"
        " AND (shop, order_no) > ({after_shop:String}, {after_no:String})))"
    )
    return after, {"placed": int(placed or 0), "after_shop": str(shop), "after_no": str(order_no)}


def _page(ws: Workspace, found: Sequence[Mapping[str, Any]], size: int) -> Page[StoredOrder]:
    following = None
    if len(found) > size:
        last = found[size - 1]
        following = encode_cursor([last["placed_ms"], last["shop"], last["order_no"]])
    return Page(stored(ws, found[:size]), following)


def _stored(row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], refunds: Sequence[Mapping[str, Any]]) -> StoredOrder:
    return StoredOrder(
        shop=str(row["shop"]),
        order_no=str(row["order_no"]),
        member_no=int(row["member_no"]),
        state=str(row["state"]),
        is_paid=bool(row["is_paid"]),
        placed_at=from_millis(int(row["placed_ms"])),
        paid_at=from_millis(int(row["paid_ms"])) if row["is_paid"] else None,
        currency=str(row["currency"]),
        total_minor=int(row["total_minor"]),
        discount_minor=int(row["discount_minor"]),
        shipping_minor=int(row["shipping_minor"]),
        paid_minor=int(row["paid_minor"]),
        refunded_minor=sum(int(refund["amount_minor"]) for refund in refunds),
        store_code=str(row["store_code"]),
        staff_code=str(row["staff_code"]),
        source=str(row["source"]),
        import_id=str(row["import_id"]),
        version=int(row["version"]),
        lines=[line_of(line) for line in lines],
        payments=[_payment(payment) for payment in orjson.loads(row["payments"] or "[]")],
    )


def line_of(line: Mapping[str, Any]) -> OrderLine:
    """A stored line as a contract."""
    sku, product, category = (str(line[name]) for name in ("sku", "product", "category"))
    quantity, price, discount, total = (int(line[name]) for name in ("quantity", "price_minor", "discount_minor", "total_minor"))
    return OrderLine(sku, product, category, quantity, price, discount, total)


def _payment(payment: Mapping[str, Any]) -> Payment:
    at = payment.get("at")
    return Payment(str(payment["method"]), int(payment["amount_minor"]), None if at is None else dt.datetime.fromisoformat(str(at)))


def _params(keys: Sequence[Key]) -> dict[str, Any]:
    return {"shops": [shop for shop, _ in keys], "numbers": [number for _, number in keys]}
