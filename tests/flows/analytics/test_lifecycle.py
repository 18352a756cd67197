"""Stages and cycles against an independent count on random orders, and against what is true of the town's customers."""

import dataclasses
import datetime as dt
from collections import defaultdict
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.people import claim, resolve
from tests.support.rhythms import Bought, stages
from tests.support.sales import SHANGHAI, Sale, clear, put_sales
from wecom_simulator.town import people as town_people
from wecom_simulator.town import truth as town_truth
from wecom_simulator.town.catalogue import CATEGORIES, catalogue
from wecom_simulator.town.geography import geography
from wecom_simulator.town.shopping import Shopping
from wellspring.activity.models import line_log
from wellspring.analytics import api
from wellspring.analytics.contracts import Lifecycle
from wellspring.analytics.settings import AnalyticsSettings
from wellspring.analytics.traits import TRAITS
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock, from_millis
from wellspring.kernel.workspace import Workspace

DAY = dt.timedelta(days=1)
BEGIN = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
BY_NAME = {trait.name: trait for trait in TRAITS}


def asked(ws: Workspace, name: str, at: dt.datetime | None = None) -> dict[int, Any]:
    trait = BY_NAME[name]
    if trait.sets is not None:
        return {number: value for value, numbers in trait.sets(ws, at).items() for number in numbers}
    assert trait.relation is not None
    value = "toUnixTimestamp64Milli(value)" if trait.kind == "instant" else "value"
    found = ws.log.query(f"SELECT member_no, {value} FROM ({trait.relation(ws, at)})", fmt="JSONCompactEachRow")
    told = dict(map(orjson.loads, found.splitlines()))
    return {number: from_millis(one) for number, one in told.items()} if trait.kind == "instant" else told


def put_lines(ws: Workspace, lines: list[tuple[int, str]]) -> None:
    """The category of each order, by its number."""
    rows = [
        {"shop": "tmall", "order_no": str(number), "version": 1, "line_no": place, "category": category, "quantity": 1}
        for place, (number, category) in enumerate(lines)
    ]
    ws.log.insert(line_log.name, list(rows[0]), [b"\n".join(map(orjson.dumps, rows))])


histories = st.lists(
    st.builds(
        Sale,
        buyer=st.integers(1, 60),
        amount=st.integers(1, 9),
        placed_at=st.integers(0, 190 * 8).map(lambda threes: BEGIN + threes * dt.timedelta(hours=3)),
        is_paid=st.sampled_from([True, True, True, False]),
        currency=st.sampled_from(["CNY", "USD"]),
    ),
    max_size=200,
)


@given(sales=histories, days=st.one_of(st.none(), st.integers(30, 190)))
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_stages_and_cycles_equal_an_independent_count(workspace: Workspace, sales: list[Sale], days: int | None) -> None:
    clear(workspace)
    put_sales(workspace, [*sales, Sale(0, 1, BEGIN)])
    at = workspace.clock.now() if days is None else BEGIN + days * DAY
    bought = [Bought(one.buyer, one.placed_at, one.amount) for one in sales if one.is_paid]
    wanted = stages(bought, at=at, zone=SHANGHAI, assumed=60)
    asked_at = None if days is None else at
    assert asked(workspace, "lifecycle.stage", asked_at) == {number: stage for number, (stage, _) in wanted.items()}
    cycles = asked(workspace, "lifecycle.cycle_days", asked_at)
    assert cycles == pytest.approx({number: cycle for number, (_, cycle) in wanted.items()})
    last = {number: max(one.at for one in bought if one.buyer == number and one.at <= at) for number in wanted}
    due = asked(workspace, "lifecycle.next_expected_at", asked_at)
    assert set(due) == {number for number, (stage, _) in wanted.items() if stage != "lost"}
    assert all(abs(due[number] - last[number] - cycles[number] * DAY) < dt.timedelta(milliseconds=2) for number in due)


def test_weeks_and_the_new(workspace: Workspace) -> None:
    ws, now = workspace, workspace.clock.now()
    resolve(ws, *(claim(f"user_id:u{number}", at=now) for number in range(5)), claim("anonymous_id:x", at=now))
    put_sales(ws, [Sale(1, 100, now - DAY), Sale(2, 100, now - 10 * DAY), Sale(2, 100, now - 60 * DAY), Sale(3, 1, now - 999 * DAY)])
    api.derive(ws)
    found = api.lifecycle(ws, by=SYSTEM)
    assert found.weeks[-1].stages == {"new": 2, "first": 1, "repeat": 1, "sleeping": 0, "lost": 1}
    assert len(found.weeks) == 14
    assert found.weeks[0].stages["new"] is None
    assert (found.cycle_days, list(found.second_days)) == (60, [60, 120, 240])
    stage = BY_NAME["lifecycle.stage"]
    assert [stage.of_member(ws, number, None) for number in range(1, 7)] == ["first", "repeat", "lost", "new", "new", None]
    assert asked(ws, "lifecycle.stage") == {1: "first", 2: "repeat", 3: "lost", 4: "new", 5: "new"}


