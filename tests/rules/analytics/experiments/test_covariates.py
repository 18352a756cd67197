"""CUPED from sums: variance × (1 − ρ²), the same as the regression on all units, and never a different effect."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.analytics.contracts.experiments import CovariateMoments, Terms
from wellspring.analytics.rules.experiments.covariates import adjusted, summed
from wellspring.analytics.rules.experiments.effects import difference


def drawn(rho: float, *, units: int = 4_000, effect: float = 0.0, seed: int = 1) -> list[tuple[np.ndarray, np.ndarray]]:
    """(outcome, covariate) of a control and of a treated arm, correlated by rho."""
    generator = np.random.default_rng(seed)
    found = []
    for shift in (0.0, effect):
        before = generator.normal(size=units)
        noise = generator.normal(size=units)
        found.append((10 + shift + rho * before + np.sqrt(1 - rho**2) * noise, before))
    return found


@given(st.floats(-0.99, 0.99))
def test_variance_shrinks_by_what_the_covariate_explains(rho: float) -> None:
    arms = drawn(rho, units=500)
    within = [np.concatenate([column - column.mean() for column in columns]) for columns in zip(*arms, strict=True)]
    correlation = np.corrcoef(*within)[0, 1]
    found = adjusted([summed(outcome, [before]) for outcome, before in arms])
    plain = sum(outcome.var(ddof=1) for outcome, _ in arms)
    assert sum(measure.variance for measure in found.measures) == pytest.approx(plain * (1 - correlation**2), rel=1e-9)
    assert found.explained == pytest.approx(correlation**2, abs=1e-9)


def test_half_the_variance_as_bing_found() -> None:
    found = adjusted([summed(outcome, [before]) for outcome, before in drawn(np.sqrt(0.5))])
    assert found.explained == pytest.approx(0.5, abs=0.02)


def test_the_effect_is_that_of_the_regression_on_all_units() -> None:
    generator = np.random.default_rng(3)
    units = 700
    treated = generator.integers(0, 2, units)
    before = generator.normal(size=(units, 3)) * [1, 50, 0.01]
    outcome = 5 + 0.4 * treated + before @ [0.5, -0.02, 40] + generator.normal(size=units)
    found = adjusted([summed(outcome[treated == arm], list(before[treated == arm].T)) for arm in (0, 1)])
    design = np.column_stack([np.ones(units), treated, before])
    coefficients = np.linalg.lstsq(design, outcome, rcond=None)[0]
    assert found.measures[1].mean - found.measures[0].mean == pytest.approx(coefficients[1], rel=1e-9)
    assert found.coefficients == pytest.approx(tuple(coefficients[2:]), rel=1e-9)


def test_an_effect_that_was_hidden_is_seen() -> None:
    arms = drawn(0.9, units=1_000, effect=0.08, seed=4)
    with_it = adjusted([summed(outcome, [before]) for outcome, before in arms]).measures
    without = adjusted([summed(outcome, [np.zeros(len(outcome))]) for outcome, _ in arms]).measures
    terms = Terms(tuned_units=None)
    found, plain = difference(*with_it, terms), difference(*without, terms)
    assert found is not None
    assert plain is not None
    assert found.low > 0
    assert plain.low < 0
    assert (found.high - found.low) / (plain.high - plain.low) == pytest.approx(np.sqrt(1 - 0.81), abs=0.02)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e9])
def test_a_covariate_that_never_varies_changes_nothing(constant: float) -> None:
    arms = drawn(0.5, units=300)
    found = adjusted([summed(outcome, [np.full(len(outcome), constant)]) for outcome, _ in arms])
    assert [measure.mean for measure in found.measures] == pytest.approx([float(outcome.mean()) for outcome, _ in arms], rel=1e-12)
    assert found.explained == 0
    assert found.coefficients == (0,)


def test_the_same_covariate_twice_is_as_good_as_once() -> None:
    arms = drawn(0.7, units=300)
    once = adjusted([summed(outcome, [before]) for outcome, before in arms])
    twice = adjusted([summed(outcome, [before, 3 * before]) for outcome, before in arms])
    assert [(one.mean, one.variance) for one in twice.measures] == [
        pytest.approx((other.mean, other.variance), rel=1e-9) for other in once.measures
    ]


def test_sums_in_whole_numbers_stay_exact() -> None:
    # Amounts far from 0 with a spread of 1: floats of the squares would have lost it all.
    base = 10**12
    values = [(base + step % 3, base + step % 2) for step in range(60)]
    outcome, before = zip(*values, strict=True)
    products = ((sum(a * a for a in outcome), sum(a * b for a, b in values)), (sum(a * b for a, b in values), sum(b * b for b in before)))
    arm = CovariateMoments(60, (sum(outcome), sum(before)), products)
    found = adjusted([arm, arm])
    assert found.measures[0].variance == pytest.approx(float(np.var([step % 3 for step in range(60)], ddof=1)), rel=1e-12)


def test_an_outcome_that_never_varies_has_nothing_to_explain() -> None:
    found = adjusted([summed([2.0, 2.0, 2.0], [[1.0, 5.0, 3.0]])] * 2)
    assert found.explained == 0
    assert [measure.variance for measure in found.measures] == [0, 0]


@pytest.mark.parametrize(
    "arms",
    [
        [summed([1.0, 2.0], [[1.0, 2.0]]), summed([1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]])],
        [summed([1.0, 2.0], [])],
        [summed([1.0], [[1.0]])],
        [summed([1.0, 2.0], [[1.0, 2.0]] * 21)],
        [CovariateMoments(2, (1, 2), ((1, 2),))],
    ],
)
def test_arms_that_cannot_be_adjusted_together_are_refused(arms: list[CovariateMoments]) -> None:
    with pytest.raises(ValueError, match="covariates"):
        adjusted(arms)
