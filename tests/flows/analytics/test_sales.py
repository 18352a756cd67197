"""Sales in sum, against an independent computation in Python on random orders."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.sales import Sale, clear, expected, put_holders, put_refunds, put_sales
from wellspring.analytics import facts
from wellspring.analytics.contracts import Question
from wellspring.kernel.workspace import Workspace

DAY = dt.timedelta(days=1)
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ALL = Question("Asia/Shanghai", "CNY")

# Each example asks a real engine several questions: shrinking would take minutes.
UNSHRUNK = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

amounts = st.one_of(st.integers(0, 500_000), st.integers(-20_000, -1))
moments = st.integers(0, 60 * 24 * 60).map(lambda minutes: START + dt.timedelta(minutes=minutes))
histories = st.lists(
    st.builds(
        Sale,
        buyer=st.integers(0, 12),
        amount=amounts,
        placed_at=moments,
        is_paid=st.booleans(),
        store=st.sampled_from(["", "S1", "S2"]),
        currency=st.sampled_from(["CNY", "CNY", "CNY", "USD"]),
    ),
    max_size=60,
)


@given(sales=histories, first=st.integers(-1, 40), length=st.integers(1, 61))
@UNSHRUNK
def test_totals_weeks_and_buyers_equal_an_independent_count(workspace: Workspace, sales: list[Sale], first: int, length: int) -> None:
    since, until = START + first * DAY, START + (first + length) * DAY
    # A negative order is a fact of its own whether it was paid or not.
    sales = [sale if sale.amount >= 0 else Sale(sale.buyer, sale.amount, sale.placed_at, currency=sale.currency) for sale in sales]
    ws = workspace
    clear(ws)
    put_sales(ws, sales)
    question = Question("Asia/Shanghai", "CNY", since, until)
    wanted = expected(sales, since=since, until=until)
    totals = facts.totals(ws, question)
    for name in ("orders", "paid_orders", "revenue_minor", "buyers", "repeat_buyers", "top_decile_revenue_minor", "negative_orders"):
        assert getattr(totals, name) == wanted[name], name
    for name in ("attributed_revenue_minor", "unattributed_orders", "unattributed_revenue_minor", "negative_minor"):
        assert getattr(totals, name) == wanted[name], name
    weeks = facts.periods(ws, question, by="week")
    assert [(w.starts_on, w.orders, w.revenue_minor, w.new_buyers, w.returning_buyers) for w in weeks] == wanted["weeks"]
    buyers, spent = facts.by_buyer(ws, question)
    assert dict(zip(buyers.tolist(), spent.tolist(), strict=True)) == wanted["spent"]


def test_a_merged_member_s_sales_are_the_holder_s(workspace: Workspace) -> None:
    put_sales(workspace, [Sale(1, 100, START), Sale(2, 300, START + DAY), Sale(3, 50, START)])
    put_holders(workspace, {2: 1})
    totals = facts.totals(workspace, ALL)
    assert (totals.buyers, totals.repeat_buyers, totals.revenue_minor) == (2, 1, 450)
    assert [found.tolist() for found in facts.by_buyer(workspace, ALL)] == [[1, 3], [400, 50]]


def test_a_newer_version_replaces_an_order(workspace: Workspace) -> None:
    put_sales(workspace, [Sale(1, 100, START)])
    put_sales(workspace, [Sale(1, 90, START)], version=2)
    assert facts.totals(workspace, ALL).revenue_minor == 90


def test_weeks_begin_on_monday_in_the_zone_of_the_workspace(workspace: Workspace) -> None:
    # Sunday 23:30 in Shanghai is Sunday 15:30 in London; half an hour later it is Monday in Shanghai only.
    sunday = dt.datetime(2026, 3, 15, 15, 30, tzinfo=dt.UTC)
    put_sales(workspace, [Sale(1, 100, sunday), Sale(1, 200, sunday + dt.timedelta(hours=1))])
    in_shanghai = facts.periods(workspace, ALL, by="week")
    in_london = facts.periods(workspace, Question("Europe/London", "CNY"), by="week")
    assert [(week.starts_on, week.revenue_minor, week.new_buyers, week.returning_buyers) for week in in_shanghai] == [
        (dt.date(2026, 3, 9), 100, 1, 0),
        (dt.date(2026, 3, 16), 200, 0, 1),
    ]
    assert [(week.starts_on, week.revenue_minor) for week in in_london] == [(dt.date(2026, 3, 9), 300)]


def test_months_are_calendar_months(workspace: Workspace) -> None:
    put_sales(workspace, [Sale(1, 100, START), Sale(2, 10, START + 40 * DAY), Sale(1, 1, START + 40 * DAY)])
    months = facts.periods(workspace, ALL, by="month")
    assert [(month.starts_on, month.orders, month.new_buyers, month.returning_buyers) for month in months] == [
        (dt.date(2026, 1, 1), 1, 1, 0),
        (dt.date(2026, 2, 1), 2, 1, 1),
    ]


def test_refunds_count_when_they_were_made(workspace: Workspace) -> None:
    put_refunds(workspace, [(100, START), (50, START + 10 * DAY)])
    totals = facts.totals(workspace, Question("Asia/Shanghai", "CNY", START + DAY, None))
    assert (totals.refunds, totals.refunds_minor) == (1, 50)


def test_only_the_stores_asked_for(workspace: Workspace) -> None:
    put_sales(workspace, [Sale(1, 100, START, store="S1"), Sale(2, 10, START, store="S2"), Sale(3, 1, START)])
    put_refunds(workspace, [(7, START)], order_no="2")
    totals = facts.totals(workspace, Question("Asia/Shanghai", "CNY", store_codes=("S2",)))
    assert (totals.revenue_minor, totals.orders, totals.refunds_minor) == (10, 1, 7)
    nowhere = facts.totals(workspace, Question("Asia/Shanghai", "CNY", store_codes=()))
    assert (nowhere.revenue_minor, nowhere.orders, nowhere.refunds_minor) == (0, 0, 0)


def test_places_are_shops_with_their_stores(workspace: Workspace) -> None:
    put_sales(workspace, [Sale(1, 100, START, store="S1"), Sale(1, 10, START, store="S1"), Sale(0, 500, START, shop="pos")])
    assert [(place.shop, place.store_code, place.orders, place.revenue_minor, place.buyers) for place in facts.places(workspace, ALL)] == [
        ("pos", "", 1, 500, 0),
        ("tmall", "S1", 2, 110, 1),
    ]


def test_currencies_stand_apart(workspace: Workspace) -> None:
    put_sales(workspace, [Sale(1, 100, START), Sale(1, 5, START, currency="USD"), Sale(1, 6, START, currency="USD")])
    assert [(found.currency, found.orders, found.revenue_minor) for found in facts.currencies(workspace)] == [
        ("USD", 2, 11),
        ("CNY", 1, 100),
    ]
    assert facts.totals(workspace, ALL).revenue_minor == 100


@pytest.mark.parametrize("question", [ALL, Question("Asia/Shanghai", "CNY", START, START + DAY, ("S1",))])
def test_an_empty_workspace_has_zeros(workspace: Workspace, question: Question) -> None:
    totals = facts.totals(workspace, question)
    assert (totals.orders, totals.revenue_minor, totals.buyers, totals.top_decile_revenue_minor) == (0, 0, 0, 0)
    assert facts.periods(workspace, question, by="week") == []
    assert facts.places(workspace, question) == []
    assert len(facts.by_buyer(workspace, question)[0]) == 0
