"""Orders and refunds: upserts by the shop's own numbers, and reading them."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Literal

import pydantic
from fastapi import APIRouter

from wellspring.activity import api
from wellspring.activity.contracts import Buyer, Order, OrderLine, OrderState, OrderWritten, Payment, Permission, Refund
from wellspring.kernel.money import MINOR_MAX
from wellspring.kernel.web import Call, In, Out, Part, allow
from wellspring.people import api as people
from wellspring.people.contracts import IdentityKind

router = APIRouter(prefix="/api", tags=["orders"])

Amount = Annotated[int, pydantic.Field(ge=-MINOR_MAX, le=MINOR_MAX)]
Number = Annotated[str, pydantic.Field(min_length=1, max_length=120)]
Code = Annotated[str, pydantic.Field(max_length=120)]
Currency = Annotated[str, pydantic.Field(pattern="^[A-Z]{3}$")]
_FIRST, _LAST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


def _moment(given: object, read: Callable[[Any], dt.datetime]) -> dt.datetime:
    # ISO text, which is nearly all, is read by the standard library: its instants compare and convert much faster.
    try:
        instant = dt.datetime.fromisoformat(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        instant = read(given)
    if instant.tzinfo is not dt.UTC:
        instant = read(given)
    # Compared before it is converted: year 1 with an offset of hours has no instant in UTC.
    if not _FIRST <= instant < _LAST:
        raise ValueError("1970-01-01 … 2199-12-31")
    return instant if instant.tzinfo is dt.UTC else instant.astimezone(dt.UTC)


# An instant without an offset would mean another time on every machine.
Moment = Annotated[pydantic.AwareDatetime, pydantic.WrapValidator(_moment)]


class BuyerIn(Part):
    """An identity of the buyer; personal ones are sealed by people."""

    kind: IdentityKind
    value: Annotated[str, pydantic.Field(min_length=1, max_length=200)]
    namespace: Annotated[str, pydantic.Field(max_length=120)] = ""


class OrderLineIn(Part):
    """One line."""

    sku: Annotated[str, pydantic.Field(max_length=120)] = ""
    product: Annotated[str, pydantic.Field(max_length=300)] = ""
    category: Annotated[str, pydantic.Field(max_length=120)] = ""
    qty: Annotated[int, pydantic.Field(ge=-1_000_000, le=1_000_000)] = 1
    price_minor: Amount = 0
    discount_minor: Amount = 0
    total_minor: Amount = 0


class PaymentIn(Part):
    """One payment."""

    method: Annotated[str, pydantic.Field(max_length=60)]
    amount_minor: Amount
    at: Moment | None = None


class OrderBuyerIn(Part):
    """Who bought."""

    identities: Annotated[list[BuyerIn], pydantic.Field(max_length=20)] = pydantic.Field(default_factory=list)


class OrderIn(In):
    """An order, complete: what is left out is empty in this version."""

    shop: Number
    order_no: Number
    state: OrderState
    buyer: OrderBuyerIn = OrderBuyerIn()
    placed_at: Moment
    paid_at: Moment | None = None
    cancelled_at: Moment | None = None
    updated_at: Moment | None = None
    currency: Currency = "CNY"
    lines: Annotated[list[OrderLineIn], pydantic.Field(max_length=500)] = pydantic.Field(default_factory=list)
    total_minor: Amount
    discount_minor: Amount = 0
    shipping_minor: Amount = 0
    paid_minor: Amount = 0
    payments: Annotated[list[PaymentIn], pydantic.Field(max_length=50)] = pydantic.Field(default_factory=list)
    store_code: Code = ""
    staff_code: Code = ""
    historical: bool = False


class OrderBatchIn(In):
    """Up to 500 orders; the batch is taken whole or refused whole."""

    orders: Annotated[list[OrderIn], pydantic.Field(min_length=1, max_length=500)]


class RefundIn(In):
    """A refund by the shop's own number."""

    shop: Number
    refund_no: Number
    order_no: Number
    amount_minor: Annotated[int, pydantic.Field(ge=1, le=MINOR_MAX)]
    at: Moment
    currency: Currency = "CNY"
    lines: Annotated[list[OrderLineIn], pydantic.Field(max_length=500)] = pydantic.Field(default_factory=list)
    reason: Annotated[str, pydantic.Field(max_length=300)] = ""
    buyer: OrderBuyerIn = OrderBuyerIn()
    historical: bool = False


class RefundBatchIn(In):
    """Up to 500 refunds; the batch is taken whole or refused whole."""

    refunds: Annotated[list[RefundIn], pydantic.Field(min_length=1, max_length=500)]


class OrderWrittenOut(Out):
    """What writing did; `notes` names what was kept but looks wrong."""

    shop: str
    number: str
    outcome: Literal["created", "updated", "unchanged", "stale"]
    member_no: int
    notes: list[str]


class OrdersWrittenOut(Out):
    """The outcomes in the order of the batch."""

    orders: list[OrderWrittenOut]


