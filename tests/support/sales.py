"""Orders and refunds as plain rows, written straight into the log, and what the overview must say of them.

The expectation is computed in Python from the rows alone and shares no code with the product.
"""

import collections
import dataclasses
import datetime as dt
import math
import zoneinfo
from collections.abc import Sequence
from typing import Any

import orjson

from wellspring.activity.facts import holders as holders_fact
from wellspring.activity.models import order_log, refund_log
from wellspring.activity.service import arrival
from wellspring.kernel.workspace import Workspace

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")


@dataclasses.dataclass(frozen=True)
class Sale:
    """An order as a test tells it; `buyer` 0 is nobody, an amount below zero a return without its sale."""

    buyer: int
    amount: int
    placed_at: dt.datetime
    is_paid: bool = True
    shop: str = "tmall"
    store: str = ""
    currency: str = "CNY"


def clear(ws: Workspace) -> None:
    """Takes all orders and refunds away."""
    for table in (order_log, refund_log):
        ws.log.command(f"TRUNCATE TABLE {table.name}")


def put_sales(ws: Workspace, sales: Sequence[Sale], *, version: int = 1) -> None:
    """Writes the orders; their numbers are their places in the list."""
    found = [{**_order(number, sale), "version": version} for number, sale in enumerate(sales, start=1)]
    with arrival.taken(ws, max(len(found), 1)):
        _put(ws, order_log.name, found)


def put_refunds(ws: Workspace, refunds: Sequence[tuple[int, dt.datetime]], *, order_no: str = "1") -> None:
    """Writes refunds of these amounts at these instants."""
    shared = {"shop": "tmall", "version": 1, "order_no": order_no, "currency": "CNY"}
    found = [
        {**shared, "refund_no": f"r{number}", "amount_minor": amount, "at": _text(at)}
        for number, (amount, at) in enumerate(refunds, start=1)
    ]
    _put(ws, refund_log.name, found)


def put_holders(ws: Workspace, holders: dict[int, int]) -> None:
    """Notes who holds whose number now."""
    holders_fact.write(ws, holders)


def expected(sales: Sequence[Sale], *, since: dt.datetime, until: dt.datetime, zone: dt.tzinfo = SHANGHAI) -> dict[str, Any]:
    """What the overview must say of sales in the half-open span."""
    paid = [sale for sale in sales if sale.is_paid and sale.amount >= 0 and sale.currency == "CNY"]
    within = [sale for sale in paid if since <= sale.placed_at < until]
    placed = [sale for sale in sales if since <= sale.placed_at < until and sale.currency == "CNY"]
    spent: collections.Counter[int] = collections.Counter()
    for sale in within:
        if sale.buyer:
            spent[sale.buyer] += sale.amount
    times = collections.Counter(sale.buyer for sale in within if sale.buyer)
    best = sorted(spent.values(), reverse=True)[: math.ceil(len(spent) / 10)]
    return {
        "orders": sum(sale.amount >= 0 for sale in placed),
        "paid_orders": len(within),
        "revenue_minor": sum(sale.amount for sale in within),
        "buyers": len(times),
        "repeat_buyers": sum(count >= 2 for count in times.values()),
        "top_decile_revenue_minor": sum(best),
        "attributed_revenue_minor": sum(spent.values()),
        "unattributed_orders": sum(sale.buyer == 0 for sale in within),
        "unattributed_revenue_minor": sum(sale.amount for sale in within if sale.buyer == 0),
        "negative_orders": sum(sale.amount < 0 for sale in placed),
        "negative_minor": -sum(sale.amount for sale in placed if sale.amount < 0),
        "weeks": _weeks([sale for sale in paid if sale.placed_at < until], since, zone),
        "spent": dict(spent),
    }


def monday(at: dt.datetime, zone: dt.tzinfo = SHANGHAI) -> dt.date:
    """The Monday of the week that an instant lies in."""
    day = at.astimezone(zone).date()
    return day - dt.timedelta(days=day.weekday())


def _weeks(paid: Sequence[Sale], since: dt.datetime, zone: dt.tzinfo) -> list[tuple[dt.date, int, int, int, int]]:
    first: dict[int, dt.date] = {}
    for sale in sorted(paid, key=lambda sale: sale.placed_at):
        first.setdefault(sale.buyer, monday(sale.placed_at, zone))
    found: dict[dt.date, list[Sale]] = collections.defaultdict(list)
    for sale in paid:
        if sale.placed_at >= since:
            found[monday(sale.placed_at, zone)].append(sale)
    return [
        (
            week,
            len(bought),
            sum(sale.amount for sale in bought),
            len({sale.buyer for sale in bought if sale.buyer and first[sale.buyer] == week}),
            len({sale.buyer for sale in bought if sale.buyer and first[sale.buyer] < week}),
        )
        for week, bought in sorted(found.items())
    ]


def _order(number: int, sale: Sale) -> dict[str, Any]:
    return {
        "shop": sale.shop,
        "order_no": str(number),
        "arrival_no": number,
        "member_no": sale.buyer,
        "state": "paid" if sale.is_paid else "placed",
        "is_paid": int(sale.is_paid),
        "placed_at": _text(sale.placed_at),
        "paid_at": _text(sale.placed_at) if sale.is_paid else "1970-01-01 00:00:00.000",
        "currency": sale.currency,
        "total_minor": sale.amount,
        "paid_minor": sale.amount if sale.is_paid else 0,
        "store_code": sale.store,
    }


def _text(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def _put(ws: Workspace, table: str, found: list[dict[str, Any]]) -> None:
    if found:
        ws.log.insert(table, list(found[0]), [b"\n".join(orjson.dumps(row) for row in found)])
