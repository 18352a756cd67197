"""Benjamini and Hochberg's own example, and what a league promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.analytics.contracts.experiments import Effect, Tried
from wellspring.analytics.rules.experiments.distributions import normal_both
from wellspring.analytics.rules.experiments.league import league, q_values

# Table 1 of the paper: 15 comparisons of thrombolysis; at 0.05 the procedure finds four, Bonferroni three.
PUBLISHED = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
P_VALUES = st.lists(st.floats(0, 1), max_size=20)


def tried(name: str, value: float, p: float) -> Tried:
    return Tried(name, Effect(value, 1, value - 1, value + 1, p))


def test_the_papers_example_finds_four() -> None:
    found = q_values(PUBLISHED)
    assert sum(q <= 0.05 for q in found) == 4
    assert found[:5] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625, 0.0603])


@given(P_VALUES, st.floats(0.001, 0.5))
def test_finds_what_stepping_up_finds(p_values: list[float], rate: float) -> None:
    many = len(p_values)
    ranks = [rank for rank, p in enumerate(sorted(p_values), start=1) if p * (many / rank) <= rate]
    bar = sorted(p_values)[ranks[-1] - 1] if ranks else -1.0
    assert [q <= rate for q in q_values(p_values)] == [p <= bar for p in p_values]


@given(P_VALUES)
def test_q_is_between_p_and_1_and_in_the_order_of_p(p_values: list[float]) -> None:
    found = q_values(p_values)
    assert all(p <= q <= 1 for p, q in zip(p_values, found, strict=True))
    assert [q for _, q in sorted(zip(p_values, found, strict=True))] == sorted(found)


def test_findings_first_by_size_and_then_the_nearest() -> None:
    found = league(
        [tried("dull", 9, 0.6), tried("small", 0.1, 0.001), tried("bad", -0.4, 0.002), tried("big", 0.8, 0.01), tried("near", 1, 0.3)]
    )
    assert [(one.name, one.is_found) for one in found] == [("big", True), ("small", True), ("bad", True), ("near", False), ("dull", False)]


def test_of_findings_few_are_chance() -> None:
    # 400 leagues of 40 things tried, 10 of which work: the share of chance among findings is at most 0.1 · 30/40 on average.
    generator = np.random.default_rng(8)
    shares = []
    for _ in range(400):
        z = generator.normal(size=40)
        z[:10] += 3.5
        found = [q <= 0.1 for q in q_values([normal_both(float(one)) for one in z])]
        shares.append(sum(found[10:]) / max(sum(found), 1))
    assert 0.05 < float(np.mean(shares)) < 0.09


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_what_is_no_p_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        q_values([0.5, p])


def test_nothing_tried_is_an_empty_league() -> None:
    assert league([]) == []
