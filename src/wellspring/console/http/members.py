"""The list of members and a member's page: what people know, beside what activity knows.

Each store is asked as rarely as can be: the list is one page of people and one read of members' sums, the page one
snapshot of people, one row of sums, and one read of the log.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import fastapi
import orjson
from fastapi.responses import Response

from wellspring.access import api as access
from wellspring.activity import api as activity
from wellspring.activity.contracts import OrderFacts, PurchasedOrder, Purchases, TimelineEvent
from wellspring.analytics import api as analytics
from wellspring.console.errors import FilterUnreadable
from wellspring.console.http.moments import Asked
from wellspring.console.http.shapes import MemberListOut, MemberOut, MemberPageOut
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import iso
from wellspring.kernel.pages import PAGE_MAX, Page
from wellspring.kernel.web import Call, allow
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.people import api as people
from wellspring.people.contracts import (
    Attribute,
    Consent,
    Identity,
    IdentityKind,
    KnownIdentity,
    Member,
    Merge,
    Permission,
    Screen,
    Side,
)

router = fastapi.APIRouter(prefix="/api/members", tags=["members"])

# What a page shows at first of each list; the rest is asked for when somebody scrolls.
_EVENTS, _ORDERS = 20, 20
# Instants are written here and not by orjson, which knows no milliseconds.
_WRITTEN = orjson.OPT_PASSTHROUGH_DATETIME
State = Literal["active", "merged", "erased"]
Word = Annotated[str | None, fastapi.Query(max_length=200)]


@router.get("", response_model=MemberListOut)
def list_members(
    *,
    call: Annotated[Call, allow(Permission.MEMBER_READ)],
    identity: Annotated[str | None, fastapi.Query(max_length=300, description="kind:value or kind:namespace:value")] = None,
    q: Annotated[str | None, fastapi.Query(max_length=200, description="an identifier, a whole name, an id or a number")] = None,
    source: Word = None,
    home_unit_id: Word = None,
    identified: bool | None = None,
    state: State = "active",
    has_orders: bool | None = None,
    created_from: Asked | None = None,
    created_to: Asked | None = None,
    sort: Word = None,
    cursor: Annotated[str | None, fastapi.Query(max_length=400)] = None,
    limit: Annotated[int | None, fastapi.Query(ge=1, le=PAGE_MAX)] = None,
) -> Response:
    """Members within the caller's data scope, masked, with their orders in sum."""
    buyers = None if has_orders is None else analytics.buyers(call.ws)
    # One snapshot: whoever is listed is shown with the sums of the same instant.
    with call.ws.sql.read():
        page = people.members(
            call.ws,
            by=call.by,
            identity=_identity(identity) if identity else None,
            q=q,
            source=source,
            home_unit_id=home_unit_id,
            identified=identified,
            state=state,
            created_from=created_from,
            created_to=created_to,
            sort=sort,
            among=buyers if has_orders else None,
            outside=buyers if has_orders is False else None,
            cursor=cursor,
            limit=limit,
        )
        listed = _listed(call.ws, page)
    return _json(listed)


@router.get("/{member_id}", response_model=MemberOut)
def read_member(call: Annotated[Call, allow(Permission.MEMBER_READ)], member_id: str) -> Response:
    """One member with identities, attributes and consents, all masked; by id or by number."""
    side = people.screen(call.ws, by=call.by, member_id=member_id).side
    facts = activity.order_facts(call.ws, member_nos=[side.member.member_no])
    return _json(_whole(call.ws, side, facts.get(side.member.member_no)))


@router.get("/{member_id}/page", response_model=MemberPageOut)
def read_member_page(call: Annotated[Call, allow(Permission.MEMBER_READ)], member_id: str) -> Response:
    """A member's page in one answer: who it is, what was bought and done, what was merged."""
    return _json(_page(call.ws, call.by, member_id))


def _page(ws: Workspace, by: Principal, member_id: str) -> dict[str, Any]:
    with ws.sql.read():
        # Who may not see the member learns nothing of what they did: people answers first.
        member_no = people.member_no(ws, by=by, member_id=member_id)
        numbers = people.numbers_held(ws, member_no=member_no)
        screen = people.screen(ws, by=by, member_id=member_id)
        purchases = activity.purchases(ws, member_no=member_no, limit=_ORDERS)
    timeline = activity.timeline(ws, member_no=member_no, limit=_EVENTS, numbers=numbers)
    return {
        "member": _whole(ws, screen.side, purchases.facts),
        "stats": _stats(purchases),
        "timeline": _events(timeline),
        "orders": {"rows": [_order(order) for order in purchases.orders], "has_more": purchases.has_more},
        "merges": _merges(ws, screen) if screen.merges else [],
    }


def _listed(ws: Workspace, page: Page[Member]) -> dict[str, Any]:
    facts = activity.order_facts(ws, member_nos=[member.member_no for member in page.rows]) if page.rows else {}
    units = organization.nodes(ws, {member.home_unit_id for member in page.rows if member.home_unit_id})
    names = {unit_id: {"id": unit_id, "name": unit.name} for unit_id, unit in units.items()}
    rows = [_row(member, names.get(member.home_unit_id or ""), facts.get(member.member_no)) for member in page.rows]
    return {"rows": rows, "next_cursor": page.next_cursor, "total": page.total}


