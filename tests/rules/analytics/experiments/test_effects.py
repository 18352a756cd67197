"""Differences and lifts against GrowthBook's published tests; looking once, looking daily, and the trap between them."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.analytics.contracts.experiments import Measure, Terms
from wellspring.analytics.rules.experiments.effects import any_day_p, any_day_width, difference, lift, relative, welch_degrees

ONCE, DAILY = Terms(tuned_units=None), Terms()
CONTROL, TREATED = Measure(3407, 0.41, 3.9**2), Measure(3461, 0.7, 6.2**2)
RUNS = 20_000

MEASURES = st.builds(Measure, st.integers(2, 10**6), st.floats(0.01, 100), st.floats(0.001, 10_000))


class TestOnce:
    def test_growthbook_relative(self) -> None:
        found = lift(CONTROL, TREATED, ONCE)
        assert found is not None
        assert (found.value, found.deviation) == pytest.approx((0.70732, 0.37879), abs=5e-6)
        assert (found.low, found.high) == pytest.approx((-0.03526, 1.44989), abs=5e-6)
        assert found.p == pytest.approx(0.06191, abs=5e-6)

    def test_growthbook_absolute(self) -> None:
        # Of GrowthBook's later test of the same numbers, gbstats/tests/frequentist.
        found = difference(CONTROL, TREATED, ONCE)
        assert found is not None
        assert (found.value, found.low, found.high) == pytest.approx((0.29, 0.04538, 0.53462), abs=5e-6)
        assert found.p == pytest.approx(0.02016, abs=5e-6)

    def test_welch_on_students_own_sleep(self) -> None:
        # Student 1908, the ten and ten patients, as R prints t.test(extra ~ group): t 1.8608, df 17.776, p 0.07939.
        one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
        two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
        control, treated = (Measure(10, float(np.mean(values)), float(np.var(values, ddof=1))) for values in (one, two))
        found = difference(control, treated, ONCE)
        assert found is not None
        assert welch_degrees(control, treated) == pytest.approx(17.776, abs=5e-4)
        assert found.p == pytest.approx(0.07939, abs=5e-6)
        assert (found.low, found.high) == pytest.approx((-0.2054832, 3.3654832), abs=5e-7)


class TestAlways:
    @given(MEASURES, MEASURES, st.sampled_from([ONCE, DAILY, Terms(alpha=0.1, comparisons=3)]))
    def test_p_and_interval_say_the_same(self, control: Measure, treated: Measure, terms: Terms) -> None:
        for found in (difference(control, treated, terms), lift(control, treated, terms)):
            assert found is not None
            assert found.low < found.value < found.high
            assert 0 <= found.p <= 1
            edge = min(abs(found.low), abs(found.high)) / found.deviation
            if edge > 1e-6:
                assert (found.p < terms.alpha / terms.comparisons) == (not found.low <= 0 <= found.high)

    @given(MEASURES, MEASURES, st.floats(0.1, 50))
    def test_another_unit_of_money_changes_the_difference_and_no_lift(self, control: Measure, treated: Measure, rate: float) -> None:
        scaled = [Measure(one.units, one.mean * rate, one.variance * rate**2) for one in (control, treated)]
        apart, there = difference(control, treated, DAILY), difference(*scaled, DAILY)
        relative, here = lift(control, treated, DAILY), lift(*scaled, DAILY)
        assert apart is not None
        assert there is not None
        assert relative is not None
        assert here is not None
        assert (there.low, there.high) == pytest.approx((apart.low * rate, apart.high * rate), rel=1e-6, abs=1e-9)
        assert (here.low, here.high) == pytest.approx((relative.low, relative.high), rel=1e-6, abs=1e-9)

    @pytest.mark.parametrize("terms", [ONCE, DAILY])
    def test_nothing_can_be_said_of_one_unit_or_where_nothing_varied(self, terms: Terms) -> None:
        assert difference(Measure(1, 0.4, 0), TREATED, terms) is None
        assert lift(CONTROL, Measure(1, 0.4, 0), terms) is None
        assert difference(Measure(9, 0, 0), Measure(9, 0, 0), terms) is None

    @pytest.mark.parametrize("base", [0, -0.4])
    def test_nothing_is_a_share_of_nothing_or_of_a_loss(self, base: float) -> None:
        assert lift(Measure(100, base, 4), TREATED, DAILY) is None
        assert difference(Measure(100, base, 4), TREATED, DAILY) is not None

    @pytest.mark.parametrize("terms", [{"alpha": 0}, {"alpha": 1}, {"comparisons": 0}, {"tuned_units": 0}])
    def test_impossible_terms_are_refused(self, terms: dict[str, float]) -> None:
        with pytest.raises(ValueError, match="alpha"):
            Terms(**terms)  # type: ignore[arg-type]

    def test_more_arms_need_wider_intervals(self) -> None:
        one, three = (lift(CONTROL, TREATED, Terms(comparisons=comparisons)) for comparisons in (1, 3))
        assert one is not None
        assert three is not None
        assert three.high - three.low > one.high - one.low


def looked_at(looks: int, per_arm: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """20,000 A/A experiments, unit variance: differences (runs × looks), and their variance and units at each look."""
    steps = np.random.default_rng(looks).normal(scale=math.sqrt(2 * per_arm), size=(RUNS, looks))
    arm = per_arm * np.arange(1, looks + 1)
    return np.cumsum(steps, axis=1) / arm, 2 / arm, 2 * arm


class TestRelative:
    @given(MEASURES, MEASURES, st.sampled_from([ONCE, DAILY, Terms(alpha=0.1, comparisons=3)]))
    def test_says_of_0_what_the_difference_says(self, control: Measure, treated: Measure, terms: Terms) -> None:
        found, apart = relative(control, treated, terms), difference(control, treated, terms)
        assert apart is not None
        if found is not None:
            assert found.p == apart.p
            assert found.low <= found.value <= found.high
            if min(abs(apart.low), abs(apart.high)) > 1e-6 * apart.deviation:
                assert (found.low > 0, found.high < 0) == (apart.low > 0, apart.high < 0)

    def test_fiellers_own_condition_holds_at_both_ends(self) -> None:
        control, treated = Measure(300, 2, 4), Measure(200, 3, 9)
        found, apart = relative(control, treated, DAILY), difference(control, treated, DAILY)
        assert found is not None
        assert apart is not None
        reach = (apart.high - apart.value) / apart.deviation
        for end in (1 + found.low, 1 + found.high):
            assert abs(3 - end * 2) / math.sqrt(9 / 200 + end**2 * 4 / 300) == pytest.approx(reach, rel=1e-9)

    def test_with_much_of_everything_it_is_the_delta_methods(self) -> None:
        control, treated = Measure(10**7, 2, 4), Measure(10**7, 2.1, 4)
        found, delta = relative(control, treated, ONCE), lift(control, treated, ONCE)
        assert found is not None
        assert delta is not None
        assert (found.value, found.deviation, found.low, found.high) == pytest.approx(
            (delta.value, delta.deviation, delta.low, delta.high), abs=1e-5
        )

    def test_of_a_control_that_may_as_well_be_0_there_is_none(self) -> None:
        assert relative(Measure(100, 0.1, 4), TREATED, ONCE) is None
        assert relative(Measure(100, -3, 4), TREATED, ONCE) is None
        assert relative(Measure(1, 3, 0), TREATED, ONCE) is None


class TestPeeking:
    @pytest.mark.parametrize(("looks", "expected"), [(5, 0.144), (10, 0.198), (20, 0.250), (40, 0.305)])
    def test_a_fixed_interval_looked_at_repeatedly_is_wrong_that_often(self, looks: int, expected: float) -> None:
        values, variance, _ = looked_at(looks, 500)
        assert (np.abs(values) > 1.96 * np.sqrt(variance)).any(axis=1).mean() == pytest.approx(expected, abs=0.012)

    @pytest.mark.parametrize(("looks", "per_arm", "expected"), [(20, 500, 0.016), (40, 250, 0.021)])
    def test_an_any_day_interval_is_wrong_less_than_promised_however_often(self, looks: int, per_arm: int, expected: float) -> None:
        values, variance, units = looked_at(looks, per_arm)
        widths = [any_day_width(float(one), int(many), alpha=0.05, tuned_units=5_000) for one, many in zip(variance, units, strict=True)]
        wrong = (np.abs(values) > widths).any(axis=1).mean()
        assert wrong == pytest.approx(expected, abs=0.004)
        assert wrong < 0.05

    def test_trap_the_formula_as_the_page_prints_it(self) -> None:
        # ln((σ²N + ρ) / (ρ + α²)) with ρ ∝ σ²N: an interval that never grows wider than one standard error.
        values, variance, units = looked_at(40, 250)
        spent = variance * units**2
        rho = 5_000 * spent / (2 * math.log(20) + math.log1p(2 * math.log(20)))
        printed = np.sqrt((spent + rho) * np.log((spent + rho) / (rho + 0.05**2))) / units
        assert (np.abs(values) > printed).any(axis=1).mean() == pytest.approx(0.91, abs=0.02)
        ours = [any_day_width(float(one), int(many), alpha=0.05, tuned_units=5_000) for one, many in zip(variance, units, strict=True)]
        assert (np.array(ours) > 2 * printed).all()

    def test_daily_looks_cost_width_and_least_at_the_tuned_size(self) -> None:
        def cost(units: int, tuned: int) -> float:
            return any_day_width(1 / units, units, alpha=0.05, tuned_units=tuned) * math.sqrt(units) / 1.96

        # √((1 + 1/c)·ln((1 + c)/α²)) / 1.96 with c = 7.936: half as wide again as an interval for one look.
        assert cost(5_000, 5_000) == pytest.approx(1.5486, abs=1e-4)
        assert cost(5_000, 5_000) < min(cost(5_000, 500), cost(5_000, 50_000))

    @given(st.floats(0.001, 10), st.floats(1e-6, 10), st.integers(2, 10**6), st.floats(0.001, 0.2))
    def test_p_is_the_level_at_which_the_mixture_ends(self, value: float, variance: float, units: int, alpha: float) -> None:
        p = any_day_p(value, variance, units, alpha=alpha, tuned_units=5_000)
        width = any_day_width(variance, units, alpha=alpha, tuned_units=5_000)
        if abs(value - width) > 1e-9 * width:
            assert (p < alpha) == (value > width)

    def test_p_of_a_difference_beyond_all_doubt_does_not_fail(self) -> None:
        assert any_day_p(100, 1e-6, 10_000, alpha=0.05, tuned_units=5_000) == 0
