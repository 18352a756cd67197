"""What counts as a purchase for RFM and lifecycle: a paid order of a known buyer that was not refunded in full."""

import datetime as dt

from wellspring.activity import api as activity
from wellspring.kernel.clock import to_millis
from wellspring.kernel.workspace import Workspace

SOLD_AT = "if(toUnixTimestamp64Milli(paid_at) > 0, paid_at, placed_at)"
_IS_ORDER = "(total_minor >= 0 AND paid_minor >= 0)"
_FIELD = str.maketrans({"\\": "\\\\", "'": "\\'"})
DAY_MILLIS = 86_400_000
ORDER_KEY = "cityHash64(shop, order_no)"


def quoted(text: str) -> str:
    """A text as a literal: what audiences read travels as plain SQL, without parameters."""
    return f"'{text.translate(_FIELD)}'"


def instant(at: dt.datetime) -> str:
    """An instant as a literal."""
    return f"fromUnixTimestamp64Milli({to_millis(at)}, 'UTC')"


def purchases_sql(ws: Workspace, at: dt.datetime, *, zone: str, currency: str | None = None, since: dt.datetime | None = None) -> str:
    """Every purchase up to an instant: buyer, shop, order_no, sold_at, day (a running number), net_minor (after refunds), paid_minor."""
    who = activity.holder_sql(ws, "member_no")
    in_money = "" if currency is None else f" AND currency = {quoted(currency)}"
    sold = (
        f"SELECT {ORDER_KEY} AS key, toUInt32({who}) AS buyer, shop, order_no, {SOLD_AT} AS sold_at, paid_minor"
        f" FROM {activity.orders_sql()} WHERE member_no > 0 AND is_paid AND {_IS_ORDER}{in_money}{_span(SOLD_AT, since, at)}"
    )
    back = (
        f"SELECT {ORDER_KEY} AS key, sum(amount_minor) AS refunded FROM {activity.refunds_sql()}"
        f" WHERE order_no != ''{_span('at', None, at)} GROUP BY key"
    )
    return (
        f"SELECT s.buyer AS buyer, s.shop AS shop, s.order_no AS order_no, s.sold_at AS sold_at,"
        f" toRelativeDayNum(s.sold_at, {quoted(zone)}) AS day, s.paid_minor - r.refunded AS net_minor, s.paid_minor AS paid_minor"
        f" FROM ({sold}) AS s LEFT JOIN ({back}) AS r ON r.key = s.key"
        " WHERE NOT (s.paid_minor > 0 AND r.refunded >= s.paid_minor)"
    )


def returned_sql(ws: Workspace, at: dt.datetime, *, currency: str, since: dt.datetime) -> str:
    """Returns without their sale: `buyer` and the amount, below zero."""
    who = activity.holder_sql(ws, "member_no")
    return (
        f"SELECT toUInt32({who}) AS buyer, least(total_minor, paid_minor) AS net_minor FROM {activity.orders_sql()}"
        f" WHERE member_no > 0 AND NOT {_IS_ORDER} AND currency = {quoted(currency)}{_span('placed_at', since, at)}"
    )


def _span(column: str, since: dt.datetime | None, at: dt.datetime) -> str:
    begun = "" if since is None else f" AND toUnixTimestamp64Milli({column}) > {to_millis(since)}"
    return f"{begun} AND toUnixTimestamp64Milli({column}) <= {to_millis(at)}"
