"""What audiences may ask of orders, against a count in Python on random orders; sets and single answers agree."""

import collections
import datetime as dt
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.people import claim, resolve
from tests.support.sales import SHANGHAI, Sale, clear, put_holders, put_refunds, put_sales
from wellspring.activity.models import line_log
from wellspring.activity.traits import TRAITS
from wellspring.kernel.clock import VirtualClock, from_millis
from wellspring.kernel.traits import Trait
from wellspring.kernel.workspace import Workspace

DAY = dt.timedelta(days=1)
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
BY_NAME = {trait.name: trait for trait in TRAITS}
MEMBERS = 6

histories = st.lists(
    st.builds(
        Sale,
        buyer=st.integers(0, MEMBERS - 1),
        amount=st.one_of(st.integers(0, 500_000), st.integers(-20_000, -1)),
        placed_at=st.integers(0, 60 * 24 * 60).map(lambda minutes: START + dt.timedelta(minutes=minutes)),
        is_paid=st.booleans(),
        shop=st.sampled_from(["tmall", "jd", "o'hara"]),
        currency=st.sampled_from(["CNY", "CNY", "CNY", "USD"]),
    ),
    max_size=40,
)


@pytest.fixture
def ws(workspace: Workspace) -> Workspace:
    resolve(workspace, *(claim(f"user_id:u{number}", at=START) for number in range(MEMBERS)))
    return workspace


def asked(ws: Workspace, trait: Trait, at: dt.datetime | None = None) -> dict[int, Any]:
    assert trait.relation is not None
    value = "toUnixTimestamp64Milli(value)" if trait.kind == "instant" else "value"
    found = ws.log.query(f"SELECT member_no, {value} FROM ({trait.relation(ws, at)})", fmt="JSONCompactEachRow")
    rows = [orjson.loads(line) for line in found.splitlines()]
    assert len({number for number, _ in rows}) == len(rows)
    return {number: from_millis(one) if trait.kind == "instant" else one for number, one in rows}


def counted(ws: Workspace, sales: list[Sale], at: dt.datetime | None) -> dict[str, dict[int, Any]]:
    by_buyer: dict[int, list[Sale]] = collections.defaultdict(list)
    back: collections.Counter[int] = collections.Counter()
    for sale in sales:
        if sale.buyer and (at is None or sale.placed_at <= at):
            if sale.amount < 0:
                back[sale.buyer] += -sale.amount if sale.currency == "CNY" else 0
            elif sale.is_paid:
                by_buyer[sale.buyer].append(sale)
    today = (at or ws.clock.now()).astimezone(SHANGHAI).date()
    money = {buyer: [sale.amount for sale in own if sale.currency == "CNY"] for buyer, own in by_buyer.items()}
    last = {buyer: max(sale.placed_at for sale in own) for buyer, own in by_buyer.items()}
    first = {buyer: min((sale.placed_at, sale.shop) for sale in own) for buyer, own in by_buyer.items()}
    everybody = range(1, MEMBERS + 1)
    return {
        "orders.count": {number: len(by_buyer.get(number, ())) for number in everybody},
        "orders.revenue": {number: sum(money.get(number, ())) / 100 for number in everybody},
        "orders.average": {buyer: sum(own) / len(own) / 100 for buyer, own in money.items() if own},
        "orders.refunds": {number: back[number] / 100 for number in everybody},
        "orders.first_at": {buyer: moment for buyer, (moment, _) in first.items()},
        "orders.last_at": last,
        "orders.days_since_last": {buyer: (today - moment.astimezone(SHANGHAI).date()).days for buyer, moment in last.items()},
        "orders.shops": {buyer: sorted({sale.shop for sale in own}) for buyer, own in by_buyer.items()},
        "orders.first_shop": {buyer: shop for buyer, (_, shop) in first.items()},
        "orders.categories": {},
    }


@given(sales=histories, days=st.one_of(st.none(), st.integers(0, 60)))
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_trait_equals_an_independent_count(ws: Workspace, sales: list[Sale], days: int | None) -> None:
    clear(ws)
    put_sales(ws, [*sales, Sale(0, 100, START)])
    at = None if days is None else START + days * DAY
    for name, wanted in counted(ws, sales, at).items():
        found = asked(ws, BY_NAME[name], at)
        assert found == (pytest.approx(wanted) if name == "orders.average" else wanted), name
        for number in (1, MEMBERS):
            assert BY_NAME[name].of_member(ws, number, at) == found.get(number), name


def test_a_merged_member_s_orders_are_the_holder_s(ws: Workspace) -> None:
    put_sales(ws, [Sale(1, 100, START), Sale(2, 300, START + DAY, shop="jd")])
    before = BY_NAME["orders.count"].version(ws)
    put_holders(ws, {2: 1})
    assert BY_NAME["orders.count"].version(ws) != before
    assert asked(ws, BY_NAME["orders.revenue"])[1] == 4
    assert asked(ws, BY_NAME["orders.shops"]) == {1: ["jd", "tmall"]}


def test_refunds_are_money_that_came_back(ws: Workspace) -> None:
    put_sales(ws, [Sale(1, 1000, START)])
    put_refunds(ws, [(300, START + DAY)])
    ws.log.command("ALTER TABLE activity_refund UPDATE member_no = 1 WHERE 1")
    refunds = BY_NAME["orders.refunds"]
    assert (asked(ws, refunds)[1], asked(ws, refunds, START)[1], refunds.of_member(ws, 1, None)) == (3, 0, 3)


def test_categories_are_those_of_the_newest_version(ws: Workspace) -> None:
    put_sales(ws, [Sale(1, 1000, START)])
    put_sales(ws, [Sale(1, 1000, START)], version=2)
    shared = {"shop": "tmall", "order_no": "1", "line_no": 1, "quantity": 1}
    lines = [{**shared, "version": 1, "category": "奶粉"}, {**shared, "version": 2, "category": "辅食"}]
    ws.log.insert(line_log.name, list(lines[0]), [b"\n".join(map(orjson.dumps, lines))])
    assert asked(ws, BY_NAME["orders.categories"]) == {1: ["辅食"]}


def test_time_alone_changes_only_what_says_so(ws: Workspace, clock: VirtualClock) -> None:
    put_sales(ws, [Sale(1, 1000, START)])
    before = {trait.name: asked(ws, trait) for trait in TRAITS}
    clock.move_to(clock.now() + DAY)
    changed = {trait.name for trait in TRAITS if asked(ws, trait) != before[trait.name]}
    assert changed == {trait.name for trait in TRAITS if trait.is_timed} == {"orders.days_since_last"}


def test_money_is_told_in_the_currency_that_is_there(ws: Workspace) -> None:
    put_sales(ws, [Sale(1, 1000, START, currency="JPY")])
    assert asked(ws, BY_NAME["orders.revenue"])[1] == 1000
