"""Which arm a unit counts for, and which of its outcomes: one arm per unit for ever, and no outcome before the exposure (I32).

Over columns: units are dense member numbers, instants are milliseconds since 1970 (UTC), values are whole numbers, such as minor units.
"""

import dataclasses

import numpy as np
import numpy.typing as npt

from wellspring.analytics.contracts.experiments import Exposures, Moments, Number
from wellspring.analytics.rules.experiments.moments import summed

_Column = npt.NDArray[np.int64]


def first(units: npt.ArrayLike, arms: npt.ArrayLike, at: npt.ArrayLike) -> Exposures:
    """The first exposure of each unit, units ascending; three columns of the same length in any order, ties as they came.

    A unit told to be in several arms, which only a merge or a mistake can do, stays in its first and is counted as crossed.
    """
    numbers, places, instants = _column(units), _column(arms), _column(at)
    order = np.lexsort((instants, numbers))
    numbers, places, instants = numbers[order], places[order], instants[order]
    found, start, whose = np.unique(numbers, return_index=True, return_inverse=True)
    crossed = np.zeros(len(found), dtype=bool)
    crossed[whose[places != places[start][whose]]] = True
    return Exposures(found, places[start], instants[start], int(crossed.sum()))


def unmixed(units: npt.ArrayLike, arms: npt.ArrayLike, at: npt.ArrayLike) -> Exposures:
    """The same without whoever was merged from units of different arms: they were treated and left alone, and tell of neither (N05)."""
    numbers, places, instants = _column(units), _column(arms), _column(at)
    found, whose = np.unique(numbers, return_inverse=True)
    lowest, highest = np.full(len(found), np.iinfo(np.int64).max), np.full(len(found), -1)
    np.minimum.at(lowest, whose, places)
    np.maximum.at(highest, whose, places)
    mixed = lowest != highest
    kept = ~mixed[whose]
    return dataclasses.replace(first(numbers[kept], places[kept], instants[kept]), crossed=int(mixed.sum()))


def until(exposures: Exposures, at_ms: int) -> Exposures:
    """Those exposed by an instant."""
    chosen = exposures.at <= at_ms
    return Exposures(exposures.units[chosen], exposures.arms[chosen], exposures.at[chosen], exposures.crossed)


def followed(exposures: Exposures, units: npt.ArrayLike, at: npt.ArrayLike, values: npt.ArrayLike, *, within_ms: int) -> _Column:
    """For each exposed unit, in their order, the sum of its values after its exposure and no later than so long after it.

    Values of units that were not exposed, and values at the very instant of the exposure, do not count.
    """
    numbers, late = _late(exposures, units, at)
    return _totals(exposures, numbers, values, (late > 0) & (late <= within_ms))


def preceded(exposures: Exposures, units: npt.ArrayLike, at: npt.ArrayLike, values: npt.ArrayLike, *, within_ms: int) -> _Column:
    """The same up to the exposure, from so long before it: what may be a covariate."""
    numbers, late = _late(exposures, units, at)
    return _totals(exposures, numbers, values, (late <= 0) & (late > -within_ms))


def is_matured(exposures: Exposures, *, at_ms: int, within_ms: int) -> bool:
    """Whether every exposed unit has had its whole window by now (E08); of nobody it is not."""
    return bool(len(exposures.at)) and int(exposures.at.max()) + within_ms < at_ms


def by_arm(exposures: Exposures, values: npt.ArrayLike, *, arms: int, cap: Number | None = None) -> list[Moments]:
    """The moments of each of the arms, of one value per exposed unit in their order."""
    column = np.asarray(values)
    return [summed(column[exposures.arms == place], cap=cap) for place in range(arms)]


def _late(exposures: Exposures, units: npt.ArrayLike, at: npt.ArrayLike) -> tuple[_Column, _Column]:
    """Where each row's unit stands among the exposed (−1: nowhere), and how long after the exposure it was."""
    numbers, instants = _column(units), _column(at)
    if not len(exposures.units):
        return np.full(len(numbers), -1), np.zeros(len(numbers), dtype=np.int64)
    places = np.minimum(np.searchsorted(exposures.units, numbers), len(exposures.units) - 1)
    return np.where(exposures.units[places] == numbers, places, -1), instants - exposures.at[places]


def _totals(exposures: Exposures, places: _Column, values: npt.ArrayLike, counts: npt.NDArray[np.bool_]) -> _Column:
    found = np.zeros(len(exposures.units), dtype=np.int64)
    taken = counts & (places >= 0)
    np.add.at(found, places[taken], _column(values)[taken])
    return found


def _column(values: npt.ArrayLike) -> _Column:
    return np.asarray(values, dtype=np.int64)
