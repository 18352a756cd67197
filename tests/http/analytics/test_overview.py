"""The overview over HTTP: who may see it, the span, the scope, and its numbers together."""

import datetime as dt

import pytest

from tests.support.console import Console, everything, somebody
from tests.support.people import identity
from tests.support.sales import Sale, put_refunds, put_sales
from wellspring.analytics.contracts import DEFINITIONS, Permission
from wellspring.analytics.http.overview import OverviewOut
from wellspring.kernel.auth import SYSTEM
from wellspring.organization import api as organization
from wellspring.organization.contracts import UnitDraft, UnitKind
from wellspring.people import api as people
from wellspring.people.contracts import Claim

MONDAY = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
WEEK = dt.timedelta(days=7)


def asked(console: Console, **query: str) -> OverviewOut:
    answer = console.client.get("/api/overview", params=query)
    assert answer.status_code == 200, answer.text
    return OverviewOut.model_validate_json(answer.content)


def members(console: Console, *sources: str, home_unit_id: str | None = None) -> list[int]:
    claims = [
        Claim([identity(f"phone:1380000{number:04d}")], at=MONDAY, source=source, home_unit_id=home_unit_id)
        for number, source in enumerate(sources)
    ]
    return people.resolve(console.ws, by=SYSTEM, claims=claims).member_nos


def test_the_ladder(console: Console) -> None:
    assert console.client.get("/api/overview").status_code == 401
    console.by = somebody()
    assert console.client.get("/api/overview").status_code == 403
    console.by = somebody(Permission.OVERVIEW_READ)
    assert console.client.get("/api/overview").status_code == 200


def test_an_empty_workspace_has_zeros_and_no_rates(console: Console) -> None:
    console.by = everything()
    found = asked(console)
    assert (found.members, found.revenue_minor, found.repeat_rate, found.average_order_minor, found.top_decile_share) == (
        0,
        0,
        None,
        None,
        None,
    )
    assert (found.by_week, found.sources, found.places) == ([], [], [])


def test_every_number_is_there_with_its_definition(console: Console) -> None:
    console.by = everything()
    first, second, _third = members(console, "wecom", "tmall", "wecom")
    put_sales(
        console.ws,
        [
            Sale(first, 1000, MONDAY),
            Sale(first, 500, MONDAY + WEEK),
            Sale(second, 300, MONDAY + WEEK),
            Sale(0, 200, MONDAY),
            Sale(second, 900, MONDAY, is_paid=False),
            Sale(0, -50, MONDAY),
        ],
    )
    put_refunds(console.ws, [(100, MONDAY)])
    found = asked(console)
    assert (found.members, found.identified, found.buyers, found.orders, found.paid_orders) == (3, 3, 2, 5, 4)
    assert (found.revenue_minor, found.refunds_minor, found.net_minor, found.negative_orders) == (2000, 150, 1850, 1)
    assert (found.unattributed.orders, found.unattributed.revenue_minor) == (1, 200)
    assert (found.repeat_rate, found.average_order_minor, found.top_decile_share) == (0.5, 500, round(1500 / 1800, 4))
    assert [(week.week, week.new_buyers, week.returning_buyers, week.revenue_minor) for week in found.by_week] == [
        (dt.date(2026, 3, 2), 1, 0, 1200),
        (dt.date(2026, 3, 9), 1, 1, 800),
    ]
    assert [(one.source, one.members, one.buyers, one.revenue_minor) for one in found.sources] == [
        ("wecom", 2, 1, 1500),
        ("tmall", 1, 1, 300),
    ]
    assert sum(place.revenue_minor for place in found.places) == found.revenue_minor
    assert found.definitions.keys() == DEFINITIONS.keys()


def test_a_day_at_the_end_of_the_span_is_included(console: Console) -> None:
    console.by = everything()
    # 23:59 and 00:00 on the evening of the 8th in Shanghai.
    late = dt.datetime(2026, 3, 8, 15, 59, tzinfo=dt.UTC)
    put_sales(console.ws, [Sale(0, 1, late), Sale(0, 10, late + dt.timedelta(minutes=1))])
    assert asked(console, **{"from": "2026-03-08", "to": "2026-03-08"}).revenue_minor == 1
    assert asked(console, **{"from": "2026-03-09"}).revenue_minor == 10
    assert asked(console, to="2026-03-08T16:00:00Z").revenue_minor == 1


@pytest.mark.parametrize("query", ["from=yesterday", "to=2026-02-30", "from=9999-99-99", "to=2026-03-08T25:00:00Z"])
def test_what_is_no_instant_is_refused(console: Console, query: str) -> None:
    console.by = everything()
    assert console.client.get(f"/api/overview?{query}").status_code == 422


@pytest.mark.parametrize("query", ["from=0001-01-01", "to=9999-12-31", "from=9999-12-31T23:59:59-23:59"])
def test_the_calendar_s_own_ends_do_not_break_it(console: Console, query: str) -> None:
    console.by = everything()
    assert console.client.get(f"/api/overview?{query}").status_code in {200, 422}


def test_a_limited_scope_sees_its_own_stores(console: Console) -> None:
    unit = organization.create_unit(console.ws, by=SYSTEM, draft=UnitDraft(code="S1", name="一店", kind=UnitKind.STORE)).id
    members(console, "wecom", home_unit_id=unit)
    put_sales(console.ws, [Sale(1, 100, MONDAY, store="S1"), Sale(1, 10, MONDAY, store="S2"), Sale(1, 1, MONDAY)])
    console.by = somebody(Permission.OVERVIEW_READ, units=frozenset({unit}))
    found = asked(console)
    assert (found.members, found.revenue_minor) == (1, 100)
    console.by = somebody(Permission.OVERVIEW_READ, units=frozenset())
    assert (asked(console).members, asked(console).revenue_minor) == (0, 0)
    console.by = everything()
    assert asked(console).revenue_minor == 111


def test_the_answer_is_kept_until_something_changes(console: Console) -> None:
    console.by = everything()
    put_sales(console.ws, [Sale(0, 1, MONDAY)])
    before = asked(console)
    console.ws.clock.move_to(console.ws.clock.now() + WEEK)  # type: ignore[attr-defined]
    assert asked(console).as_of == before.as_of
    members(console, "wecom")
    assert asked(console).members == 1


def test_another_currency_stands_apart(console: Console) -> None:
    console.by = everything()
    put_sales(console.ws, [Sale(0, 7, MONDAY, currency="GBP"), Sale(0, 8, MONDAY, currency="GBP"), Sale(0, 100, MONDAY)])
    found = asked(console)
    assert (found.currency, found.revenue_minor) == ("CNY", 100)
    assert [(one.currency, one.orders, one.revenue_minor) for one in found.other_currencies] == [("GBP", 2, 15)]
