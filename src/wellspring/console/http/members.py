"""The list of members and a member's page: what people know, beside what activity knows.

Each store is asked as rarely as can be: the list is one page of people and one read of purchases, the page one snapshot
of people and two reads of activity, which run while people answers.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Literal

import fastapi
import orjson
from fastapi.responses import Response

from wellspring.activity import api as activity
from wellspring.activity.contracts import OrderFacts, Purchases, TimelineEvent
from wellspring.analytics import api as analytics
from wellspring.console.errors import FilterUnreadable
from wellspring.console.http.moments import Asked
from wellspring.console.http.shapes import MemberListOut, MemberOut, MemberPageOut
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import PAGE_MAX, Page
from wellspring.kernel.web import Call, allow
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind, Member, Permission, Side

router = fastapi.APIRouter(prefix="/api/members", tags=["members"])

# What a page shows at first of each list; the rest is asked for when somebody scrolls.
_EVENTS, _ORDERS = 20, 20
# Two reads of the log per open page; more pages than this at once wait for each other, as the engine's connections do.
_readers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="member-page")
_WRITTEN = orjson.OPT_UTC_Z
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
    return _json(_listed(call.ws, page))


@router.get("/{member_id}", response_model=MemberOut)
def read_member(call: Annotated[Call, allow(Permission.MEMBER_READ)], member_id: str) -> Response:
    """One member with identities, attributes and consents, all masked; by id or by number."""
    side = people.side(call.ws, by=call.by, member_id=member_id)
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
        bought = _readers.submit(activity.purchases, ws, member_no=member_no, limit=_ORDERS)
        done = _readers.submit(activity.timeline, ws, member_no=member_no, limit=_EVENTS)
        side = people.side(ws, by=by, member_id=member_id)
        merges = people.merges(ws, by=by, member_id=member_id)
    purchases, timeline = bought.result(), done.result()
    return {
        "member": _whole(ws, side, purchases.facts),
        "stats": _stats(purchases),
        "timeline": _events(timeline),
        "orders": {"rows": purchases.orders, "has_more": purchases.has_more},
        "merges": merges,
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
        "source": member.source,
        "home_unit": unit,
        "identified": member.identified,
        "created_at": member.created_at,
        "last_seen_at": member.last_seen_at,
        "orders_count": facts.orders if facts else 0,
        "revenue_minor": facts.revenue_minor if facts else 0,
        "last_order_at": facts.last_order_at if facts else None,
    }


def _whole(ws: Workspace, side: Side, facts: OrderFacts | None) -> dict[str, Any]:
    member = side.member
    unit = organization.nodes(ws, [member.home_unit_id]).get(member.home_unit_id) if member.home_unit_id else None
    return {
        **_row(member, {"id": unit.id, "name": unit.name} if unit else None, facts),
        "identities": side.identities,
        "attributes": side.attributes,
        "consents": side.consents,
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
        "first_order_at": facts.first_order_at,
        "last_order_at": facts.last_order_at,
    }


def _events(page: Page[TimelineEvent]) -> dict[str, Any]:
    return {"rows": page.rows, "next_cursor": page.next_cursor}


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
