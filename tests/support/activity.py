"""Factories for activity: messages, orders, refunds, and a settled outbox."""

import datetime as dt
from typing import Any

from wellspring.activity import api
from wellspring.activity.contracts import Buyer, IngestResult, Order, OrderLine, OrderState, Refund, TimelineEvent
from wellspring.activity.handlers import SUBSCRIBERS
from wellspring.kernel import bus
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind

NOON = dt.datetime(2026, 3, 18, 4, 0, tzinfo=dt.UTC)


def track(event: str = "Product Viewed", **fields: Any) -> dict[str, Any]:
    """A track message of user u1 unless said otherwise."""
    who = {} if "userId" in fields or "anonymousId" in fields else {"userId": "u1"}
    return {"type": "track", "event": event, **who, **fields}


def identify(user: str = "u1", traits: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """An identify message."""
    return {"type": "identify", "userId": user, "traits": traits or {}, **fields}


def ingest(ws: Workspace, *messages: Any, source: str = "web", historical: bool = False) -> IngestResult:
    """Takes messages and delivers what people told of them."""
    result = api.ingest(ws, list(messages), source=source, historical=historical)
    settle(ws)
    return result


def settle(ws: Workspace) -> None:
    """Delivers the outbox to activity."""
    bus.deliver(ws, SUBSCRIBERS, now=ws.clock.now)


def number_of(ws: Workspace, kind: str, value: str, namespace: str = "") -> int:
    """The member of an identity."""
    claim = Claim([Identity(IdentityKind(kind), value, namespace)], ws.clock.now(), "test")
    return people.resolve(ws, by=SYSTEM, claims=[claim]).member_nos[0]


def events_of(ws: Workspace, user: str = "u1") -> list[TimelineEvent]:
    """A user's timeline, the oldest first."""
    return list(reversed(api.timeline(ws, member_no=number_of(ws, "user_id", user), limit=200).rows))


def order(number: str = "1001", **fields: Any) -> Order:
    """A paid order of 178.80 by buyer b1 of the shop tmall."""
    values: dict[str, Any] = {
        "shop": "tmall",
        "order_no": number,
        "state": OrderState.PAID,
        "placed_at": NOON,
        "paid_at": NOON + dt.timedelta(minutes=5),
        "total_minor": 17880,
        "paid_minor": 17880,
        "buyer": [Buyer("buyer_id", "b1")],
        "lines": [OrderLine("SKU1", "精华水", "护肤", 2, 8940, 0, 17880)],
        "store_code": "S001",
        "staff_code": "G001",
    }
    return Order(**{**values, **fields})


def refund(number: str = "R1", order_no: str = "1001", amount_minor: int = 5000, **fields: Any) -> Refund:
    """A refund of 50.00."""
    return Refund(shop="tmall", refund_no=number, order_no=order_no, amount_minor=amount_minor, at=NOON + dt.timedelta(days=1), **fields)


def buyer_no(ws: Workspace, value: str = "b1", shop: str = "tmall") -> int:
    """The member of a shop's buyer id."""
    return number_of(ws, "buyer_id", value, shop)


def kinds(ws: Workspace, member_no: int) -> list[str]:
    """The kinds of a member's events, the oldest first."""
    return [event.kind for event in reversed(api.timeline(ws, member_no=member_no, limit=200).rows)]
