"""What those who came through a code bought afterwards."""

import datetime as dt
from collections.abc import Mapping, Sequence

from wellspring.activity import api as activity
from wellspring.kernel.clock import iso, to_millis
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

# Numbers and instants travel as parameters; this many are some 300 KB.
_PIECE = 20_000


def first_orders(ws: Workspace, came: Mapping[int, dt.datetime], currency: str) -> tuple[int, int]:
    """How many of these members paid for an order after they came, and the sum of the first such order of each."""
    listed = sorted(came.items())
    buyers = revenue_minor = 0
    for start in range(0, len(listed), _PIECE):
        piece = listed[start : start + _PIECE]
        found = _of_piece(ws, piece, currency)
        buyers, revenue_minor = buyers + found[0], revenue_minor + found[1]
    return buyers, revenue_minor


def _of_piece(ws: Workspace, piece: list[tuple[int, dt.datetime]], currency: str) -> tuple[int, int]:
    holder = activity.holder_sql(ws)
    asked = (
        "SELECT count() AS buyers, sum(amount) AS revenue_minor FROM ("
        f"SELECT {holder} AS who, argMin(paid_minor, (coalesce(paid_at, placed_at), order_no)) AS amount FROM {activity.orders_sql()}"
        " WHERE member_no > 0 AND is_paid AND total_minor >= 0 AND currency = {currency:String}"
        " AND coalesce(paid_at, placed_at) >= parseDateTime64BestEffort({since:String}, 3, 'UTC')"
        f" AND has({{numbers:Array(UInt32)}}, toUInt32({holder}))"
        " AND toUnixTimestamp64Milli(coalesce(paid_at, placed_at)) >="
        f" transform(toUInt32({holder}), {{numbers:Array(UInt32)}}, {{millis:Array(Int64)}}, toInt64(0))"
        " GROUP BY who)"
    )
    numbers, instants = [number for number, _ in piece], [to_millis(at) for _, at in piece]
    since = iso(min(at for _, at in piece))
    params: dict[str, str | Sequence[int]] = {"numbers": numbers, "millis": instants, "since": since, "currency": currency}
    found = rows(ws.log, asked, params)[0]
    return int(found["buyers"]), int(found["revenue_minor"])
