"""What an order is: whether it can be taken, which version is newer, and which events it owes to the log.

An order owes `Order Placed` always, `Order Completed` once paid, `Order Cancelled` once cancelled, each told once under an
id made of shop and number. A change of the amount after payment is told as `Order Updated`; sums over orders are
read from the orders themselves, never from these events.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from wellspring.activity.contracts import (
    ORDER_CANCELLED,
    ORDER_COMPLETED,
    ORDER_PLACED,
    ORDER_UPDATED,
    Order,
    OrderLine,
    OrderState,
    Payment,
    Refund,
)
from wellspring.activity.rules.times import MILLIS_MAX
from wellspring.kernel.clock import iso, to_millis
from wellspring.kernel.money import MINOR_MAX, minor_digits
from wellspring.people.contracts import Refusal

LINES_MAX = 500
BATCH_MAX = 500
NUMBER_LENGTH_MAX = 120
_PAID_STATES = frozenset((OrderState.PAID, OrderState.SHIPPED, OrderState.COMPLETED))
# A version holds the millisecond above 20 bits of the arrival number, which tell apart what came in one millisecond.
_ARRIVAL_BITS = 20

NO_NUMBER = Refusal("order_number", "店铺与订单号必须为 1 至 120 个字符", "shop and number must have 1 to 120 characters")
TOO_MANY_LINES = Refusal("order_lines", f"订单行超过 {LINES_MAX} 行", f"the order has more than {LINES_MAX} lines")
BAD_AMOUNT = Refusal("order_amount", "金额超出可记录范围", "an amount is out of range")
BAD_TIME = Refusal("order_times", "时间超出可记录范围", "a time is out of range")
PAID_BEFORE_PLACED = Refusal("order_times", "支付时间早于下单时间一天以上", "it was paid more than a day before it was placed")
BAD_REFUND = Refusal("refund_amount", "退款金额必须为正数", "a refund must be above zero")


def refusal_of(order: Order) -> Refusal | None:
    """Why the order cannot be taken; None if it can."""
    if not (_is_number(order.shop) and _is_number(order.order_no)):
        return NO_NUMBER
    if len(order.lines) > LINES_MAX:
        return TOO_MANY_LINES
    amounts = [order.total_minor, order.paid_minor, order.discount_minor, order.shipping_minor]
    amounts += [amount for line in order.lines for amount in (line.price_minor, line.discount_minor, line.total_minor, line.quantity)]
    if any(abs(amount) > MINOR_MAX for amount in amounts):
        return BAD_AMOUNT
    instants = (order.placed_at, order.paid_at, order.cancelled_at, order.updated_at)
    if any(at is not None and not 0 <= to_millis(at) < MILLIS_MAX for at in instants):
        return BAD_TIME
    if order.paid_at is not None and (order.placed_at - order.paid_at).total_seconds() > 86_400:
        return PAID_BEFORE_PLACED
    return None


def refund_refusal_of(refund: Refund) -> Refusal | None:
    """Why the refund cannot be taken; None if it can."""
    if not (_is_number(refund.shop) and _is_number(refund.refund_no) and _is_number(refund.order_no)):
        return NO_NUMBER
    if len(refund.lines) > LINES_MAX:
        return TOO_MANY_LINES
    if not 0 <= to_millis(refund.at) < MILLIS_MAX:
        return BAD_TIME
    return None if 0 < refund.amount_minor <= MINOR_MAX else BAD_REFUND


def is_paid(order: Order) -> bool:
    """Paid is what its shop calls paid or later, or whatever has a time of payment, even if it was cancelled since."""
    return order.paid_at is not None or order.state in _PAID_STATES


def version_of(*, updated: int | None, received: int, arrival_no: int, previous: int) -> int:
    """The number by which versions are compared.

    Where the shop says when it changed the order, that instant decides; otherwise what arrives later is newer.
    """
    tie = arrival_no & ((1 << _ARRIVAL_BITS) - 1)
    if updated is not None:
        return (updated << _ARRIVAL_BITS) | tie
    return max((received << _ARRIVAL_BITS) | tie, previous + 1)


def order_row(order: Order, *, member_no: int, source: str, import_id: str, received: int, flags: int) -> dict[str, Any]:
    """The row of `activity_order` without its version and arrival number; `digest` names its content."""
    paid = is_paid(order)
    row = {
        "shop": order.shop,
        "order_no": order.order_no,
        "member_no": member_no,
        "state": order.state.value,
        "is_paid": int(paid),
        "placed_at": iso(order.placed_at),
        "paid_at": iso(order.paid_at or order.placed_at) if paid else 0,
        "cancelled_at": iso(order.cancelled_at or order.updated_at or order.placed_at) if order.state is OrderState.CANCELLED else 0,
        "currency": order.currency,
        "total_minor": order.total_minor,
        "discount_minor": order.discount_minor,
        "shipping_minor": order.shipping_minor,
        "paid_minor": order.paid_minor if paid else 0,
        "store_code": order.store_code,
        "staff_code": order.staff_code,
        "source": source,
        "payments": orjson.dumps([payment_fields(payment) for payment in order.payments]).decode(),
    }
    content = [row, [line_fields(line) for line in order.lines], None if order.updated_at is None else iso(order.updated_at)]
    return {**row, "received_at": received / 1000, "import_id": import_id, "flags": flags, "digest": _digest(content)}


def refund_row(refund: Refund, *, member_no: int, source: str, import_id: str, received: int, flags: int) -> dict[str, Any]:
    """The row of `activity_refund` without its version and arrival number."""
    row = {
        "shop": refund.shop,
        "refund_no": refund.refund_no,
        "order_no": refund.order_no,
        "amount_minor": refund.amount_minor,
        "currency": refund.currency,
        "at": iso(refund.at),
        "reason": refund.reason,
        "lines": orjson.dumps([line_fields(line) for line in refund.lines]).decode(),
        "source": source,
    }
    return {**row, "member_no": member_no, "received_at": received / 1000, "import_id": import_id, "flags": flags, "digest": _digest(row)}


def line_fields(line: OrderLine) -> dict[str, Any]:
    """A line as its table's columns."""
    return {
        "sku": line.sku,
        "product": line.product,
        "category": line.category,
        "quantity": line.quantity,
        "price_minor": line.price_minor,
        "discount_minor": line.discount_minor,
        "total_minor": line.total_minor,
    }


