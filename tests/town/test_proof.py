"""A thousand campaigns among the town's people, whose true responses are known: what reports say of them is true as often as promised.

Vectorised by campaign: who buys by themselves, and whom the message makes buy, are drawn from the hidden truths; arms, figures and
intervals are the product's own.
"""

import dataclasses
import functools

import numpy as np
import numpy.typing as npt
import pytest

from wecom_simulator.town import people, truth
from wellspring.analytics.contracts.experiments import Effect, Exposures
from wellspring.analytics.rules.experiments.balance import balance
from wellspring.analytics.rules.experiments.figures import Values, report, terms_of
from wellspring.engagement.contracts.proof import Design, Outcome
from wellspring.kernel.arms import OUTSIDE, Holdout, held_by

SEED, CAMPAIGNS, UNITS = 20_260_318, 1_000, 5_000
WINDOW_DAYS, EARLIER_DAYS = 14, 90
# A journey of three messages by WeCom.
TOUCHES = 3
# What an order is worth: lognormal around 168 yuan.
VALUE_MEAN, VALUE_SIGMA = 16_800, 0.6
BY_WECOM = truth.TOUCH_CHANNELS.index("wecom")
DESIGN = Design(control_basis_points=2_000)

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Campaigns:
    """Of every campaign that was read its effect, and what is true of those who were in it."""

    effects: list[Effect]
    truths: Floats
    explained: float

    def covered(self) -> float:
        """The share of intervals that hold their truth."""
        return float(np.mean([one.low <= true <= one.high for one, true in zip(self.effects, self.truths, strict=True)]))

    def z(self) -> Floats:
        """How far each estimate lies from its truth, in its own standard errors."""
        return np.array([(one.value - true) / one.deviation for one, true in zip(self.effects, self.truths, strict=True)])

    def p(self) -> Floats:
        return np.array([one.p for one in self.effects])


@functools.cache
def town() -> truth.Truth:
    return truth.draw(7, people.count(7, 10_000))


@functools.cache
def run(outcome: Outcome, strength: float, *, is_any_day: bool = False, campaigns: int = CAMPAIGNS) -> Campaigns:
    """Campaigns of the given strength beside the town's own; 0 is A/A."""
    known, rng = town(), np.random.default_rng([SEED, int(strength * 10), is_any_day])
    terms, effects, truths, explained = terms_of(outcome, alpha=0.05, is_any_day=is_any_day), [], [], []
    for campaign in range(campaigns):
        units = np.sort(rng.choice(len(known.rate), UNITS, replace=False)) + 1
        is_treated = held_by([Holdout(f"w1:campaign:{campaign}:control", DESIGN.control_basis_points)], units) == OUTSIDE
        rate = known.rate[units - 1]
        uplift = strength * TOUCHES * np.maximum(known.touch_uplift[units - 1, BY_WECOM], 0)
        orders = rng.poisson(rate * WINDOW_DAYS) + rng.poisson(uplift * is_treated)
        earlier = rng.poisson(rate * EARLIER_DAYS)
        if outcome is Outcome.CONVERSION:
            column, true = orders > 0, np.exp(-rate * WINDOW_DAYS) * -np.expm1(-uplift)
        else:
            column, true = _spent(rng, orders), uplift * VALUE_MEAN
        exposed = Exposures(units, is_treated.astype(np.int64), np.zeros(UNITS, dtype=np.int64), 0)
        values = Values(outcome, column.astype(np.int64), (earlier,))
        found = report(values, exposed, weights=DESIGN.arm_weights(), terms=terms, is_matured=True)
        # A split that is off by chance is blocked, as it would be for a brand: nobody reads it.
        if found.arms[1].difference is not None:
            effects.append(found.arms[1].difference)
            truths.append(float(true.mean()))
            explained.append(found.explained)
    return Campaigns(effects, np.array(truths), float(np.mean(explained)))


def _spent(rng: np.random.Generator, orders: npt.NDArray[np.int64]) -> Floats:
    each = rng.lognormal(np.log(VALUE_MEAN) - VALUE_SIGMA**2 / 2, VALUE_SIGMA, int(orders.sum()))
    return np.bincount(np.repeat(np.arange(len(orders)), orders), weights=each, minlength=len(orders)).round()


@pytest.mark.parametrize("outcome", [Outcome.CONVERSION, Outcome.REVENUE])
def test_intervals_of_95_per_cent_cover_the_truth_in_93_to_97_per_cent_of_1000_campaigns(outcome: Outcome) -> None:
    found = run(outcome, 1.0)
    assert len(found.effects) > 0.99 * CAMPAIGNS
    assert found.truths.min() > 0
    assert 0.93 <= found.covered() <= 0.97
    assert abs(found.z().mean()) < 0.1
    assert 0.93 < found.z().std() < 1.07
    # What was bought before explains a part, or the covariate would be for nothing.
    assert found.explained > 0.05


def test_intervals_for_any_day_cover_more_on_one() -> None:
    assert run(Outcome.CONVERSION, 1.0, is_any_day=True, campaigns=300).covered() > 0.99


@pytest.mark.parametrize("outcome", [Outcome.CONVERSION, Outcome.REVENUE])
def test_of_campaigns_that_do_nothing_p_is_uniform(outcome: Outcome) -> None:
    p = np.sort(run(outcome, 0.0).p())
    assert len(p) > 0.99 * CAMPAIGNS
    steps = np.arange(1, len(p) + 1) / len(p)
    distance = max(np.abs(p - steps).max(), np.abs(p - steps + 1 / len(p)).max())
    # Kolmogorov and Smirnov's bound at 1 %.
    assert distance < 1.63 / np.sqrt(len(p))
    assert 0.03 < np.mean(p < 0.05) < 0.07


def test_splits_by_the_hash_are_blocked_once_in_a_thousand() -> None:
    units = np.arange(1, UNITS + 1)

    def is_blocked(campaign: int) -> bool:
        held = int((held_by([Holdout(f"srm:{campaign}", 1_000)], units) != OUTSIDE).sum())
        return balance([held, UNITS - held], [1_000, 9_000]).is_blocked

    assert sum(map(is_blocked, range(3_000))) <= 9
