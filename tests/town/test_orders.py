"""Orders and refunds: every total adds up to the fen, and no more goes back than was paid."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.town.conftest import Told
from wecom_simulator.town import baskets
from wecom_simulator.town.actions import Action, Kind, iso
from wecom_simulator.town.catalogue import CATEGORIES, catalogue


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_spreading_loses_nothing(amount: int, shares: list[int]) -> None:
    parts = baskets.spread(amount, shares)
    assert sum(parts) == (amount if sum(shares) else 0)
    assert all(part >= 0 for part in parts)
    for part, share in zip(parts, shares, strict=True):
        if sum(shares):
            assert abs(part - amount * share / sum(shares)) < 1


@given(
    st.lists(st.tuples(st.integers(0, len(catalogue().products) - 1), st.integers(1, 3)), min_size=1, max_size=5),
    st.sampled_from([0.0, 0.05, 0.1, 0.15]),
    st.booleans(),
    st.booleans(),
)
def test_a_basket_adds_up(chosen: list[tuple[int, int]], reduction: float, coupon: bool, ships: bool) -> None:
    products, quantities = [product for product, _ in chosen], [quantity for _, quantity in chosen]
    basket = baskets.price(catalogue(), products, quantities, reduction=reduction, coupon=coupon, ships=ships)
    listed = sum(line.price_minor * line.quantity for line in basket.lines)
    assert listed - basket.discount_minor + basket.shipping_minor == basket.total_minor
    assert all(line.total_minor >= 0 for line in basket.lines)
    assert basket.total_minor > 0


def _orders(actions: Sequence[Action]) -> dict[tuple[Any, Any], dict[str, Any]]:
    return {(action.body["shop"], action.body["order_no"]): action.body for action in actions if action.kind is Kind.ORDER}


def test_told_orders_add_up_to_the_minor_unit(told: Told) -> None:
    orders = _orders(told.actions)
    assert len(orders) > 1_500
    for order in orders.values():
        goods = sum(line["qty"] * line["price_minor"] - line["discount_minor"] for line in order["lines"])
        assert goods == sum(line["total_minor"] for line in order["lines"])
        assert order["discount_minor"] == sum(line["discount_minor"] for line in order["lines"])
        assert order["total_minor"] == goods + order["shipping_minor"]
        assert order["paid_minor"] == (order["total_minor"] if "paid_at" in order else 0)
        assert sum(payment["amount_minor"] for payment in order.get("payments", [])) == order["paid_minor"]
        assert all(payment["amount_minor"] > 0 for payment in order.get("payments", []))


def test_refunds_never_exceed_what_was_paid(told: Told) -> None:
    orders = _orders(told.actions)
    refunded: dict[tuple[Any, Any], int] = defaultdict(int)
    for action in told.of(Kind.REFUND):
        key = (action.body["shop"], action.body["order_no"])
        assert action.body["amount_minor"] > 0
        assert action.body["at"] > orders[key]["paid_at"]
        refunded[key] += action.body["amount_minor"]
    assert len(refunded) > 30
    assert any(amount < orders[key]["paid_minor"] for key, amount in refunded.items())
    assert any(amount == orders[key]["paid_minor"] for key, amount in refunded.items())
    for key, amount in refunded.items():
        assert amount <= orders[key]["paid_minor"]


def test_every_fate_occurs(told: Told) -> None:
    orders = _orders(told.actions).values()
    states = {order["state"] for order in orders}
    assert states == {"paid", "placed", "cancelled"}
    assert {order["shop"] for order in orders} == {"mini", "tmall", "douyin", "store"}
    nobody = [order for order in orders if "buyer" not in order]
    assert 0.05 < len(nobody) / len(orders) < 0.25
    assert all(order["shop"] == "store" and order["payments"][0]["method"] == "cash" for order in nobody)
    assert any(len(order.get("payments", [])) == 2 for order in orders)


def test_a_cancelled_order_was_told_unpaid_before(told: Told) -> None:
    first: dict[Any, str] = {}
    for action in told.of(Kind.ORDER):
        key = (action.body["shop"], action.body["order_no"])
        if action.body["state"] == "cancelled":
            assert first[key] == "placed"
            assert action.body["paid_minor"] == 0
        first.setdefault(key, str(action.body["state"]))


def test_store_sales_name_store_and_guide_within_opening_hours(told: Told) -> None:
    store_of = {guide.code: guide.store for guide in told.town.geography.guides}
    codes = [store.code for store in told.town.geography.stores]
    for order in _orders(told.actions).values():
        assert ("store_code" in order) == (order["shop"] == "store")
        if order["shop"] == "store":
            assert codes[store_of[order["staff_code"]]] == order["store_code"]
            hour = (datetime.fromisoformat(order["placed_at"]).hour + 8) % 24
            assert 10 <= hour < 22


def test_repurchases_gather_around_the_cycle() -> None:
    """A shelf that is full wants near nothing, one that is empty as much as taste says."""
    cycles = np.full((1, len(CATEGORIES)), 30.0)
    due_on = np.full((1, len(CATEGORIES)), 100.0)
    before, at, after = (float(baskets.due_weight(day, due_on, cycles)[0, 0]) for day in (80, 100, 120))
    assert before < 0.02
    assert at == pytest.approx(0.506)
    assert after > 0.99


def test_observed_intervals_show_the_categories_cycles(told: Told) -> None:
    """People who buy often repurchase nappies sooner than washing liquid, near the cycles of both."""
    category_of = {product.sku: CATEGORIES[product.category].code for product in catalogue().products}
    rate = told.town.truth.rate
    bought: dict[tuple[int, str], list[tuple[datetime, float]]] = defaultdict(list)
    units = {product.sku: product.units for product in catalogue().products}
    for action in told.of(Kind.ORDER):
        if rate[action.person] > 0.08 and action.body["state"] == "paid":
            at = datetime.fromisoformat(str(action.body["placed_at"]))
            basket: dict[str, float] = defaultdict(float)
            lines: Any = action.body["lines"]
            for line in lines:
                basket[category_of[line["sku"]]] += units[line["sku"]] * line["qty"]
            for code, lasts in basket.items():
                bought[action.person, code].append((at, lasts))
    per_unit: dict[str, list[float]] = defaultdict(list)
    for (_, code), times in bought.items():
        for (at, lasts), (following, _) in itertools.pairwise(times):
            per_unit[code].append((following - at).days / lasts)
    fast, slow = np.median(per_unit["biscuit"]), np.median(per_unit["tissue"])
    assert 10 < fast < 24
    assert 22 < slow < 50


def test_instants_are_written_in_utc() -> None:
    assert iso(1_772_323_199_999) == "2026-02-28T23:59:59.999Z"
