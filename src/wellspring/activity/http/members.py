"""What a member did and bought."""

from typing import Annotated

from fastapi import APIRouter, Query

from wellspring.activity import api
from wellspring.activity.contracts import Permission
from wellspring.activity.http.events import TimelineEventOut, TimelineOut
from wellspring.activity.http.orders import OrderOut, OrdersOut
from wellspring.kernel.web import Call, allow
from wellspring.people import api as people

router = APIRouter(prefix="/api/members", tags=["members"])


@router.get("/{member_id}/timeline")
def list_timeline(
    call: Annotated[Call, allow(Permission.EVENT_READ)],
    member_id: str,
    kind: Annotated[str | None, Query(max_length=200)] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int | None, Query(ge=1, le=200)] = None,
) -> TimelineOut:
    """What a member did, the newest first, merged profiles included."""
    member = people.member(call.ws, by=call.by, member_id=member_id)
    page = api.timeline(call.ws, member_no=member.member_no, kind=kind, cursor=cursor, limit=limit)
    return TimelineOut(rows=[TimelineEventOut.model_validate(event) for event in page.rows], next_cursor=page.next_cursor)


@router.get("/{member_id}/orders")
def list_orders_of(
    call: Annotated[Call, allow(Permission.ORDER_READ)],
    member_id: str,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int | None, Query(ge=1, le=200)] = None,
) -> OrdersOut:
    """A member's orders, the newest first."""
    member = people.member(call.ws, by=call.by, member_id=member_id)
    page = api.orders_of(call.ws, member_no=member.member_no, cursor=cursor, limit=limit)
    return OrdersOut(rows=[OrderOut.model_validate(order) for order in page.rows], next_cursor=page.next_cursor)
