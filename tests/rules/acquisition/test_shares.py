"""Intervals against the published ones of Newcombe (Statistics in Medicine 17, 1998), and what must hold of any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.acquisition.rules import shares


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_one_share_as_in_table_1(count: int, total: int, low: float, high: float) -> None:
    found = shares.share(count, total)
    assert (round(found.low or 0, 4), round(found.high or 0, 4)) == (low, high)


@pytest.mark.parametrize(
    ("new", "base", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_a_difference_as_in_table_2(new: tuple[int, int], base: tuple[int, int], low: float, high: float) -> None:
    found = shares.difference(*new, *base)
    assert (round(found.low or 0, 4), round(found.high or 0, 4)) == (low, high)


counted = st.integers(1, 5_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@given(counted, counted)
def test_an_estimate_lies_in_its_interval(new: tuple[int, int], base: tuple[int, int]) -> None:
    one, gap, lift = shares.share(*new), shares.difference(*new, *base), shares.lift(*new, *base)
    assert 0 <= (one.low or 0) <= one.estimate <= (one.high or 0) <= 1
    assert gap.low is not None
    assert gap.high is not None
    assert gap.low - 1e-12 <= gap.estimate <= gap.high + 1e-12
    if lift is None:
        assert base[0] == 0
    else:
        assert lift.low is None or lift.low <= lift.estimate + 1e-9
        assert lift.high is None or lift.high >= lift.estimate - 1e-9


def test_a_lift_says_what_the_difference_says() -> None:
    sure, unsure = shares.lift(120, 1_000, 60, 1_000), shares.lift(62, 1_000, 60, 1_000)
    assert sure is not None
    assert unsure is not None
    assert (round(sure.estimate, 3), (sure.low or 0) > 0.4) == (1.0, True)
    assert (unsure.low or 0) < 0 < (unsure.high or 0)


def test_of_nothing_everything_is_possible() -> None:
    assert shares.share(0, 0) == shares.Interval(0.0, 0.0, 1.0)
    assert shares.lift(1, 2, 0, 5) is None