def test_categories_fall_due(workspace: Workspace, clock: VirtualClock) -> None:
    ws, now = workspace, workspace.clock.now()
    days = {1: (100, 80, 60), 2: (90, 70), 3: (40, 30, 20, 10), 4: (200, 180)}
    sales = [Sale(buyer, 100, now - ago * DAY) for buyer, agos in days.items() for ago in agos]
    put_sales(ws, sales)
    put_lines(ws, [(place, "辅食" if sale.buyer == 3 else "奶粉's") for place, sale in enumerate(sales, start=1)])
    api.derive(ws)
    cycles = {one.category: one for one in api.lifecycle(ws, by=SYSTEM).categories}
    assert {name: one.repeaters for name, one in cycles.items()} == {"奶粉's": 3, "辅食": 1}
    assert 17.5 < cycles["奶粉's"].cycle_days < 20
    # Everybody's own cycle is drawn to their category's; three were away for more than twice of it.
    soon = asked(ws, "repurchase.next_at")
    assert set(soon) == {3}
    assert asked(ws, "repurchase.due_categories") == {}
    clock.move_to(now + 3 * DAY)
    assert asked(ws, "repurchase.due_categories") == {3: ["辅食"]}
    clock.move_to(now)
    assert BY_NAME["repurchase.next_at"].of_member(ws, 3, None) == soon[3]
    then = asked(ws, "repurchase.due_categories", now - 42 * DAY)
    assert then[1] == ["奶粉's"]
    clock.move_to(now + 60 * DAY)
    assert asked(ws, "repurchase.due_categories") == asked(ws, "repurchase.next_at") == {}


@dataclasses.dataclass
class Drawn:
    """A year of the town's sales in a workspace, with what is true of its customers."""

    ws: Workspace
    truth: town_truth.Truth
    alive: np.ndarray
    lasting: dict[str, list[float]]
    found: Lifecycle


@pytest.fixture
def drawn(workspace: Workspace, clock: VirtualClock) -> Drawn:
    seed, days, opens_on = 5, 330, dt.date(2025, 3, 1)
    places = geography(seed)
    truth = town_truth.draw(seed, town_people.count(seed, 1200))
    persons = town_people.draw(seed, places, 1200, truth.unsubscribe_rate)
    shopping = Shopping(seed, opens_on, places, truth, persons)
    sales, lines = [], []
    lasting: dict[str, list[float]] = defaultdict(list)
    for _ in range(days):
        for sale in shopping.next_day():
            if sale.paid and not sale.refunds:
                sales.append(Sale(sale.person + 1, sale.basket.total_minor, from_millis(sale.at_ms)))
                for line in sale.basket.lines:
                    category = catalogue().products[line.product].category
                    lines.append((len(sales), CATEGORIES[category].name))
                    lasts = truth.cycle_days[sale.person, category] * line.quantity * catalogue().units[line.product]
                    lasting[CATEGORIES[category].name].append(float(lasts))
    clock.move_to(dt.datetime.combine(opens_on, dt.time(), tzinfo=dt.UTC) + days * DAY)
    put_sales(workspace, sales)
    put_lines(workspace, lines)
    workspace.settings.put(AnalyticsSettings())
    api.derive(workspace)
    return Drawn(workspace, truth, shopping.alive(days), lasting, api.lifecycle(workspace, by=SYSTEM))


def ranks(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values)).astype(float)


@pytest.mark.slow
def test_estimates_hold_against_the_truth_of_the_town(drawn: Drawn) -> None:
    shown = {one.category: one for one in drawn.found.categories if one.repeaters >= 40}
    assert len(shown) >= 10
    true = np.array([float(np.median(drawn.lasting[name])) for name in shown])
    estimated = np.array([one.cycle_days for one in shown.values()])
    print("\n", {name: (round(a), round(b)) for name, a, b in zip(shown, true, estimated, strict=True)})
    agreement = float(np.corrcoef(ranks(true), ranks(estimated))[0, 1])
    stage, cycle = asked(drawn.ws, "lifecycle.stage"), asked(drawn.ws, "lifecycle.cycle_days")
    alive = {
        name: float(np.mean([drawn.alive[number - 1] for number, own in stage.items() if own == name])) for name in set(stage.values())
    }
    often = [number for number in cycle if drawn.alive[number - 1] > 0.5 and stage[number] == "repeat"]
    rates = np.array([drawn.truth.rate[number - 1] for number in often])
    rhythm = float(np.corrcoef(ranks(1 / rates), ranks(np.array([cycle[number] for number in often])))[0, 1])
    print(agreement, alive, rhythm, len(often))
    assert agreement > 0.8
    assert np.median(np.abs(np.log(estimated / true))) < np.log(1.6)
    assert alive["repeat"] > alive["sleeping"] > alive["lost"]
    assert rhythm > 0.6
