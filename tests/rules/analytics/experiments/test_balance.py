"""Sample ratio mismatch: the published examples, and what is blocked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.analytics.rules.experiments.balance import balance


@pytest.mark.parametrize(
    ("counts", "p", "is_blocked"),
    # The SRM FAQ's examples; of the last it prints 2.2e-16, which is where R stops printing.
    [((502, 498), 0.8993, False), ((600, 400), 2.5e-10, True), ((9463, 7681), 3.5e-42, True)],
)
def test_the_published_examples(counts: tuple[int, int], p: float, is_blocked: bool) -> None:
    found = balance(counts, (1, 1))
    assert found.p == pytest.approx(p, rel=0.02)
    assert found.is_blocked is is_blocked


def test_i32_the_threshold_is_one_in_a_thousand() -> None:
    # 10.83 is the quantile of chi-squared with one degree of freedom at 0.001: 52 and 53 apart of 1,000.
    assert not balance((552, 448), (1, 1)).is_blocked
    assert balance((553, 447), (1, 1)).is_blocked


def test_weights_say_what_is_expected() -> None:
    found = balance((801, 99, 100), (8, 1, 1))
    assert found.expected == (800, 100, 100)
    assert found.p == pytest.approx(0.9943, abs=1e-4)


def test_nobody_fits_and_one_arm_always_does() -> None:
    assert balance((0, 0), (1, 1)).p == balance((7,), (3,)).p == 1


def test_an_arm_without_a_share_must_stay_empty() -> None:
    assert balance((10, 0), (1, 0)).p == 1
    assert balance((10_000, 1), (1, 0)).is_blocked


@given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(1, 9)), min_size=2, max_size=6), st.integers(2, 5))
def test_neither_the_order_of_arms_nor_the_unit_of_weights_matters(arms: list[tuple[int, int]], times: int) -> None:
    counts, weights = zip(*arms, strict=True)
    found = balance(counts, weights).p
    assert balance(counts[::-1], [weight * times for weight in weights[::-1]]).p == pytest.approx(found, rel=1e-9)


@pytest.mark.parametrize(("counts", "weights"), [((1,), (1, 1)), ((), ()), ((1, -1), (1, 1)), ((1, 1), (1, -1)), ((1, 1), (0, 0))])
def test_what_is_no_split_is_refused(counts: tuple[int, ...], weights: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="every arm"):
        balance(counts, weights)
