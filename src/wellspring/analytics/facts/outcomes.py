"""What members did that an experiment may be judged by: purchases with their margin, and contacts who left."""

import datetime as dt

import numpy as np
import numpy.typing as npt

from wellspring.activity import api as activity
from wellspring.analytics.facts import costs
from wellspring.analytics.facts.purchases import ORDER_KEY, purchases_sql, quoted
from wellspring.kernel.clock import to_millis
from wellspring.kernel.workspace import Workspace

_PURCHASES = np.dtype([("buyer", "<u4"), ("at", "<i8"), ("net", "<i8"), ("margin", "<i8"), ("known", "<i8")])
_HAPPENED = np.dtype([("member", "<u4"), ("at", "<i8")])
# A customer deletes a guide; what a guide deletes is no answer to a message.
CONTACT_LOST = "Contact Lost"

Rows = npt.NDArray[np.void]


def purchases(ws: Workspace, *, since: dt.datetime, until: dt.datetime, zone: str, currency: str) -> Rows:
    """Every purchase within: buyer, instant in milliseconds, what was paid less refunds, its margin, and how much of it that is of.

    The margin is of lines whose article's cost is known; refunds take as large a part of it as of the payment.
    """
    sold = purchases_sql(ws, until, zone=zone, currency=currency, since=since)
    margins = (
        f"SELECT {ORDER_KEY} AS key, sum(l.total_minor - l.quantity * c.cost_minor) AS margin_minor, sum(l.total_minor) AS known_minor"
        f" FROM ({activity.lines_sql()}) AS l INNER JOIN {costs.costs_sql()} AS c ON c.sku = l.sku GROUP BY key"
    )
    if not _any_cost(ws):
        margins = "SELECT toUInt64(0) AS key, toInt64(0) AS margin_minor, toInt64(0) AS known_minor WHERE 0"
    asked = (
        "SELECT p.buyer, toUnixTimestamp64Milli(p.sold_at), toInt64(p.net_minor),"
        " toInt64(if(p.paid_minor > 0, m.margin_minor * p.net_minor / p.paid_minor, 0)), toInt64(m.known_minor)"
        f" FROM (SELECT *, cityHash64(shop, order_no) AS key FROM ({sold})) AS p LEFT JOIN ({margins}) AS m ON m.key = p.key"
    )
    return np.frombuffer(ws.log.query(asked, fmt="RowBinary"), dtype=_PURCHASES)


def lost_contacts(ws: Workspace, *, since: dt.datetime, until: dt.datetime) -> Rows:
    """Who deleted a member of staff, and when."""
    who = activity.holder_sql(ws, "member_no")
    asked = (
        f"SELECT toUInt32({who}), toUnixTimestamp64Milli(at) FROM {activity.events_sql()} WHERE kind = {quoted(CONTACT_LOST)}"
        f" AND member_no > 0 AND toUnixTimestamp64Milli(at) > {to_millis(since)} AND toUnixTimestamp64Milli(at) <= {to_millis(until)}"
    )
    return np.frombuffer(ws.log.query(asked, fmt="RowBinary"), dtype=_HAPPENED)


def _any_cost(ws: Workspace) -> bool:
    return any(True for _ in costs.listing(ws, limit=1))
