"""Counts as nested sets: a carry and a borrow are plus one and minus one, whoever is counted."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from wellspring.engagement.rules.levels import Levels, at_least, lowered, moved, raised

somebody = st.sets(st.integers(1, 9))


def counted(levels: Levels) -> Counter[int]:
    return Counter(member for level in levels for member in level)


def levels_of(steps: list[set[int]]) -> Levels:
    levels: Levels = ()
    for members in steps:
        levels = raised(levels, BitMap(members))
    return levels


@given(steps=st.lists(somebody, max_size=12), fresh=somebody)
def test_f01_a_carry_counts_each_once_and_levels_stay_nested(steps: list[set[int]], fresh: set[int]) -> None:
    before = levels_of(steps)
    after = raised(before, BitMap(fresh))
    assert counted(after) == Counter(member for step in [*steps, fresh] for member in step)
    assert all(after[place] <= after[place - 1] for place in range(1, len(after)))
    assert counted(before) == Counter(member for step in steps for member in step), "levels are never changed in place"


@given(steps=st.lists(somebody, max_size=12), fresh=somebody)
def test_f02_a_borrow_is_the_exact_inverse_of_a_carry(steps: list[set[int]], fresh: set[int]) -> None:
    before = levels_of(steps)
    assert lowered(raised(before, BitMap(fresh)), BitMap(fresh)) == before


@given(steps=st.lists(somebody, min_size=1, max_size=8), order=st.randoms(use_true_random=False))
def test_f02_in_whatever_order_reservations_are_released(steps: list[set[int]], order: object) -> None:
    levels = levels_of(steps)
    shuffled = list(steps)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    for members in shuffled:
        levels = lowered(levels, BitMap(members))
    assert levels == ()


def test_f02_nobody_is_released_who_was_not_reserved() -> None:
    with pytest.raises(ValueError, match="1 members"):
        lowered(raised((), BitMap([1, 2])), BitMap([2, 3]))


def test_what_a_caller_does_to_their_set_later_is_not_counted() -> None:
    members = BitMap([1])
    levels = raised((), members)
    members.add(2)
    assert counted(levels) == Counter([1])


@given(parts=st.lists(st.lists(somebody, max_size=6), max_size=6), times=st.integers(1, 9), among=somebody)
def test_f06_counts_of_several_buckets_add_up(parts: list[list[set[int]]], times: int, among: set[int]) -> None:
    total = Counter(member for part in parts for step in part for member in step)
    found = at_least([levels_of(part) for part in parts], times, BitMap(among))
    assert set(found) == {member for member, count in total.items() if count >= times and member in among}


@given(steps=st.lists(somebody, max_size=10), source=st.integers(1, 9), target=st.integers(10, 12))
def test_n01_counts_move_to_the_survivor(steps: list[set[int]], source: int, target: int) -> None:
    expected = Counter(target if member == source else member for step in steps for member in step)
    assert counted(moved(levels_of(steps), source, target)) == expected
    again = moved(moved(levels_of(steps), source, target), source, target)
    assert counted(again) == expected, "merging twice is a no-op"
