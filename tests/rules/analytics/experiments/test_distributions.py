"""Tails and quantiles against printed tables, scipy 1.17 and each other."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.analytics.rules.experiments.distributions import chi_squared_above, normal_both, student_beyond, student_both


class TestStudent:
    @pytest.mark.parametrize(
        ("degrees", "expected"),
        # Abramowitz and Stegun, table 26.10, the column of 0.95 between −t and t.
        [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (20, 2.086), (30, 2.042), (40, 2.021), (60, 2.0003), (120, 1.980)],
    )
    def test_the_printed_quantiles(self, degrees: int, expected: float) -> None:
        assert student_beyond(0.05, degrees) == pytest.approx(expected, abs=5.1e-4)

    @pytest.mark.parametrize(
        ("t", "degrees", "expected"),
        [
            (2.3, 4.7, 0.07312052300953756),
            (1.96, 29.3, 0.05956779863320558),
            (0.3, 0.5, 0.8448591521304909),
            (1.8673, 5800.3, 0.06191010713213081),
            (10.0, 100.0, 9.90168898459413e-17),
            (0.5, 1e7, 0.6170750884540148),
        ],
    )
    def test_tails_as_scipy_has_them(self, t: float, degrees: float, expected: float) -> None:
        assert student_both(t, degrees) == pytest.approx(expected, rel=3e-9)

    @given(st.floats(0.01, 50))
    def test_one_and_two_degrees_have_closed_forms(self, t: float) -> None:
        assert student_both(t, 1) == pytest.approx(1 - 2 / math.pi * math.atan(t), abs=1e-13)
        assert student_both(t, 2) == pytest.approx(1 - t / math.sqrt(2 + t * t), abs=1e-13)

    @given(st.floats(1e-9, 0.999), st.floats(1, 1e6))
    def test_the_quantile_is_the_inverse_of_the_tail(self, alpha: float, degrees: float) -> None:
        assert student_both(student_beyond(alpha, degrees), degrees) == pytest.approx(alpha, rel=1e-8)

    @given(st.floats(0, 20))
    def test_both_ways_of_computing_meet_where_one_takes_over(self, t: float) -> None:
        assert student_both(t, 59.999999) == pytest.approx(student_both(t, 60), rel=2e-6, abs=1e-15)

    def test_nothing_is_further_than_0_and_everything_is_without_bounds(self) -> None:
        assert student_both(0, 5) == student_both(0, 500) == 1
        assert student_both(math.inf, 5) == 0


class TestNormal:
    @given(st.floats(-6, 6))
    def test_as_the_standard_library(self, z: float) -> None:
        assert normal_both(z) == pytest.approx(2 * statistics.NormalDist().cdf(-abs(z)), abs=1e-15)


class TestChiSquared:
    @pytest.mark.parametrize(
        ("degrees", "expected"),
        # Abramowitz and Stegun, table 26.8, the column of Q = 0.05.
        [(1, 3.84146), (2, 5.99147), (3, 7.81473), (4, 9.48773), (5, 11.0705), (10, 18.3070), (19, 30.1435)],
    )
    def test_the_printed_quantiles(self, degrees: int, expected: float) -> None:
        assert chi_squared_above(expected, degrees) == pytest.approx(0.05, abs=2e-6)

    @given(st.integers(1, 19))
    def test_everything_is_above_nothing(self, degrees: int) -> None:
        assert chi_squared_above(0, degrees) == 1

    @given(st.floats(2, 30), st.floats(0.01, 5), st.integers(1, 18))
    def test_falls_with_the_value_and_grows_with_the_degrees(self, value: float, more: float, degrees: int) -> None:
        assert chi_squared_above(value + more, degrees) < chi_squared_above(value, degrees) <= chi_squared_above(value, degrees + 1)
