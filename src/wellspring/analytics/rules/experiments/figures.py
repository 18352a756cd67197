"""One outcome of everybody exposed, by arm: measures, differences with earlier purchases taken out, what it brought.

The mean that is shown is the plain one; the difference and its interval are those after CUPED, which stand around the same truth.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from wellspring.analytics.contracts.effects import ArmFigures, OutcomeReport
from wellspring.analytics.contracts.experiments import Effect, Exposures, Incremental, Measure, Terms
from wellspring.analytics.rules.experiments import covariates, exposures, moments, reading
from wellspring.analytics.rules.experiments.moments import UNITS_MIN
from wellspring.engagement.contracts.proof import Outcome

Column = npt.NDArray[np.int64]
_MONEY = frozenset({Outcome.REVENUE, Outcome.MARGIN})
_UNWANTED = frozenset({Outcome.UNSUBSCRIBED, Outcome.DELETED})


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Values:
    """One value per exposed unit, in their order, and what was known of the same units before; the cap was declared (E10)."""

    outcome: Outcome
    column: Column
    earlier: Sequence[Column] = ()
    cap: int | None = None


def terms_of(outcome: Outcome, *, alpha: float, is_any_day: bool) -> Terms:
    """The terms of one outcome: fewer who leave are better."""
    tuned = Terms().tuned_units if is_any_day else None
    return Terms(alpha=alpha, tuned_units=tuned, is_more_better=outcome not in _UNWANTED)


def report(values: Values, exposed: Exposures, *, weights: Sequence[int], terms: Terms, is_matured: bool) -> OutcomeReport:
    """The outcome of each arm, the control first; withheld where the split is not as planned (E05)."""
    arms = len(weights)
    column = values.column if values.cap is None else np.clip(values.column, -values.cap, values.cap)
    raw = [moments.measured(one) for one in exposures.by_arm(exposed, column, arms=arms)]
    counts = [int((exposed.arms == arm).sum()) for arm in range(arms)]
    measures, explained = _sharpened(raw, column, values, exposed)
    read = reading.read(measures, counts=counts, weights=weights, terms=terms, is_matured=is_matured)
    figures = []
    for arm, one in enumerate(read.arms):
        shown = None if read.balance.is_blocked else raw[arm]
        figures.append(ArmFigures(arm, shown, one.difference, one.lift, one.verdict, _brought(values.outcome, one.difference, counts[arm])))
    return OutcomeReport(values.outcome, tuple(figures), read.winner, explained)


def differences(values: Values, exposed: Exposures, *, weights: Sequence[int], terms: Terms) -> list[tuple[Effect | None, Effect | None]]:
    """Difference and lift of every arm but the control, as they would be read of these units."""
    found = report(values, exposed, weights=weights, terms=terms, is_matured=False)
    return [(one.difference, one.lift) for one in found.arms[1:]]


def _sharpened(raw: Sequence[Measure | None], column: Column, values: Values, exposed: Exposures) -> tuple[Sequence[Measure | None], float]:
    known = [place for place, one in enumerate(raw) if one is not None]
    earlier = [one for one in values.earlier if one.any()]
    if not earlier or len(known) < 2 or any(one is not None and one.units < UNITS_MIN for one in raw):
        return raw, 0.0
    arms = [exposed.arms == place for place in known]
    sums = [covariates.summed(column[mine], [one[mine] for one in earlier]) for mine in arms]
    found = covariates.adjusted(sums)
    measures: list[Measure | None] = [None] * len(raw)
    for place, measure in zip(known, found.measures, strict=True):
        measures[place] = measure
    return measures, found.explained


def _brought(outcome: Outcome, difference: Effect | None, units: int) -> Incremental | None:
    return None if outcome not in _MONEY or difference is None else reading.incremental(difference, units)
