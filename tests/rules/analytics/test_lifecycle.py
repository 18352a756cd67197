"""The own rhythm: few intervals lean on the brand's, many stand for themselves, and silence is counted in cycles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.analytics.rules.lifecycle import CYCLE_DAYS_MIN, SECOND_SHARES, STAGES, Rhythm, cycle_of, rhythm, shrunk, stage_of

BRAND = Rhythm(60, (50, 100, 200), 1000)


def test_shares_are_the_chances_of_a_silence_of_two_and_four_cycles() -> None:
    assert SECOND_SHARES == (0.5, 0.75, 0.9375)
    assert [choice.value for choice in STAGES] == ["new", "first", "repeat", "sleeping", "lost"]


def test_a_few_intervals_lean_on_the_brand() -> None:
    assert shrunk(30, 0, 60) == 60
    assert shrunk(30, 3, 60) == pytest.approx((30 * 60) ** 0.5)
    assert shrunk(30, 300, 60) == pytest.approx(30, rel=0.01)


@given(st.floats(1, 400), st.integers(1, 100), st.floats(7, 400))
def test_the_shrunk_cycle_lies_between_the_own_and_the_brand_s(own: float, count: int, prior: float) -> None:
    low, high = sorted((own, prior))
    assert low * 0.999 <= shrunk(own, count, prior) <= high * 1.001


@pytest.mark.parametrize(
    ("intervals", "silent", "stage"),
    [
        (0, 100, "first"),
        (0, 100.5, "sleeping"),
        (0, 200, "sleeping"),
        (0, 201, "lost"),
        (5, 119, "repeat"),
        (5, 121, "sleeping"),
        (5, 239, "sleeping"),
        (5, 241, "lost"),
    ],
)
def test_stages(intervals: int, silent: float, stage: str) -> None:
    assert stage_of(60, intervals, silent, BRAND) == stage


def test_nobody_sleeps_within_a_week() -> None:
    assert cycle_of(1, 1000, BRAND) == CYCLE_DAYS_MIN
    assert stage_of(1, 1000, 13, BRAND) == "repeat"


def test_a_young_brand_assumes() -> None:
    assert rhythm(cycle_days=3, second_days=(1, 2, 3), repeaters=29, assumed_days=60) == Rhythm(60, (60, 120, 240), 29)
    assert rhythm(cycle_days=3, second_days=(1, 2, 3), repeaters=30, assumed_days=60) == Rhythm(7, (7, 7, 7), 30)


def test_the_expected_second_purchase_of_one_time_buyers() -> None:
    assert cycle_of(0, 0, BRAND) == 50