class RefundsWrittenOut(Out):
    """The outcomes in the order of the batch."""

    refunds: list[OrderWrittenOut]


class OrderLineOut(Out):
    """One line."""

    sku: str
    product: str
    category: str
    quantity: int
    price_minor: int
    discount_minor: int
    total_minor: int


class PaymentOut(Out):
    """One payment."""

    method: str
    amount_minor: int
    at: dt.datetime | None


class OrderOut(Out):
    """An order as it stands."""

    shop: str
    order_no: str
    member_no: int
    state: str
    is_paid: bool
    placed_at: dt.datetime
    paid_at: dt.datetime | None
    currency: str
    total_minor: int
    discount_minor: int
    shipping_minor: int
    paid_minor: int
    refunded_minor: int
    store_code: str
    staff_code: str
    source: str
    import_id: str
    lines: list[OrderLineOut]
    payments: list[PaymentOut]


class OrdersOut(Out):
    """A page of orders."""

    rows: list[OrderOut]
    next_cursor: str | None
    total: int | None = None


@router.put("/orders")
def put_order(call: Annotated[Call, allow(Permission.ORDER_WRITE)], body: OrderIn) -> OrderWrittenOut:
    """Writes one order; the same content again changes nothing."""
    return _written(api.write_orders(call.ws, by=call.by, orders=[_order(body)])[0])


@router.post("/orders/batch")
def put_orders(call: Annotated[Call, allow(Permission.ORDER_WRITE)], body: OrderBatchIn) -> OrdersWrittenOut:
    """Writes up to 500 orders."""
    written = api.write_orders(call.ws, by=call.by, orders=[_order(order) for order in body.orders])
    return OrdersWrittenOut(orders=[_written(one) for one in written])


@router.put("/refunds")
def put_refund(call: Annotated[Call, allow(Permission.ORDER_WRITE)], body: RefundIn) -> OrderWrittenOut:
    """Writes one refund; it may come before its order."""
    return _written(api.write_refunds(call.ws, by=call.by, refunds=[_refund(body)])[0])


@router.post("/refunds/batch")
def put_refunds(call: Annotated[Call, allow(Permission.ORDER_WRITE)], body: RefundBatchIn) -> RefundsWrittenOut:
    """Writes up to 500 refunds."""
    written = api.write_refunds(call.ws, by=call.by, refunds=[_refund(refund) for refund in body.refunds])
    return RefundsWrittenOut(refunds=[_written(one) for one in written])


@router.get("/orders")
def list_orders(
    call: Annotated[Call, allow(Permission.ORDER_READ)],
    shop: str | None = None,
    member_id: str | None = None,
    state: OrderState | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> OrdersOut:
    """Orders, the newest first."""
    member_no = None if member_id is None else people.member(call.ws, by=call.by, member_id=member_id).member_no
    page = api.orders(
        call.ws, by=call.by, shop=shop, member_no=member_no, state=None if state is None else state.value, cursor=cursor, limit=limit
    )
    return OrdersOut(rows=[OrderOut.model_validate(order) for order in page.rows], next_cursor=page.next_cursor)


@router.get("/orders/{shop}/{order_no}")
def get_order(call: Annotated[Call, allow(Permission.ORDER_READ)], shop: str, order_no: str) -> OrderOut:
    """One order with its lines, payments and what was refunded."""
    return OrderOut.model_validate(api.order(call.ws, by=call.by, shop=shop, order_no=order_no))


def _order(body: OrderIn) -> Order:
    return Order(
        shop=body.shop,
        order_no=body.order_no,
        state=body.state,
        placed_at=body.placed_at,
        total_minor=body.total_minor,
        paid_minor=body.paid_minor,
        currency=body.currency,
        paid_at=body.paid_at,
        cancelled_at=body.cancelled_at,
        updated_at=body.updated_at,
        buyer=[Buyer(one.kind, one.value, one.namespace) for one in body.buyer.identities],
        lines=[_line(line) for line in body.lines],
        payments=[Payment(one.method, one.amount_minor, one.at) for one in body.payments],
        discount_minor=body.discount_minor,
        shipping_minor=body.shipping_minor,
        store_code=body.store_code,
        staff_code=body.staff_code,
        is_historical=body.historical,
    )


def _refund(body: RefundIn) -> Refund:
    return Refund(
        shop=body.shop,
        refund_no=body.refund_no,
        order_no=body.order_no,
        amount_minor=body.amount_minor,
        at=body.at,
        currency=body.currency,
        lines=[_line(line) for line in body.lines],
        reason=body.reason,
        is_historical=body.historical,
        buyer=[Buyer(one.kind, one.value, one.namespace) for one in body.buyer.identities],
    )


def _line(line: OrderLineIn) -> OrderLine:
    return OrderLine(line.sku, line.product, line.category, line.qty, line.price_minor, line.discount_minor, line.total_minor)


def _written(written: OrderWritten) -> OrderWrittenOut:
    return OrderWrittenOut.model_validate(written)
