"""GET /api/overview: the numbers, with their definitions beside them.

The span is given as instants or as days of the workspace's time zone; a day at its end is included.
"""

import datetime as dt
import zoneinfo
from typing import Annotated

import fastapi

from wellspring.analytics import api
from wellspring.analytics.contracts import DEFINITIONS, Period, Permission
from wellspring.kernel.clock import iso
from wellspring.kernel.errors import Invalid
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.web import Call, Out, allow

router = fastapi.APIRouter(prefix="/api", tags=["analytics"])


class UnattributedOut(Out):
    """Paid orders without a known buyer."""

    orders: int
    revenue_minor: int


class WeekOut(Out):
    """A week, named by its Monday."""

    week: dt.date
    new_buyers: int
    returning_buyers: int
    revenue_minor: int
    orders: int


class MonthOut(Out):
    """A month, named by its first day."""

    month: dt.date
    new_buyers: int
    returning_buyers: int
    revenue_minor: int
    orders: int


class SourceOut(Out):
    """A channel of origin."""

    source: str
    members: int
    buyers: int
    revenue_minor: int


class PlaceOut(Out):
    """A shop, and a store within it."""

    shop: str
    store_code: str
    orders: int
    revenue_minor: int
    buyers: int


class OtherCurrencyOut(Out):
    """Sales in another currency, which the amounts leave out."""

    currency: str
    orders: int
    revenue_minor: int


class DefinitionOut(Out):
    """What a number means."""

    zh: str
    en: str


class OverviewOut(Out):
    """The overview; rates and averages are null where there is nothing to divide by."""

    currency: str
    members: int
    identified: int
    buyers: int
    orders: int
    paid_orders: int
    revenue_minor: int
    refunds: int
    refunds_minor: int
    negative_orders: int
    net_minor: int
    unattributed: UnattributedOut
    repeat_rate: float | None
    average_order_minor: int | None
    top_decile_share: float | None
    by_week: list[WeekOut]
    by_month: list[MonthOut]
    sources: list[SourceOut]
    places: list[PlaceOut]
    other_currencies: list[OtherCurrencyOut]
    as_of: str
    definitions: dict[str, DefinitionOut]


@router.get("/overview")
def read_overview(
    call: Annotated[Call, allow(Permission.OVERVIEW_READ)],
    since: Annotated[str | None, fastapi.Query(alias="from", max_length=40, description="a day or an instant (ISO 8601)")] = None,
    until: Annotated[
        str | None, fastapi.Query(alias="to", max_length=40, description="a day, included, or an instant, not included")
    ] = None,
) -> OverviewOut:
    """Members, buyers, orders, revenue, refunds, repeat rate, average order, top tenth, weeks, months, sources, places."""
    zone = zoneinfo.ZoneInfo(call.ws.settings.get(WorkspaceSettings).time_zone)
    found = api.overview(call.ws, by=call.by, since=_instant("from", since, zone), until=_instant("to", until, zone, ends=True))
    return OverviewOut(
        currency=found.currency,
        members=found.members,
        identified=found.identified,
        buyers=found.buyers,
        orders=found.orders,
        paid_orders=found.paid_orders,
        revenue_minor=found.revenue_minor,
        refunds=found.refunds,
        refunds_minor=found.refunds_minor,
        negative_orders=found.negative_orders,
        net_minor=found.net_minor,
        unattributed=UnattributedOut.model_validate(found.unattributed),
        repeat_rate=found.repeat_rate,
        average_order_minor=found.average_order_minor,
        top_decile_share=found.top_decile_share,
        by_week=[WeekOut(week=one.starts_on, **_shared(one)) for one in found.by_week],
        by_month=[MonthOut(month=one.starts_on, **_shared(one)) for one in found.by_month],
        sources=[SourceOut.model_validate(one) for one in found.sources],
        places=[PlaceOut.model_validate(one) for one in found.places],
        other_currencies=[OtherCurrencyOut.model_validate(one) for one in found.other_currencies],
        as_of=iso(found.as_of),
        definitions={name: DefinitionOut(zh=zh, en=en) for name, (zh, en) in DEFINITIONS.items()},
    )


def _shared(one: Period) -> dict[str, int]:
    return {
        "new_buyers": one.new_buyers,
        "returning_buyers": one.returning_buyers,
        "revenue_minor": one.revenue_minor,
        "orders": one.orders,
    }


def _instant(field: str, text: str | None, zone: zoneinfo.ZoneInfo, *, ends: bool = False) -> dt.datetime | None:
    """A day begins (or, at the end of a span, ends) at midnight in the workspace's zone; an instant without a zone is in it."""
    if not text:
        return None
    try:
        if len(text) == len("2026-03-18"):
            day = dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), tzinfo=zone)
            instant = day + dt.timedelta(days=1) if ends else day
        else:
            given = dt.datetime.fromisoformat(text)
            instant = given if given.tzinfo else given.replace(tzinfo=zone)
        return instant.astimezone(dt.UTC)
    except (ValueError, OverflowError) as broken:
        raise Invalid(field=field, reason="neither a day nor an instant in ISO 8601") from broken
