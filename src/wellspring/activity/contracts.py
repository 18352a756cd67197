"""What crosses activity's front door: messages, orders, refunds, and the facts about them; permissions.

All frozen. Amounts are integer minor units with their currency; instants are aware and UTC.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from typing import Any


class Permission(enum.StrEnum):
    """What a caller may be allowed to do here."""

    EVENT_READ = "activity:event:read"
    EVENT_WRITE = "activity:event:write"
    ORDER_READ = "activity:order:read"
    ORDER_WRITE = "activity:order:write"
    REJECTED_READ = "activity:rejected:read"
    REJECTED_INSPECT = "activity:rejected:inspect"
    REJECTED_REPLAY = "activity:rejected:replay"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.EVENT_READ: ("查看事件目录与会员行为", "See the event catalogue and what members did"),
    Permission.EVENT_WRITE: ("写入事件", "Send events"),
    Permission.ORDER_READ: ("查看订单", "See orders"),
    Permission.ORDER_WRITE: ("写入订单与退款", "Write orders and refunds"),
    Permission.REJECTED_READ: ("查看被拒绝的数据", "See rejected input"),
    Permission.REJECTED_INSPECT: ("查看被拒绝数据的内容（可能含个人信息）", "See the content of rejected input, which may be personal"),
    Permission.REJECTED_REPLAY: ("重放被拒绝的数据", "Replay rejected input"),
}


class EventType(enum.StrEnum):
    """Which door an event came in by."""

    TRACK = "track"
    PAGE = "page"
    SCREEN = "screen"
    IDENTIFY = "identify"
    GROUP = "group"
    ALIAS = "alias"
    ORDER = "order"


class Flag(enum.IntFlag):
    """What is to be known about an event's time; one byte in the log."""

    LATE = 1
    FUTURE = 2
    HISTORICAL = 4


class OrderState(enum.StrEnum):
    """Where an order stands as its shop tells it."""

    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


# What is written down when a provider took a message for a member; its property `channel` names the channel ("sms").
MESSAGE_SENT = "Message Sent"
# A message that was told as sent and did not arrive after all.
MESSAGE_FAILED = "Message Failed"
# The kinds under which orders appear in the log; "Order Completed" is Segment's word for paid.
ORDER_PLACED, ORDER_COMPLETED, ORDER_CANCELLED = "Order Placed", "Order Completed", "Order Cancelled"
ORDER_REFUNDED, ORDER_UPDATED = "Order Refunded", "Order Updated"
ORDER_KINDS = (ORDER_PLACED, ORDER_COMPLETED, ORDER_CANCELLED, ORDER_REFUNDED, ORDER_UPDATED)


@dataclasses.dataclass(frozen=True)
class Buyer:
    """An identity under which a shop knows a buyer; personal values go on to people and stay nowhere here."""

    kind: str
    value: str
    namespace: str = ""


@dataclasses.dataclass(frozen=True)
class OrderLine:
    """One line of an order; amounts in the order's currency."""

    sku: str
    product: str = ""
    category: str = ""
    quantity: int = 1
    price_minor: int = 0
    discount_minor: int = 0
    total_minor: int = 0


@dataclasses.dataclass(frozen=True)
class Payment:
    """One payment of an order."""

    method: str
    amount_minor: int
    at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True)
class Order:
    """An order as its shop tells it, complete: a newer version replaces the older one whole.

    `updated_at` tells versions apart where the shop knows it; otherwise the version that arrives last is the newest.
    """

    shop: str
    order_no: str
    state: OrderState
    placed_at: dt.datetime
    total_minor: int
    paid_minor: int = 0
    currency: str = "CNY"
    paid_at: dt.datetime | None = None
    cancelled_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    buyer: Sequence[Buyer] = ()
    lines: Sequence[OrderLine] = ()
    payments: Sequence[Payment] = ()
    discount_minor: int = 0
    shipping_minor: int = 0
    store_code: str = ""
    staff_code: str = ""
    is_historical: bool = False


