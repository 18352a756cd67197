"""What the member screens answer, as the OpenAPI document tells it.

The bodies themselves are made by orjson straight from the domains' contracts, because these two screens are opened all
day; tests hold every answer against these shapes.
"""

from typing import Any

from wellspring.kernel.web import Out


class MemberUnitOut(Out):
    """The unit that a member belongs to."""

    id: str
    name: str


class MemberRowOut(Out):
    """A member in a list: masked, with what was bought."""

    id: str
    member_no: int
    state: str
    name_masked: str | None
    phone_masked: str | None
    email_masked: str | None
    user_id: str | None
    buyer_masked: str | None
    source: str
    home_unit: MemberUnitOut | None
    identified: bool
    created_at: str
    last_seen_at: str
    orders_count: int
    revenue_minor: int
    last_order_at: str | None


class MemberListOut(Out):
    """Some members; the total is told for the list without filters."""

    rows: list[MemberRowOut]
    next_cursor: str | None
    total: int | None


class MemberIdentityOut(Out):
    """An identifier, masked where it is personal; `owner_no` is the number it was told under."""

    key: str
    kind: str
    namespace: str
    value: str
    is_personal: bool
    source: str
    owner_no: int
    since: str


class MemberValueOut(Out):
    """The value in force of an attribute; sealed ones show a mask."""

    name: str
    kind: str
    value: Any
    at: str
    source: str


class MemberWordOut(Out):
    """The consent in force for a purpose, a channel and an address."""

    purpose: str
    channel: str
    state: str
    address_kind: str
    address: str
    explicit: bool
    source: str
    version: str
    actor: str
    at: str


class MemberOut(MemberRowOut):
    """Everything that people know of a member, masked; `merged_into` is the number of the member that holds this one now."""

    identities: list[MemberIdentityOut]
    attributes: list[MemberValueOut]
    consents: list[MemberWordOut]
    suppressed: bool
    merged_into: int | None


class MemberStatsOut(Out):
    """What a member bought, in sum; the average is of paid orders."""

    orders: int
    paid_orders: int
    revenue_minor: int
    refunds_minor: int
    average_order_minor: int | None
    first_order_at: str | None
    last_order_at: str | None


class MemberEventOut(Out):
    """An event of the timeline."""

    arrival_no: int
    member_no: int
    kind: str
    type: str
    at: str
    received_at: str
    message_id: str
    source: str
    import_id: str
    is_late: bool
    is_future: bool
    is_historical: bool
    props: dict[str, Any]


class MemberEventsOut(Out):
    """The newest events; the cursor goes on at /timeline."""

    rows: list[MemberEventOut]
    next_cursor: str | None


class MemberOrderOut(Out):
    """An order without its lines, which /orders tells."""

    shop: str
    order_no: str
    placed_at: str
    state: str
    is_paid: bool
    currency: str
    total_minor: int
    paid_minor: int
    store_code: str
    refunded_minor: int


class MemberOrdersOut(Out):
    """The newest orders; with `has_more` the rest is at /orders."""

    rows: list[MemberOrderOut]
    has_more: bool


class MemberCalledOut(Out):
    """What somebody is called: masked."""

    id: str
    member_no: int
    name_masked: str | None
    phone_masked: str | None
    email_masked: str | None
    user_id: str | None
    buyer_masked: str | None


class MemberMergeOut(Out):
    """A merge that the member was part of; whom the caller may not see stays a number."""

    id: str
    survivor_no: int
    survivor: MemberCalledOut | None
    loser_no: int
    loser: MemberCalledOut | None
    rule: str
    reason: str
    actor: str
    actor_name: str
    at: str
    undone_at: str | None
    undone_by: str | None
    undone_by_name: str
    undo_reason: str | None


class MemberPageOut(Out):
    """The whole page of a member in one answer."""

    member: MemberOut
    stats: MemberStatsOut
    timeline: MemberEventsOut
    orders: MemberOrdersOut
    merges: list[MemberMergeOut]
