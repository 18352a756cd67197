"""Sales in sum: orders and refunds by buyer, week, month, shop and store. All of it set-based.

A sale is a paid order of its newest version; a merged member's sales are their holder's. An amount below zero is a
return that matched no sale: it counts among the refunds, never as an order.
"""

import datetime as dt
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from wellspring.activity.contracts import SalesCurrency, SalesPeriod, SalesPlace, SalesQuestion, SalesTotals
from wellspring.activity.models import holder_log, order_log, refund_log
from wellspring.kernel.clock import to_millis
from wellspring.kernel.stores.log import Param, rows
from wellspring.kernel.workspace import Workspace

_HELD = f"SELECT member_no, argMax(holder_no, version) AS holder_no FROM {holder_log.name} GROUP BY member_no"
# The instant at which a sale counts: some shops tell that an order is paid, but not when.
_SOLD_AT = "if(toUnixTimestamp64Milli(o.paid_at) > 0, o.paid_at, o.placed_at)"
_IS_ORDER = "(o.total_minor >= 0 AND o.paid_minor >= 0)"
_IS_SALE = f"o.is_paid AND {_IS_ORDER}"
_SALES = (
    "SELECT if(h.holder_no > 0, h.holder_no, o.member_no) AS buyer, o.shop AS shop, o.store_code AS store_code, o.paid_minor AS amount,"
    f" {_SOLD_AT} AS sold_at FROM {order_log.name} AS o FINAL LEFT JOIN ({_HELD}) AS h ON h.member_no = o.member_no"
    f" WHERE {_IS_SALE} AND o.currency = {{currency:String}}"
)
_BEGUN = "toUnixTimestamp64Milli({at}) >= {{since:Int64}}"
_NOT_ENDED = "toUnixTimestamp64Milli({at}) < {{until:Int64}}"
_SOLD_WITHIN = f"{_BEGUN} AND {_NOT_ENDED}".format(at="sold_at")
_STARTS = {"week": "toMonday(sold_at, {time_zone:String})", "month": "toStartOfMonth(sold_at, {time_zone:String})"}
# Before 1970 and after 2200 nobody sold anything.
_FIRST, _LAST = 0, 7_258_118_400_000


def currencies(ws: Workspace) -> list[SalesCurrency]:
    """Which currencies sales were told in, the most used first."""
    asked = (
        f"SELECT o.currency AS currency, count() AS orders, sum(o.paid_minor) AS revenue_minor FROM {order_log.name} AS o FINAL"
        f" WHERE {_IS_SALE} GROUP BY currency ORDER BY orders DESC, currency LIMIT 200"
    )
    return [SalesCurrency(**row) for row in rows(ws.log, asked)]


def totals(ws: Workspace, question: SalesQuestion) -> SalesTotals:
    """Everything that is one number."""
    found: dict[str, Any] = {}
    for asked in (_buyers_asked(question), _sold_asked(question), _placed_asked(question), _refunded_asked(question)):
        found |= rows(ws.log, asked, _params(question))[0]
    return SalesTotals(**{name: int(value) for name, value in found.items()})


def periods(ws: Workspace, question: SalesQuestion, *, by: Literal["week", "month"]) -> list[SalesPeriod]:
    """Week by week, or month by month; whoever bought in an earlier one, at any time, is returning."""
    # History before the span is read too: it tells who is new.
    ended = _NOT_ENDED.format(at="sold_at")
    dated = f"SELECT buyer, amount, sold_at, {_STARTS[by]} AS starts_on FROM ({_sales(question)}) WHERE {ended}"
    within = _BEGUN.format(at="sold_at")
    spells = (
        f"SELECT min(starts_on) AS first_on, arrayJoin(groupUniqArrayIf(starts_on, {within})) AS bought_on"
        f" FROM ({dated}) WHERE buyer > 0 GROUP BY buyer"
    )
    bought = (
        "SELECT bought_on, countIf(bought_on = first_on) AS new_buyers, countIf(bought_on > first_on) AS returning_buyers"
        f" FROM ({spells}) GROUP BY bought_on"
    )
    sold = f"SELECT starts_on, count() AS orders, sum(amount) AS revenue_minor FROM ({dated}) WHERE {within} GROUP BY starts_on"
    asked = (
        "SELECT toString(s.starts_on) AS begins, s.orders AS orders, s.revenue_minor AS revenue_minor, b.new_buyers AS new_buyers,"
        f" b.returning_buyers AS returning_buyers FROM ({sold}) AS s LEFT JOIN ({bought}) AS b ON b.bought_on = s.starts_on"
        " ORDER BY s.starts_on"
    )
    found = rows(ws.log, asked, _params(question))
    return [SalesPeriod(starts_on=dt.date.fromisoformat(row.pop("begins")), **row) for row in found]


