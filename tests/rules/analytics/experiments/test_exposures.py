"""I32: one arm per unit for ever, and exposures precede outcomes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wellspring.analytics.rules.experiments import exposures

ROWS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 2), st.integers(0, 50)), max_size=30)
OUTCOMES = st.lists(st.tuples(st.integers(1, 8), st.integers(-20, 80), st.integers(-500, 10**13)), max_size=30)


def columns(rows: list[tuple[int, int, int]]) -> list[list[int]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], []]


@given(ROWS)
def test_the_first_exposure_counts_and_the_others_are_only_told_of(rows: list[tuple[int, int, int]]) -> None:
    found = exposures.first(*columns(rows))
    wanted: dict[int, tuple[int, int]] = {}
    for unit, arm, at in sorted(rows, key=lambda row: row[2]):
        wanted.setdefault(unit, (arm, at))
    assert found.units.tolist() == sorted(wanted)
    assert list(zip(found.arms.tolist(), found.at.tolist(), strict=True)) == [wanted[unit] for unit in sorted(wanted)]
    assert found.crossed == sum(len({arm for one, arm, _ in rows if one == unit}) > 1 for unit in wanted)


@given(ROWS, OUTCOMES, st.integers(1, 40))
def test_outcomes_count_after_the_exposure_and_history_before_it(
    rows: list[tuple[int, int, int]], told: list[tuple[int, int, int]], within: int
) -> None:
    found = exposures.first(*columns(rows))
    at = dict(zip(found.units.tolist(), found.at.tolist(), strict=True))
    after = dict.fromkeys(at, 0)
    before = dict.fromkeys(at, 0)
    for unit, when, value in told:
        if unit in at and at[unit] < when <= at[unit] + within:
            after[unit] += value
        if unit in at and at[unit] - within < when <= at[unit]:
            before[unit] += value
    assert exposures.followed(found, *columns(told), within_ms=within).tolist() == list(after.values())
    assert exposures.preceded(found, *columns(told), within_ms=within).tolist() == list(before.values())


def test_sums_by_arm() -> None:
    found = exposures.first([7, 3, 9], [1, 0, 1], [10, 20, 30])
    control, treated, empty = exposures.by_arm(found, np.array([5, 2, 400]), arms=3, cap=100)
    assert (control.units, control.total, control.squares) == (1, 5, 25)
    assert (treated.units, treated.total, treated.squares) == (2, 102, 10_004)
    assert (empty.units, empty.total) == (0, 0)


def test_e08_the_last_exposed_unit_must_have_had_its_window() -> None:
    found = exposures.first([1, 2], [0, 1], [1_000, 5_000])
    assert not exposures.is_matured(found, at_ms=5_100, within_ms=100)
    assert exposures.is_matured(found, at_ms=5_101, within_ms=100)
    assert not exposures.is_matured(exposures.first([], [], []), at_ms=5_101, within_ms=100)
