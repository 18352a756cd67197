"""What several addresses of audiences share: instants, audiences, members as lists show them."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import fastapi
import pydantic

from wellspring.audiences.contracts import MemberLine, Refresh, Shown, State, Warned
from wellspring.kernel import web
from wellspring.kernel.pages import PAGE_MAX, Page
from wellspring.kernel.web import Out

Asked = web.Asked
Moment = web.Moment
Limit = Annotated[int | None, fastapi.Query(ge=1, le=PAGE_MAX)]
Cursor = Annotated[str | None, fastapi.Query(max_length=400)]
Id = Annotated[str, fastapi.Path(max_length=60)]
Name = Annotated[str, pydantic.StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Description = Annotated[str, pydantic.Field(max_length=2_000)]
# Typed loosely: what it may hold is published at /api/audiences/schema, and `rules.read` tells every fault with its path.
Definition = Annotated[dict[str, Any], pydantic.Field(description="an audience definition; its JSON Schema is at /api/audiences/schema")]


class AudienceWarningOut(Out):
    """Something about a definition that is allowed and yet may be a slip."""

    path: str
    code: str
    zh: str
    en: str


class AudienceRowOut(Out):
    """An audience in a list; counts are within the caller's data scope, `entered` and `left` those of the newest version."""

    id: str
    name: str
    description: str
    text: str
    is_list: bool
    refresh: Refresh
    state: State
    version: int
    count: int
    of: int
    entered: int
    left: int
    created_at: Moment
    created_by: str
    changed_at: Moment
    computed_at: Moment | None
    age_seconds: int | None
    failed_since: Moment | None
    problem: dict[str, Any] | None
    drift: int


class AudienceOut(AudienceRowOut):
    """An audience with its definition; null for a list that somebody brought."""

    definition: dict[str, Any] | None
    definition_hash: str
    warnings: list[AudienceWarningOut] = pydantic.Field(default=[])


class AudienceListOut(Out):
    """A page of audiences by name."""

    rows: list[AudienceRowOut]
    next_cursor: str | None
    total: int | None


class AudienceUnitOut(Out):
    """The unit that a member belongs to."""

    id: str
    name: str


class AudienceMemberOut(Out):
    """A member of an audience: masked, with what was bought."""

    id: str
    member_no: int
    state: str
    name_masked: str | None
    phone_masked: str | None
    email_masked: str | None
    user_id: str | None
    buyer_masked: str | None
    source: str
    home_unit: AudienceUnitOut | None
    identified: bool
    created_at: Moment
    last_seen_at: Moment
    orders_count: int
    revenue_minor: int
    last_order_at: Moment | None


class AudienceMembersOut(Out):
    """A page of members in order of their numbers."""

    rows: list[AudienceMemberOut]
    next_cursor: str | None
    total: int | None


def row_of(shown: Shown) -> dict[str, Any]:
    """What a list shows of an audience."""
    audience = shown.audience
    named = ("id", "name", "description", "refresh", "state", "version", "created_at", "created_by", "changed_at", "computed_at")
    found = {name: getattr(audience, name) for name in (*named, "failed_since", "drift")}
    return {
        **found,
        "text": shown.text,
        "is_list": audience.definition is None,
        "count": shown.count,
        "of": shown.of,
        "entered": shown.entered,
        "left": shown.left,
        "age_seconds": shown.age_seconds,
        "problem": None if audience.problem is None else dict(audience.problem),
    }


def whole(shown: Shown, warnings: Iterable[Warned] = ()) -> AudienceOut:
    """An audience with its definition."""
    audience = shown.audience
    return AudienceOut(
        **row_of(shown),
        definition=None if audience.definition is None else dict(audience.definition),
        definition_hash=audience.definition_hash,
        warnings=[AudienceWarningOut.model_validate(one) for one in warnings],
    )


def member_rows(lines: Sequence[MemberLine]) -> list[AudienceMemberOut]:
    """Members as lists show them."""
    named = ("id", "member_no", "state", "name_masked", "phone_masked", "email_masked", "user_id", "buyer_masked", "source", "identified")
    found = []
    for line in lines:
        known = {name: getattr(line.member, name) for name in (*named, "created_at", "last_seen_at")}
        unit = None if line.home_unit is None else AudienceUnitOut(id=line.home_unit.id, name=line.home_unit.name)
        orders = line.orders
        found.append(
            AudienceMemberOut(
                **known,
                home_unit=unit,
                orders_count=orders.orders if orders else 0,
                revenue_minor=orders.revenue_minor if orders else 0,
                last_order_at=orders.last_order_at if orders else None,
            )
        )
    return found


def member_page(page: Page[MemberLine]) -> AudienceMembersOut:
    """A page of them."""
    return AudienceMembersOut(rows=member_rows(page.rows), next_cursor=page.next_cursor, total=page.total)
