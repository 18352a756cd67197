"""Sales in sum: orders and refunds by buyer, week, month, shop and store. All of it set-based.

A sale is a paid order of its newest version; a merged member's sales are their holder's. An amount below zero is a
return that matched no sale: it counts among the refunds, never as an order.
"""

import datetime as dt
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from wellspring.activity import api as activity
from wellspring.analytics.contracts import CurrencySales, Period, Place, Question, Totals
from wellspring.kernel.clock import to_millis
from wellspring.kernel.stores.log import Param, rows
from wellspring.kernel.workspace import Workspace

# The instant at which a sale counts: some shops tell that an order is paid, but not when.
_SOLD_AT = "if(toUnixTimestamp64Milli(paid_at) > 0, paid_at, placed_at)"
_IS_ORDER = "(total_minor >= 0 AND paid_minor >= 0)"
_IS_SALE = f"is_paid AND {_IS_ORDER}"
_BEGUN = "toUnixTimestamp64Milli({at}) >= {{since:Int64}}"
_NOT_ENDED = "toUnixTimestamp64Milli({at}) < {{until:Int64}}"
_SOLD_WITHIN = f"{_BEGUN} AND {_NOT_ENDED}".format(at="sold_at")
_STARTS = {"week": "toMonday(sold_at, {time_zone:String})", "month": "toStartOfMonth(sold_at, {time_zone:String})"}
# Before 1970 and after 2200 nobody sold anything.
_FIRST, _LAST = 0, 7_258_118_400_000


def currencies(ws: Workspace) -> list[CurrencySales]:
    """Which currencies sales were told in, the most used first."""
    asked = (
        f"SELECT currency, count() AS orders, sum(paid_minor) AS revenue_minor FROM {activity.orders_sql()}"
        f" WHERE {_IS_SALE} GROUP BY currency ORDER BY orders DESC, currency LIMIT 200"
    )
    return [CurrencySales(**row) for row in rows(ws.log, asked)]


def totals(ws: Workspace, question: Question) -> Totals:
    """Everything that is one number."""
    found: dict[str, Any] = {}
    for asked in (_buyers_asked(ws, question), _sold_asked(ws, question), _placed_asked(question), _refunded_asked(question)):
        found |= rows(ws.log, asked, _params(question))[0]
    return Totals(**{name: int(value) for name, value in found.items()})


def periods(ws: Workspace, question: Question, *, by: Literal["week", "month"]) -> list[Period]:
    """Week by week, or month by month; whoever bought in an earlier one, at any time, is returning."""
    # History before the span is read too: it tells who is new.
    ended = _NOT_ENDED.format(at="sold_at")
    dated = f"SELECT buyer, amount, sold_at, {_STARTS[by]} AS starts_on FROM ({_sales(ws, question)}) WHERE {ended}"
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
    return [Period(starts_on=dt.date.fromisoformat(row.pop("begins")), **row) for row in found]


def places(ws: Workspace, question: Question) -> list[Place]:
    """By shop and store, the largest revenue first."""
    asked = (
        "SELECT shop, store_code, count() AS orders, sum(amount) AS revenue_minor, uniqExactIf(buyer, buyer > 0) AS buyers"
        f" FROM ({_sales(ws, question)}) WHERE {_SOLD_WITHIN} GROUP BY shop, store_code"
        " ORDER BY revenue_minor DESC, shop, store_code LIMIT 1000"
    )
    return [Place(**row) for row in rows(ws.log, asked, _params(question))]


def by_buyer(ws: Workspace, question: Question) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Every buyer's number and revenue, as two arrays of one length."""
    asked = (
        "SELECT toUInt32(buyer) AS buyer, toInt64(sum(amount)) AS spent"
        f" FROM ({_sales(ws, question)}) WHERE {_SOLD_WITHIN} AND buyer > 0 GROUP BY buyer ORDER BY buyer"
    )
    pairs = np.frombuffer(ws.log.query(asked, _params(question), fmt="RowBinary"), dtype=[("buyer", "<u4"), ("spent", "<i8")])
    return pairs["buyer"], pairs["spent"]


def ordering(ws: Workspace) -> npt.NDArray[np.uint32]:
    """Everybody who ever ordered."""
    who = activity.holder_sql(ws, "member_no")
    asked = f"SELECT DISTINCT toUInt32({who}) AS buyer FROM {activity.orders_sql()} WHERE member_no > 0 AND total_minor >= 0"
    return np.frombuffer(ws.log.query(asked, fmt="RowBinary"), dtype="<u4")


def _buyers_asked(ws: Workspace, question: Question) -> str:
    top = "arraySum(arraySlice(arrayReverseSort(groupArray(spent)), 1, toUInt64(ceil(count() / 10))))"
    each = (
        f"SELECT buyer, count() AS n, sum(amount) AS spent FROM ({_sales(ws, question)}) WHERE {_SOLD_WITHIN} AND buyer > 0 GROUP BY buyer"
    )
    return (
        "SELECT count() AS buyers, countIf(n >= 2) AS repeat_buyers, sum(spent) AS attributed_revenue_minor,"
        f" {top} AS top_decile_revenue_minor FROM ({each})"
    )


def _sold_asked(ws: Workspace, question: Question) -> str:
    return (
        "SELECT count() AS paid_orders, sum(amount) AS revenue_minor, countIf(buyer = 0) AS unattributed_orders,"
        f" sumIf(amount, buyer = 0) AS unattributed_revenue_minor FROM ({_sales(ws, question)}) WHERE {_SOLD_WITHIN}"
    )


def _placed_asked(question: Question) -> str:
    within = f"{_BEGUN} AND {_NOT_ENDED}".format(at="placed_at")
    return (
        f"SELECT countIf({_IS_ORDER}) AS orders, countIf(NOT {_IS_ORDER}) AS negative_orders,"
        f" -sumIf(least(total_minor, paid_minor), NOT {_IS_ORDER}) AS negative_minor FROM {activity.orders_sql()}"
        f" WHERE currency = {{currency:String}} AND {within}{_at_stores(question)}"
    )


def _refunded_asked(question: Question) -> str:
    within = f"{_BEGUN} AND {_NOT_ENDED}".format(at="at")
    return (
        f"SELECT count() AS refunds, sum(amount_minor) AS refunds_minor FROM {activity.refunds_sql()}"
        f" WHERE currency = {{currency:String}} AND {within}{_of_orders_at_stores(question)}"
    )


def _sales(ws: Workspace, question: Question) -> str:
    buyer = activity.holder_sql(ws, "member_no")
    return (
        f"SELECT {buyer} AS buyer, shop, store_code, paid_minor AS amount, {_SOLD_AT} AS sold_at"
        f" FROM {activity.orders_sql()} WHERE {_IS_SALE} AND currency = {{currency:String}}{_at_stores(question)}"
    )


def _at_stores(question: Question) -> str:
    return "" if question.store_codes is None else " AND store_code IN {stores:Array(String)}"


def _of_orders_at_stores(question: Question) -> str:
    if question.store_codes is None:
        return ""
    return f" AND (shop, order_no) IN (SELECT shop, order_no FROM {activity.orders_sql()} WHERE store_code IN {{stores:Array(String)}})"


def _params(question: Question) -> dict[str, Param]:
    asked: dict[str, Param] = {
        "currency": question.currency,
        "time_zone": question.time_zone,
        "since": to_millis(question.since) if question.since else _FIRST,
        "until": to_millis(question.until) if question.until else _LAST,
    }
    if question.store_codes is not None:
        asked["stores"] = list(question.store_codes)
    return asked
