"""Everything the analytical store holds of a person: given out, or removed for good.

Events are deleted from the disk, not only hidden. Orders and refunds stay as unattributed sales: they are the brand's
books and hold nothing personal once the buyer's number is gone.
"""

from collections.abc import Sequence
from typing import Any

from wellspring.activity.models import (
    event_log,
    former_log,
    order_log,
    order_past_log,
    purchase_log,
    refund_log,
    refund_past_log,
    timeline_log,
)
from wellspring.kernel.stores.log import rows
from wellspring.kernel.workspace import Workspace

_ALL = "* EXCEPT (digest, version)"
_OF_PERSON = "member_no IN {numbers:Array(UInt32)}"


def erase(ws: Workspace, numbers: Sequence[int]) -> int:
    """Removes a person; gives the number of rows that went or lost their buyer. Repeatable."""
    params = {"numbers": list(numbers)}
    removed = 0
    for table in (timeline_log, purchase_log, former_log, event_log):
        found = _count(ws, table.name, params)
        removed += found
        if found:
            ws.log.command(f"ALTER TABLE {table.name} DELETE WHERE {_OF_PERSON}", params)
    for table in (order_log, order_past_log, refund_log, refund_past_log):
        found = _count(ws, table.name, params)
        removed += found
        if found:
            ws.log.command(f"ALTER TABLE {table.name} UPDATE member_no = 0 WHERE {_OF_PERSON}", params)
    return removed


def everything(ws: Workspace, numbers: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
    """Events, orders and refunds of a person as plain values."""
    params = {"numbers": list(numbers)}
    events = (
        "SELECT kind, type, at, received_at, message_id, source, import_id, props, context, order_no, shop, total, currency, store,"
        " staff, lines"
        f" FROM {event_log.name} WHERE {_OF_PERSON} ORDER BY at, arrival_no"
    )
    return {
        "events": rows(ws.log, events, params),
        "orders": rows(
            ws.log, f"SELECT * EXCEPT (digest, version) FROM {order_log.name} FINAL WHERE {_OF_PERSON} ORDER BY placed_at", params
        ),
        "refunds": rows(ws.log, f"SELECT {_ALL} FROM {refund_log.name} FINAL WHERE {_OF_PERSON} ORDER BY at", params),
    }


def _count(ws: Workspace, table: str, params: dict[str, Any]) -> int:
    return int(rows(ws.log, f"SELECT count() AS n FROM {table} WHERE {_OF_PERSON}", params)[0]["n"])