def places(ws: Workspace, question: SalesQuestion) -> list[SalesPlace]:
    """By shop and store, the largest revenue first."""
    asked = (
        "SELECT shop, store_code, count() AS orders, sum(amount) AS revenue_minor, uniqExactIf(buyer, buyer > 0) AS buyers"
        f" FROM ({_sales(question)}) WHERE {_SOLD_WITHIN} GROUP BY shop, store_code"
        " ORDER BY revenue_minor DESC, shop, store_code LIMIT 1000"
    )
    return [SalesPlace(**row) for row in rows(ws.log, asked, _params(question))]


def by_buyer(ws: Workspace, question: SalesQuestion) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Every buyer's number and revenue, as two arrays of one length."""
    asked = (
        "SELECT toUInt32(buyer) AS buyer, toInt64(sum(amount)) AS spent"
        f" FROM ({_sales(question)}) WHERE {_SOLD_WITHIN} AND buyer > 0 GROUP BY buyer ORDER BY buyer"
    )
    pairs = np.frombuffer(ws.log.query(asked, _params(question), fmt="RowBinary"), dtype=[("buyer", "<u4"), ("spent", "<i8")])
    return pairs["buyer"], pairs["spent"]


def _buyers_asked(question: SalesQuestion) -> str:
    top = "arraySum(arraySlice(arrayReverseSort(groupArray(spent)), 1, toUInt64(ceil(count() / 10))))"
    each = f"SELECT buyer, count() AS n, sum(amount) AS spent FROM ({_sales(question)}) WHERE {_SOLD_WITHIN} AND buyer > 0 GROUP BY buyer"
    return (
        "SELECT count() AS buyers, countIf(n >= 2) AS repeat_buyers, sum(spent) AS attributed_revenue_minor,"
        f" {top} AS top_decile_revenue_minor FROM ({each})"
    )


def _sold_asked(question: SalesQuestion) -> str:
    return (
        "SELECT count() AS paid_orders, sum(amount) AS revenue_minor, countIf(buyer = 0) AS unattributed_orders,"
        f" sumIf(amount, buyer = 0) AS unattributed_revenue_minor FROM ({_sales(question)}) WHERE {_SOLD_WITHIN}"
    )


def _placed_asked(question: SalesQuestion) -> str:
    within = f"{_BEGUN} AND {_NOT_ENDED}".format(at="o.placed_at")
    return (
        f"SELECT countIf({_IS_ORDER}) AS orders, countIf(NOT {_IS_ORDER}) AS negative_orders,"
        f" -sumIf(least(o.total_minor, o.paid_minor), NOT {_IS_ORDER}) AS negative_minor FROM {order_log.name} AS o FINAL"
        f" WHERE o.currency = {{currency:String}} AND {within}{_at_stores(question)}"
    )


def _refunded_asked(question: SalesQuestion) -> str:
    within = f"{_BEGUN} AND {_NOT_ENDED}".format(at="r.at")
    return (
        f"SELECT count() AS refunds, sum(r.amount_minor) AS refunds_minor FROM {refund_log.name} AS r FINAL"
        f" WHERE r.currency = {{currency:String}} AND {within}{_of_orders_at_stores(question)}"
    )


def _sales(question: SalesQuestion) -> str:
    return _SALES + _at_stores(question)


def _at_stores(question: SalesQuestion) -> str:
    return "" if question.store_codes is None else " AND o.store_code IN {stores:Array(String)}"


def _of_orders_at_stores(question: SalesQuestion) -> str:
    if question.store_codes is None:
        return ""
    return f" AND (r.shop, r.order_no) IN (SELECT shop, order_no FROM {order_log.name} FINAL WHERE store_code IN {{stores:Array(String)}})"


def _params(question: SalesQuestion) -> dict[str, Param]:
    asked: dict[str, Param] = {
        "currency": question.currency,
        "time_zone": question.time_zone,
        "since": to_millis(question.since) if question.since else _FIRST,
        "until": to_millis(question.until) if question.until else _LAST,
    }
    if question.store_codes is not None:
        asked["stores"] = list(question.store_codes)
    return asked
