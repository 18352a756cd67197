"""Whole experiments played many times with known truths: A/A finds nothing, intervals hold what they promise.

Seeds are fixed, so that a run is a fact and no chance; bounds are three standard errors of the simulation or wider.
"""

import math

import numpy as np
import numpy.typing as npt
import pytest

from wellspring.analytics.contracts.experiments import Effect, Measure, RatioMoments, Terms
from wellspring.analytics.rules.experiments.balance import balance
from wellspring.analytics.rules.experiments.covariates import adjusted, summed
from wellspring.analytics.rules.experiments.effects import difference, lift, relative
from wellspring.analytics.rules.experiments.moments import measured, ratio
from wellspring.analytics.rules.experiments.moments import summed as moments_of

ONCE, DAILY = Terms(tuned_units=None), Terms()
RUNS, MEMBERS = 1_000, 1_500
_Column = npt.NDArray[np.float64]


def kolmogorov(p_values: list[float]) -> float:
    """The chance that uniform values lie further from uniform (Kolmogorov 1933, with Stephens' correction)."""
    ordered, many = np.sort(p_values), len(p_values)
    ranks = np.arange(1, many + 1)
    apart = max(float((ranks / many - ordered).max()), float((ordered - (ranks - 1) / many).max()))
    scaled = (math.sqrt(many) + 0.12 + 0.11 / math.sqrt(many)) * apart
    return min(2 * sum((-1) ** (step - 1) * math.exp(-2 * step**2 * scaled**2) for step in range(1, 101)), 1.0)


def spend(generator: np.random.Generator, runs: int, share: float, factor: float = 1.0) -> npt.NDArray[np.int64]:
    """Minor units per member of many campaigns: most buy nothing, baskets are log-normal."""
    buys = generator.random((runs, MEMBERS)) < share
    return np.where(buys, np.rint(np.exp(generator.normal(9, 0.7, (runs, MEMBERS))) * factor), 0).astype(np.int64)


def mean_of(values: npt.NDArray[np.int64]) -> Measure:
    found = measured(moments_of(values))
    assert found is not None
    return found


def held(found: list[Effect | None], truth: float) -> float:
    return float(np.mean([effect is not None and effect.low <= truth <= effect.high for effect in found]))


class TestNegativeControl:
    def test_p_of_an_a_a_experiment_is_uniform(self) -> None:
        generator = np.random.default_rng(11)
        arms = [[mean_of(values) for values in spend(generator, RUNS, 0.1)] for _ in range(2)]
        found = [difference(one, other, ONCE) for one, other in zip(*arms, strict=True)]
        p_values = [effect.p for effect in found if effect]
        assert len(p_values) == RUNS
        assert kolmogorov(p_values) > 0.01
        assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.021)

    def test_the_judge_of_uniformity_knows_what_is_not(self) -> None:
        generator = np.random.default_rng(12)
        assert kolmogorov(list(generator.random(1_000))) > 0.01
        assert kolmogorov(list(generator.random(1_000) ** 1.3)) < 0.001

    def test_a_sound_split_is_blocked_once_in_a_thousand(self) -> None:
        generator = np.random.default_rng(13)
        counts = generator.multinomial(9_000, [0.5, 0.25, 0.25], size=20_000)
        blocked = np.mean([balance(row, (2, 1, 1)).is_blocked for row in counts.tolist()])
        assert blocked == pytest.approx(0.001, abs=0.0007)

    def test_a_daily_look_at_the_split_for_two_months_hardly_ever_blocks_a_sound_one(self) -> None:
        generator = np.random.default_rng(14)
        days = np.cumsum(generator.binomial(200, 0.5, size=(1_000, 60)), axis=1)
        blocked = [
            any(balance((int(one), 200 * day - int(one)), (1, 1)).is_blocked for day, one in enumerate(row, start=1)) for row in days
        ]
        assert np.mean(blocked) < 0.025