@dataclasses.dataclass(frozen=True)
class Refund:
    """Money given back for an order, by the shop's own refund number."""

    shop: str
    refund_no: str
    order_no: str
    amount_minor: int
    at: dt.datetime
    currency: str = "CNY"
    lines: Sequence[OrderLine] = ()
    reason: str = ""
    is_historical: bool = False
    buyer: Sequence[Buyer] = ()


class OrderOutcome(enum.StrEnum):
    """What writing an order or a refund did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STALE = "stale"


@dataclasses.dataclass(frozen=True)
class OrderWritten:
    """The outcome for one order or refund: `notes` names what was kept but looks wrong (`refund_over_paid`)."""

    shop: str
    number: str
    outcome: OrderOutcome
    member_no: int
    notes: Sequence[str] = ()


@dataclasses.dataclass(frozen=True)
class StoredOrder:
    """The newest version of an order, with what was refunded of it."""

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
    version: int
    lines: Sequence[OrderLine] = ()
    payments: Sequence[Payment] = ()


@dataclasses.dataclass(frozen=True)
class OrderFacts:
    """One member's orders in sum: revenue is what was paid, refunds apart."""

    member_no: int
    orders: int = 0
    paid_orders: int = 0
    revenue_minor: int = 0
    refunds_minor: int = 0
    first_order_at: dt.datetime | None = None
    last_order_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True)
class PurchasedOrder:
    """An order as a member's page shows it, without its lines."""

    shop: str
    order_no: str
    placed_at: dt.datetime
    state: str
    is_paid: bool
    currency: str
    total_minor: int
    paid_minor: int
    store_code: str
    refunded_minor: int


@dataclasses.dataclass(frozen=True)
class Purchases:
    """What a member bought: the sums over everything, and the newest orders."""

    facts: OrderFacts
    orders: Sequence[PurchasedOrder]
    has_more: bool


@dataclasses.dataclass(frozen=True)
class TimelineEvent:
    """One event of a member, as the timeline shows it."""

    arrival_no: int
    member_no: int
    kind: str
    type: str
    at: dt.datetime
    received_at: dt.datetime
    message_id: str
    source: str
    import_id: str
    is_late: bool
    is_future: bool
    is_historical: bool
    props: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class EventKind:
    """A kind of event in the catalogue; it drifts when one of its properties was seen with several types."""

    kind: str
    type: str
    count: int
    first_at: dt.datetime
    last_at: dt.datetime
    drift: bool


@dataclasses.dataclass(frozen=True)
class EventProperty:
    """A property of a kind of event with the types it was seen with and when each was last seen."""

    name: str
    types: Mapping[str, int]
    last_seen_at: Mapping[str, dt.datetime]
    drift: bool
    sample_values: Sequence[Any]


@dataclasses.dataclass(frozen=True)
class Rejected:
    """Input that was refused, without its content."""

    id: str
    source: str
    code: str
    zh: str
    en: str
    type: str
    received_at: dt.datetime
    times: int
    state: str
    replayed_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class IngestResult:
    """What became of a batch: each message is accepted, a repetition, or rejected with a reason kept."""

    accepted: int
    repeated: int
    rejected: int


@dataclasses.dataclass(frozen=True)
class Watermark:
    """Everything with an arrival number up to this one is durably in the log."""

    arrival_no: int


@dataclasses.dataclass(frozen=True)
class ImportCounts:
    """What a set-based import wrote, or what its undoing took away and brought back."""

    orders: int = 0
    lines: int = 0
    refunds: int = 0
    events: int = 0
    restored: int = 0


@dataclasses.dataclass(frozen=True)
class ImportedEvent:
    """An event from a file: already mapped, with its identities and its own time."""

    kind: str
    at: dt.datetime
    message_id: str
    identities: Sequence[Buyer]
    properties: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Happening:
    """Something that Wellspring itself saw a member do; `message_id` tells it from every other for ever."""

    kind: str
    member_no: int
    at: dt.datetime
    message_id: str
    properties: Mapping[str, Any]
