"""Counts that must be zero: what would show that the log, the timeline or the orders are not whole."""

from wellspring.activity.models import event_log, order_log, refund_log, timeline_log
from wellspring.kernel.stores.log import rows, scalar
from wellspring.kernel.workspace import Workspace


def doubled_numbers(ws: Workspace) -> int:
    """Rows that share an arrival number."""
    return _count(ws, f"SELECT count() - uniqExact(arrival_no) FROM {event_log.name}")


def doubled_order_events(ws: Workspace) -> int:
    """Order events that were told more than once."""
    return _count(ws, f"SELECT count() - uniqExact(message_id) FROM {event_log.name} WHERE type = 'order'")


def above(ws: Workspace, highest: int) -> int:
    """Rows with a number that was never given out."""
    return _count(ws, f"SELECT countIf(arrival_no > {int(highest)}) FROM {event_log.name}")


def missing_in_timeline(ws: Workspace) -> int:
    """Events that a member's timeline does not show, or shows twice."""
    own = _count(ws, f"SELECT count() FROM {event_log.name}")
    return abs(own - _count(ws, f"SELECT count() FROM {timeline_log.name}"))


def unknown_members(ws: Workspace, last_member_no: int) -> int:
    """Rows of members that do not exist."""
    found = 0
    for table in (event_log, order_log, refund_log):
        found += _count(ws, f"SELECT countIf(member_no > {int(last_member_no)}) FROM {table.name}")
    return found


def untold_orders(ws: Workspace) -> int:
    """Orders of known buyers without their Order Placed."""
    told = f"SELECT order_no, shop FROM {event_log.name} WHERE kind = 'Order Placed' AND type = 'order'"
    return _count(ws, f"SELECT count() FROM {order_log.name} FINAL WHERE member_no > 0 AND (order_no, shop) NOT IN ({told})")


def sales(ws: Workspace) -> tuple[int, int, int, int]:
    """Orders, paid orders, revenue and refunds of known buyers, as the newest versions of orders and refunds say."""
    is_order = "total_minor >= 0 AND paid_minor >= 0"
    bought = (
        f"SELECT countIf({is_order}) AS orders, countIf({is_order} AND is_paid) AS paid,"
        f" sumIf(paid_minor, {is_order} AND is_paid) AS revenue, -sumIf(least(total_minor, paid_minor), NOT ({is_order})) AS returned"
        f" FROM {order_log.name} FINAL WHERE member_no > 0"
    )
    found = rows(ws.log, bought)[0]
    refunded = _count(ws, f"SELECT sum(amount_minor) FROM {refund_log.name} FINAL WHERE member_no > 0")
    return int(found["orders"]), int(found["paid"]), int(found["revenue"]), int(found["returned"]) + refunded


def _count(ws: Workspace, sql: str) -> int:
    return int(scalar(ws.log, sql) or 0)
