"""An experiment's answer: blocked, open, better or worse; who wins; what it brought."""

import dataclasses

import pytest

from wellspring.analytics.contracts.experiments import Effect, Measure, Reading, Terms, Verdict
from wellspring.analytics.rules.experiments import effects
from wellspring.analytics.rules.experiments.moments import counted, measured
from wellspring.analytics.rules.experiments.reading import incremental, read

ONCE = Terms(tuned_units=None)


def of_shares(*counts: int, terms: Terms = ONCE, is_matured: bool = True, units: int = 10_000) -> Reading:
    measures = [measured(counted(units, count)) for count in counts]
    return read(measures, counts=[units] * len(counts), weights=[1] * len(counts), terms=terms, is_matured=is_matured)


class TestVerdicts:
    def test_better_and_worse_beside_the_control(self) -> None:
        found = of_shares(500, 600, 400, 505)
        assert [arm.verdict for arm in found.arms] == [Verdict.OPEN, Verdict.BETTER, Verdict.WORSE, Verdict.OPEN]
        assert [arm.lift.value for arm in found.arms if arm.lift] == pytest.approx([0.2, -0.2, 0.01])

    def test_fewer_complaints_are_better_where_more_is_worse(self) -> None:
        found = of_shares(500, 600, 400, terms=dataclasses.replace(ONCE, is_more_better=False))
        assert [arm.verdict for arm in found.arms[1:]] == [Verdict.WORSE, Verdict.BETTER]
        assert found.winner == 2

    def test_alpha_is_shared_among_the_arms(self) -> None:
        alone, among = of_shares(500, 570), of_shares(500, 570, 500, 500)
        assert alone.arms[1].verdict is Verdict.BETTER
        assert among.arms[1].verdict is Verdict.OPEN
        assert among.arms[1].difference is not None
        assert alone.arms[1].difference is not None
        assert among.arms[1].difference.low < 0 < alone.arms[1].difference.low

    def test_an_arm_without_anybody_stays_open(self) -> None:
        found = read([Measure(9, 1, 1), None], counts=[9, 0], weights=[100, 1], terms=ONCE, is_matured=True)
        assert found.arms[1].verdict is Verdict.OPEN
        assert found.arms[1].difference is found.winner is None

    def test_the_terms_of_daily_looks_are_wider(self) -> None:
        assert of_shares(500, 565).arms[1].verdict is Verdict.BETTER
        assert of_shares(500, 565, terms=Terms()).arms[1].verdict is Verdict.OPEN


class TestBlocked:
    def test_i32_e05_a_mismatch_withholds_everything_but_the_counts(self) -> None:
        measures = [Measure(9463, 1, 1), Measure(7681, 5, 1)]
        found = read(measures, counts=[9463, 7681], weights=[1, 1], terms=ONCE, is_matured=True)
        assert found.balance.is_blocked
        assert found.balance.counts == (9463, 7681)
        assert [(arm.measure, arm.difference, arm.lift, arm.verdict) for arm in found.arms] == [(None, None, None, Verdict.BLOCKED)] * 2
        assert found.winner is None

    def test_different_lengths_are_refused(self) -> None:
        with pytest.raises(ValueError, match="every arm"):
            read([Measure(9, 1, 1)], counts=[9, 9], weights=[1, 1], terms=ONCE, is_matured=True)


class TestWinner:
    def test_beats_the_control_and_every_other_arm(self) -> None:
        assert of_shares(500, 600, 750).winner == 2

    def test_e08_a_tie_has_none(self) -> None:
        assert of_shares(500, 745, 750).winner is None
        assert of_shares(500, 510).winner is None

    def test_e08_waits_for_complete_outcomes(self) -> None:
        assert of_shares(500, 750, is_matured=False).winner is None
        assert of_shares(500, 750, is_matured=False).arms[1].verdict is Verdict.BETTER

    def test_may_be_the_control(self) -> None:
        assert of_shares(750, 600, 500).winner == 0

    def test_one_arm_alone_wins_nothing(self) -> None:
        assert of_shares(500).winner is None


class TestIncremental:
    def test_per_unit_and_in_total(self) -> None:
        found = effects.difference(Measure(20_000, 1_000, 4e6), Measure(20_000, 1_100, 4e6), ONCE)
        assert found is not None
        brought = incremental(found, 20_000)
        assert brought.per_unit_minor == found
        assert brought.total_minor == 2_000_000
        # ±1.96 · √(2 · 4e6 / 20,000) = 39.2 minor units per member.
        assert (brought.low_minor, brought.high_minor) == pytest.approx((1_215_972, 2_784_028), abs=50)

    def test_rounds_to_whole_minor_units(self) -> None:
        brought = incremental(Effect(0.1, 1, -1.23, 1.43, 0.9), 3)
        assert (brought.low_minor, brought.total_minor, brought.high_minor) == (-4, 0, 4)