class TestCoverage:
    def test_of_the_lift_of_spend(self) -> None:
        generator = np.random.default_rng(21)
        control, treated = spend(generator, RUNS, 0.2), spend(generator, RUNS, 0.24, 1.05)
        for method in (lift, relative):
            found = [method(mean_of(one), mean_of(other), ONCE) for one, other in zip(control, treated, strict=True)]
            assert 0.93 <= held(found, 1.2 * 1.05 - 1) <= 0.97

    def test_of_the_difference_of_spend_per_member(self) -> None:
        generator = np.random.default_rng(22)
        control, treated = spend(generator, RUNS, 0.2), spend(generator, RUNS, 0.24)
        found = [difference(mean_of(one), mean_of(other), ONCE) for one, other in zip(control, treated, strict=True)]
        assert 0.93 <= held(found, 0.04 * math.exp(9 + 0.7**2 / 2)) <= 0.97

    def test_of_the_lift_of_a_share(self) -> None:
        counts = np.random.default_rng(23).binomial(2_000, [[0.05, 0.06]] * RUNS).tolist()
        measures = [[Measure(2_000, count / 2_000, count / 2_000 * (1 - count / 2_000)) for count in row] for row in counts]
        assert 0.93 <= held([lift(one, other, ONCE) for one, other in measures], 0.2) <= 0.97
        assert 0.93 <= held([relative(one, other, ONCE) for one, other in measures], 0.2) <= 0.97

    def test_of_the_lift_of_a_ratio_whose_units_are_not_its_parts(self) -> None:
        # Orders of one member resemble each other, so that an interval over orders would be far too narrow.
        generator = np.random.default_rng(24)

        def average_order(factor: float) -> Measure:
            orders = generator.poisson(1.5, 800)
            baskets = np.rint(np.exp(generator.normal(8, 0.5, 800)) * factor).astype(np.int64)
            found = ratio(RatioMoments(moments_of(orders * baskets), moments_of(orders), int((orders * orders * baskets).sum())))
            assert found is not None
            return found

        found = [lift(average_order(1), average_order(1.1), ONCE) for _ in range(RUNS)]
        assert 0.93 <= held(found, 0.1) <= 0.97

    def test_after_covariates_it_holds_and_is_narrower(self) -> None:
        generator = np.random.default_rng(25)

        def arm(effect: float) -> tuple[_Column, _Column]:
            before = generator.exponential(size=400)
            return 2 + effect + 0.8 * before + 0.6 * generator.normal(size=400), before

        found, plain = [], []
        for _ in range(RUNS):
            arms = [arm(0), arm(0.1)]
            found.append(difference(*adjusted([summed(outcome, [before]) for outcome, before in arms]).measures, ONCE))
            plain.append(difference(*[Measure(400, float(outcome.mean()), float(outcome.var(ddof=1))) for outcome, _ in arms], ONCE))
        assert 0.93 <= held(found, 0.1) <= 0.97
        widths = [np.mean([effect.high - effect.low for effect in effects if effect]) for effects in (found, plain)]
        assert (widths[0] / widths[1]) ** 2 == pytest.approx(1 - 0.64, abs=0.02)


class TestAnyDay:
    def test_thirty_daily_looks_at_real_spend_are_rarely_wrong(self) -> None:
        # Skewed, rare and with an estimated variance: 4 % buy, 50 members per arm come every day.
        generator = np.random.default_rng(31)
        control, treated = spend(generator, 400, 0.04), spend(generator, 400, 0.04)
        arms = [(np.cumsum(values, axis=1), np.cumsum(values.astype(np.float64) ** 2, axis=1)) for values in (control, treated)]
        wrong = {ONCE: 0, DAILY: 0}
        for run in range(400):
            for terms in wrong:
                wrong[terms] += any(self._is_wrong(arms, run, units, terms) for units in range(50, MEMBERS + 1, 50))
        assert wrong[DAILY] / 400 < 0.05
        # The same looks with intervals for one look.
        assert wrong[ONCE] / 400 > 0.15

    @staticmethod
    def _is_wrong(arms: list[tuple[npt.NDArray[np.int64], _Column]], run: int, units: int, terms: Terms) -> bool:
        measures = []
        for totals, squares in arms:
            total = float(totals[run, units - 1])
            measures.append(Measure(units, total / units, (float(squares[run, units - 1]) - total**2 / units) / (units - 1)))
        found = difference(measures[0], measures[1], terms)
        return found is not None and not found.low <= 0 <= found.high
