"""Scores by the share of lower values, and the eleven segments that cover all 125 cells."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.analytics.rules.rfm import BY_CODE, SEGMENTS, cell_at, place_of, scores, segment_of, segments_by_place

CELLS = list(itertools.product(range(1, 6), repeat=3))


def test_every_cell_has_one_place_and_one_segment() -> None:
    assert [cell_at(place) for place in range(125)] == CELLS
    assert [place_of(*cell) for cell in CELLS] == list(range(125))
    named = segments_by_place()
    assert len(named) == 125
    assert set(named) == set(BY_CODE)
    assert len(SEGMENTS) == 11
    assert [segment_of(*cell) for cell in CELLS] == named


@pytest.mark.parametrize(
    ("cell", "segment"),
    [
        ((5, 5, 5), "champions"),
        ((5, 3, 4), "champions"),
        ((4, 5, 5), "loyal"),
        ((3, 4, 4), "loyal"),
        ((5, 1, 1), "new"),
        ((5, 1, 5), "potential"),
        ((4, 1, 1), "promising"),
        ((3, 3, 3), "attention"),
        ((3, 1, 2), "sleepy"),
        ((2, 3, 4), "risk"),
        ((1, 5, 5), "precious"),
        ((2, 5, 5), "precious"),
        ((2, 1, 1), "hibernating"),
        ((1, 1, 1), "gone"),
    ],
)
def test_segments_as_the_manual_states_them(cell: tuple[int, int, int], segment: str) -> None:
    assert segment_of(*cell) == segment


@pytest.mark.parametrize("cell", CELLS)
def test_more_purchases_or_money_never_lead_to_a_poorer_segment_of_equal_recency(cell: tuple[int, int, int]) -> None:
    recency, frequency, monetary = cell
    better = [segment_of(recency, f, m) for f in range(frequency, 6) for m in range(monetary, 6)]
    order = {code: place for place, code in enumerate(dict.fromkeys(segment_of(recency, n, n) for n in range(1, 6)))}
    assert all(order[segment_of(*cell)] <= order[one] for one in better)


def test_equal_values_have_equal_scores() -> None:
    assert scores([1, 1, 1, 2, 3]) == [1, 1, 1, 4, 5]
    assert scores([7]) == [1]
    assert scores([3, 3, 3]) == [1, 1, 1]
    assert scores(list(range(10))) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=60), st.randoms())
def test_scores_follow_values_and_not_the_order_of_rows(values: list[int], random: object) -> None:
    found = scores(values)
    assert all(1 <= score <= 5 for score in found)
    for (one, a), (other, b) in itertools.combinations(zip(values, found, strict=True), 2):
        assert (one == other) <= (a == b)
        assert (one < other) <= (a <= b)
    assert scores(values[::-1]) == found[::-1]