def payment_fields(payment: Payment) -> dict[str, Any]:
    """A payment as it is kept."""
    return {"method": payment.method, "amount_minor": payment.amount_minor, "at": None if payment.at is None else iso(payment.at)}


def owed(row: Mapping[str, Any]) -> dict[str, str]:
    """The events that an order's state owes to the log: kind → message id."""
    key = f"{row['shop']}:{row['order_no']}"
    kinds = {ORDER_PLACED: "placed"}
    if row["is_paid"]:
        kinds[ORDER_COMPLETED] = "completed"
    if row["state"] == OrderState.CANCELLED.value:
        kinds[ORDER_CANCELLED] = "cancelled"
    return {kind: f"order:{word}:{key}" for kind, word in kinds.items()}


def is_corrected(row: Mapping[str, Any], told: Sequence[tuple[str, str, float]]) -> bool:
    """Whether the log's last word on what was paid is another amount than the order's (kind, message id, total)."""
    totals = [total for kind, _message_id, total in told if kind in (ORDER_COMPLETED, ORDER_UPDATED)]
    return bool(totals) and round(totals[-1] * 10 ** minor_digits(row["currency"])) != int(row["paid_minor"])


def updated_id(row: Mapping[str, Any]) -> str:
    """The message id of an order's correction: one for each version."""
    return f"order:updated:{row['shop']}:{row['order_no']}:{int(row['version']):x}"


def refunded_id(row: Mapping[str, Any]) -> str:
    """The message id of a refund's event."""
    return f"order:refunded:{row['shop']}:{row['refund_no']}"


def moment_of(kind: str, row: Mapping[str, Any]) -> int:
    """When an owed event happened, in milliseconds."""
    return int({ORDER_PLACED: row["placed_ms"], ORDER_COMPLETED: row["paid_ms"], ORDER_CANCELLED: row["cancelled_ms"]}[kind])


def event_fields(row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The order's columns of its events; amounts in major units, because people ask for sum(total) >= 1000."""
    currency = row["currency"]
    amount = row["amount_minor"] if "amount_minor" in row else row["paid_minor"] if row["is_paid"] else row["total_minor"]
    return {
        "order_no": row["order_no"],
        "shop": row["shop"],
        "total": major(amount, currency),
        "currency": currency,
        "store": row.get("store_code", ""),
        "staff": row.get("staff_code", ""),
        "lines": [_line_event(line, currency) for line in lines],
    }


def major(minor: int, currency: str) -> float:
    """Minor units as a number in major units, rounded to what the currency has."""
    digits = minor_digits(currency)
    return round(minor / float(10**digits), digits)


def times_of(order: Order, received: int) -> dict[str, int]:
    """The instants of the events that an order owes."""
    placed = to_millis(order.placed_at)
    cancelled = order.cancelled_at or order.updated_at
    return {
        "placed_ms": placed,
        "paid_ms": placed if order.paid_at is None else to_millis(order.paid_at),
        "cancelled_ms": received if cancelled is None else to_millis(cancelled),
    }


def _line_event(line: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        "sku": line["sku"],
        "product": line["product"],
        "category": line["category"],
        "qty": line["quantity"],
        "price": major(line["price_minor"], currency),
        "total": major(line["total_minor"], currency),
    }


def _is_number(text: str) -> bool:
    return len(text.strip()) > 0 and len(text) <= NUMBER_LENGTH_MAX


def _digest(content: object) -> int:
    return int.from_bytes(hashlib.blake2b(orjson.dumps(content), digest_size=8).digest(), "little")
