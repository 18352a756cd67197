"""The draws have the distributions that the truths name, and what is observed has them too."""

import math
from pathlib import Path

import numpy as np
import pytest

from tests.town.conftest import DAYS, Told
from wecom_simulator.town import truth
from wecom_simulator.town.actions import Kind
from wecom_simulator.town.catalogue import CATEGORIES

PEOPLE = 60_000


@pytest.fixture(scope="module")
def drawn() -> truth.Truth:
    return truth.draw(3, PEOPLE)


def test_rates_are_gamma(drawn: truth.Truth) -> None:
    assert drawn.rate.mean() == pytest.approx(truth.RATE_PER_DAY, rel=0.02)
    # The variance of a gamma is its mean squared over its shape.
    assert drawn.rate.var() == pytest.approx(truth.RATE_PER_DAY**2 / truth.RATE_SHAPE, rel=0.05)


def test_lifetimes_are_pareto(drawn: truth.Truth) -> None:
    # An exponential with a gamma rate survives t with probability (β / (β + t))^s.
    for days in (30, 100, 365):
        expected = (truth.DROPOUT_DAYS / (truth.DROPOUT_DAYS + days)) ** truth.DROPOUT_SHAPE
        assert (drawn.lifetime_days > days).mean() == pytest.approx(expected, abs=0.008)


def test_rate_and_dropout_are_independent(drawn: truth.Truth) -> None:
    assert abs(np.corrcoef(drawn.rate, drawn.dropout)[0, 1]) < 0.02


def test_tastes_and_preferences_are_shares(drawn: truth.Truth) -> None:
    np.testing.assert_allclose(drawn.affinity.sum(axis=1), 1)
    np.testing.assert_allclose(drawn.channel_preference.sum(axis=1), 1)


def test_cycles_scatter_around_their_category(drawn: truth.Truth) -> None:
    for position, category in enumerate(CATEGORIES):
        logs = np.log(drawn.cycle_days[:, position] / category.cycle_days)
        assert logs.mean() == pytest.approx(0, abs=0.01)
        assert logs.std() == pytest.approx(truth.CYCLE_SPREAD, rel=0.03)


@pytest.mark.parametrize("name", ["price_sensitivity", "refund_propensity", "mute_propensity", "delete_propensity"])
def test_propensities_are_chances(drawn: truth.Truth, name: str) -> None:
    values = getattr(drawn, name)
    assert values.min() >= 0
    assert values.max() <= 1


def test_touches_help_the_persuadable_and_nobody_else(drawn: truth.Truth) -> None:
    assert (drawn.touch_uplift[drawn.response == truth.PERSUADABLE] > 0).all()
    assert (drawn.touch_uplift[drawn.response == truth.INDIFFERENT] == 0).all()
    assert (drawn.touch_uplift[drawn.response == truth.SLEEPING_DOG] < 0).all()
    keen = drawn.price_sensitivity > np.median(drawn.price_sensitivity)
    persuadable = drawn.response == truth.PERSUADABLE
    assert persuadable[keen].mean() > persuadable[~keen].mean() + 0.05


def test_expected_orders_is_the_mean_of_a_simulated_life() -> None:
    drawn = truth.draw(5, PEOPLE)
    rng = np.random.default_rng(1)
    days = np.full(PEOPLE, 200.0)
    lives = rng.poisson(drawn.rate * np.minimum(drawn.lifetime_days, days))
    assert drawn.expected_orders(days).mean() == pytest.approx(lives.mean(), rel=0.03)


def test_written_truths_are_read_back(tmp_path: Path, drawn: truth.Truth) -> None:
    truth.write(drawn, tmp_path / "truth.npz")
    again = truth.read(tmp_path / "truth.npz")
    np.testing.assert_array_equal(again.rate, drawn.rate)
    np.testing.assert_array_equal(again.touch_uplift, drawn.touch_uplift)


def test_orders_come_as_often_as_the_truth_says(told: Told) -> None:
    """Joining orders apart, the count of orders is Poisson with the mean Σ λ · days alive."""
    people, drawn = told.town.people, told.town.truth
    # Store and shop customers always have where to buy; the others may have no shop yet.
    always = (people.kind == 1) | (people.kind == 2)
    dies = people.joined_day + drawn.lifetime_days
    # A day counts when it begins alive, so a life of x days buys on ceil(x) of them.
    alive = np.clip(np.minimum(np.ceil(dies), DAYS) - np.maximum(people.joined_day, 0), 0, None)
    expected = (drawn.rate * alive)[always].sum()
    joins = ((people.joined_day >= 0) & (people.joined_day < DAYS))[always].sum()
    numbers = {(action.body["shop"], action.body["order_no"]) for action in told.of(Kind.ORDER) if always[action.person]}
    # The season of September to December is above the year's mean by up to a fifth (11.11).
    assert expected + joins - 4 * math.sqrt(expected) < len(numbers) < 1.2 * expected + joins + 4 * math.sqrt(expected)


def test_the_dead_do_not_buy(told: Told) -> None:
    people, drawn = told.town.people, told.town.truth
    dies = people.joined_day + drawn.lifetime_days
    for day, actions in enumerate(told.days):
        for action in actions:
            if action.kind is Kind.ORDER and action.body["state"] != "cancelled":
                assert people.joined_day[action.person] <= day < dies[action.person] + 1
