"""What members bought last, and what was paid in a span."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from wellspring.activity import api as activity
from wellspring.kernel.clock import to_millis
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

# Numbers travel as a parameter; this many are some 150 KB.
_PIECE = 20_000
_PAID = np.dtype([("member_no", "<u4"), ("at", "<i8"), ("amount", "<i8")])
Paid = npt.NDArray[np.void]


def last_products(ws: Workspace, member_nos: Sequence[int]) -> dict[int, str]:
    """The first named product of the newest paid order of each of these members."""
    holder, found = activity.holder_sql(ws), {}
    asked = (
        f"SELECT toUInt32({holder}) AS who, argMax(product, (placed_at, order_no)) AS product FROM ("
        f"SELECT o.member_no AS member_no, o.placed_at AS placed_at, o.order_no AS order_no, toString(l.product) AS product"
        f" FROM (SELECT * FROM {activity.orders_sql()} WHERE is_paid AND has({{numbers:Array(UInt32)}}, toUInt32({holder}))) AS o"
        f" INNER JOIN {activity.lines_sql()} AS l ON l.shop = o.shop AND l.order_no = o.order_no WHERE l.product != '')"
        " GROUP BY who"
    )
    for start in range(0, len(member_nos), _PIECE):
        piece = list(member_nos[start : start + _PIECE])
        found.update({int(row["who"]): str(row["product"]) for row in rows(ws.log, asked, {"numbers": piece})})
    return found


def paid_between(ws: Workspace, since: dt.datetime, until: dt.datetime, currency: str) -> Paid:
    """Who paid how much when, in order of time."""
    holder = activity.holder_sql(ws)
    asked = (
        f"SELECT toUInt32({holder}) AS who, toUnixTimestamp64Milli(coalesce(paid_at, placed_at)) AS moment, paid_minor"
        f" FROM {activity.orders_sql()} WHERE member_no > 0 AND is_paid AND total_minor >= 0 AND currency = {{currency:String}}"
        " AND moment >= {since:Int64} AND moment < {until:Int64} ORDER BY moment"
    )
    params: dict[str, str | int] = {"currency": currency, "since": to_millis(since), "until": to_millis(until)}
    return np.frombuffer(ws.log.query(asked, params, fmt="RowBinary"), dtype=_PAID)
