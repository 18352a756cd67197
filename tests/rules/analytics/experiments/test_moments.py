"""From sums to means, shares and ratios, exact where the values are whole numbers."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.analytics.contracts.experiments import Measure, Moments, RatioMoments
from wellspring.analytics.rules.experiments.moments import counted, covariance, measured, ratio, summed

CENTS = st.lists(st.integers(-(10**9), 10**12), min_size=2, max_size=30)


class TestMeans:
    @given(CENTS)
    def test_whole_numbers_are_exact(self, cents: list[int]) -> None:
        found = summed(np.array(cents))
        assert found == Moments(len(cents), sum(cents), sum(cent * cent for cent in cents))
        measure = measured(found)
        assert measure is not None
        assert measure.mean == sum(cents) / len(cents)
        assert measure.variance == pytest.approx(float(statistics.variance(cents)), rel=1e-14)

    def test_squares_of_large_orders_do_not_overflow(self) -> None:
        # Two million orders of 90 million yuan each: the sum of squares has 26 digits.
        found = summed(np.full(2_000_000, 9 * 10**9))
        assert found.squares == 2_000_000 * 81 * 10**18
        assert measured(found) == Measure(2_000_000, 9e9, 0)

    @given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
    def test_other_numbers_are_nearly_so(self, values: list[float]) -> None:
        measure = measured(summed(values))
        assert measure is not None
        assert measure.mean == pytest.approx(statistics.fmean(values), abs=1e-9)
        assert measure.variance == pytest.approx(statistics.variance(values), rel=1e-6, abs=1e-3)

    def test_e10_what_is_above_the_cap_counts_as_the_cap(self) -> None:
        assert summed(np.array([5, 900, -700]), cap=100) == summed(np.array([5, 100, -100]))
        assert summed(np.array([5, 900], dtype=np.uint32), cap=100) == summed(np.array([5, 100]))
        assert summed([5.5, 900.0], cap=99.5) == summed([5.5, 99.5])

    def test_of_nobody_there_is_no_mean_and_of_one_no_variance(self) -> None:
        assert measured(Moments(0, 0, 0)) is None
        assert measured(Moments(1, 7, 49)) == Measure(1, 7, 0)

    def test_a_missing_value_is_refused(self) -> None:
        with pytest.raises(ValueError, match="done nothing"):
            summed([1.0, float("nan")])


class TestShares:
    def test_is_the_mean_of_zeros_and_ones(self) -> None:
        assert counted(5, 2) == summed(np.array([1, 0, 1, 0, 0])) == summed(np.array([True, False, True, False, False]))

    @pytest.mark.parametrize(("units", "count"), [(5, 6), (5, -1)])
    def test_more_than_all_are_refused(self, units: int, count: int) -> None:
        with pytest.raises(ValueError, match="all units"):
            counted(units, count)


class TestRatios:
    def test_is_one_sum_over_the_other_with_the_variance_of_the_linearised_unit(self) -> None:
        generator = np.random.default_rng(5)
        orders = generator.poisson(2, 500)
        revenue = orders * generator.integers(1_000, 9_000, 500)
        found = ratio(RatioMoments(summed(revenue), summed(orders), int(revenue @ orders)))
        assert found is not None
        assert found.mean == revenue.sum() / orders.sum()
        by_unit = (revenue - found.mean * orders) / orders.mean()
        assert found.variance == pytest.approx(by_unit.var(ddof=1), rel=1e-9)

    def test_over_a_constant_it_is_a_mean(self) -> None:
        values = np.array([3, 4, 8, 1])
        assert ratio(RatioMoments(summed(values), summed(np.ones(4, dtype=int)), int(values.sum()))) == measured(summed(values))

    def test_over_nothing_there_is_none(self) -> None:
        assert ratio(RatioMoments(Moments(3, 5, 9), Moments(3, 0, 0), 0)) is None
        assert ratio(RatioMoments(Moments(0, 0, 0), Moments(0, 0, 0), 0)) is None

    def test_of_different_units_is_refused(self) -> None:
        with pytest.raises(ValueError, match="same units"):
            ratio(RatioMoments(Moments(3, 5, 9), Moments(2, 5, 13), 0))

    def test_one_unit_has_no_covariance(self) -> None:
        assert covariance(1, 3, 4, 12) == 0