def _row(member: Member, unit: dict[str, str] | None, facts: OrderFacts | None) -> dict[str, Any]:
    return {
        "id": member.id,
        "member_no": member.member_no,
        "state": member.state,
        "name_masked": member.name_masked,
        "phone_masked": member.phone_masked,
        "email_masked": member.email_masked,
        "user_id": member.user_id,
        "buyer_masked": member.buyer_masked,
        "source": member.source,
        "home_unit": unit,
        "identified": member.identified,
        "created_at": iso(member.created_at),
        "last_seen_at": iso(member.last_seen_at),
        "orders_count": facts.orders if facts else 0,
        "revenue_minor": facts.revenue_minor if facts else 0,
        "last_order_at": _when(facts.last_order_at) if facts else None,
    }


def _whole(ws: Workspace, side: Side, facts: OrderFacts | None) -> dict[str, Any]:
    member = side.member
    unit = organization.nodes(ws, [member.home_unit_id]).get(member.home_unit_id) if member.home_unit_id else None
    return {
        **_row(member, {"id": unit.id, "name": unit.name} if unit else None, facts),
        "identities": [_known(identity) for identity in side.identities],
        "attributes": [_value(attribute) for attribute in side.attributes],
        "consents": [_word(consent) for consent in side.consents],
        "suppressed": member.state == "erased",
        "merged_into": member.merged_into,
    }


def _stats(purchases: Purchases) -> dict[str, Any]:
    facts = purchases.facts
    return {
        "orders": facts.orders,
        "paid_orders": facts.paid_orders,
        "revenue_minor": facts.revenue_minor,
        "refunds_minor": facts.refunds_minor,
        "average_order_minor": analytics.average_minor(facts.revenue_minor, facts.paid_orders),
        "first_order_at": _when(facts.first_order_at),
        "last_order_at": _when(facts.last_order_at),
    }


def _events(page: Page[TimelineEvent]) -> dict[str, Any]:
    return {"rows": [_event(event) for event in page.rows], "next_cursor": page.next_cursor}


def _event(event: TimelineEvent) -> dict[str, Any]:
    return {
        "arrival_no": event.arrival_no,
        "member_no": event.member_no,
        "kind": event.kind,
        "type": event.type,
        "at": iso(event.at),
        "received_at": iso(event.received_at),
        "message_id": event.message_id,
        "source": event.source,
        "import_id": event.import_id,
        "is_late": event.is_late,
        "is_future": event.is_future,
        "is_historical": event.is_historical,
        "props": event.props,
    }


def _order(order: PurchasedOrder) -> dict[str, Any]:
    return {
        "shop": order.shop,
        "order_no": order.order_no,
        "placed_at": iso(order.placed_at),
        "state": order.state,
        "is_paid": order.is_paid,
        "currency": order.currency,
        "total_minor": order.total_minor,
        "paid_minor": order.paid_minor,
        "store_code": order.store_code,
        "refunded_minor": order.refunded_minor,
    }


def _known(identity: KnownIdentity) -> dict[str, Any]:
    return {
        "key": identity.key,
        "kind": identity.kind,
        "namespace": identity.namespace,
        "value": identity.value,
        "is_personal": identity.is_personal,
        "source": identity.source,
        "owner_no": identity.owner_no,
        "since": iso(identity.since),
    }


def _value(attribute: Attribute) -> dict[str, Any]:
    return {
        "name": attribute.name,
        "kind": attribute.kind,
        "value": attribute.value,
        "at": iso(attribute.at),
        "source": attribute.source,
    }


def _word(consent: Consent) -> dict[str, Any]:
    return {
        "purpose": consent.purpose,
        "channel": consent.channel,
        "state": consent.state,
        "address_kind": consent.address_kind,
        "address": consent.address,
        "explicit": consent.explicit,
        "source": consent.source,
        "version": consent.version,
        "actor": consent.actor,
        "at": iso(consent.at),
    }


def _merges(ws: Workspace, screen: Screen) -> list[dict[str, Any]]:
    actors = {actor for merge in screen.merges for actor in (merge.actor, merge.undone_by) if actor}
    names = access.actor_names(ws, actors)
    return [_merge(merge, screen.named, names) for merge in screen.merges]


def _merge(merge: Merge, named: Mapping[int, Member], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": merge.id,
        "survivor_no": merge.survivor_no,
        "survivor": _called(named.get(merge.survivor_no)),
        "loser_no": merge.loser_no,
        "loser": _called(named.get(merge.loser_no)),
        "rule": merge.rule,
        "reason": merge.reason,
        "actor": merge.actor,
        "actor_name": names.get(merge.actor, ""),
        "at": iso(merge.at),
        "undone_at": _when(merge.undone_at),
        "undone_by": merge.undone_by,
        "undone_by_name": names.get(merge.undone_by or "", ""),
        "undo_reason": merge.undo_reason,
    }


def _called(member: Member | None) -> dict[str, Any] | None:
    if member is None:
        return None
    return {
        "id": member.id,
        "member_no": member.member_no,
        "name_masked": member.name_masked,
        "phone_masked": member.phone_masked,
        "email_masked": member.email_masked,
        "user_id": member.user_id,
        "buyer_masked": member.buyer_masked,
    }


def _when(instant: dt.datetime | None) -> str | None:
    return None if instant is None else iso(instant)


def _identity(text: str) -> Identity:
    kind, _, rest = text.partition(":")
    if kind not in set(IdentityKind) or not rest:
        raise FilterUnreadable(filter="identity")
    namespace, colon, value = rest.partition(":")
    named = IdentityKind(kind)
    if colon and named in (IdentityKind.OPENID, IdentityKind.BUYER_ID):
        return Identity(named, value, namespace)
    return Identity(named, rest)


def _json(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body, option=_WRITTEN), media_type="application/json")
