"""The front door of experiments' statistics: from sums of outcomes to an answer that may be believed.

Nothing here reads or keeps anything. Who is in which arm is `kernel.arms`, which campaigns and journeys ask as well.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from wellspring.analytics.contracts.experiments import (
    Adjusted,
    Balance,
    CovariateMoments,
    Effect,
    Exposures,
    Incremental,
    Measure,
    Moments,
    Number,
    RatioMoments,
    Reading,
    Standing,
    Terms,
    Tried,
)
from wellspring.analytics.rules.experiments import balance as _balance
from wellspring.analytics.rules.experiments import covariates, effects, exposures, moments, reading
from wellspring.analytics.rules.experiments import league as _league

_Column = npt.NDArray[np.int64]


def first_exposures(units: npt.ArrayLike, arms: npt.ArrayLike, at_ms: npt.ArrayLike) -> Exposures:
    """One arm for each unit, that of its first exposure; columns of member numbers, places of arms and milliseconds, in any order."""
    return exposures.first(units, arms, at_ms)


def outcomes(exposed: Exposures, units: npt.ArrayLike, at_ms: npt.ArrayLike, values: npt.ArrayLike, *, within_ms: int) -> _Column:
    """The sum of values per exposed unit, in their order, that came after its exposure and within the window (I32)."""
    return exposures.followed(exposed, units, at_ms, values, within_ms=within_ms)


def history(exposed: Exposures, units: npt.ArrayLike, at_ms: npt.ArrayLike, values: npt.ArrayLike, *, within_ms: int) -> _Column:
    """The sum of values per exposed unit up to its exposure, from so long before: what may be a covariate."""
    return exposures.preceded(exposed, units, at_ms, values, within_ms=within_ms)


def is_matured(exposed: Exposures, *, at_ms: int, within_ms: int) -> bool:
    """Whether the outcome window of the last exposed unit is over at this instant (E08)."""
    return exposures.is_matured(exposed, at_ms=at_ms, within_ms=within_ms)


def by_arm(exposed: Exposures, values: npt.ArrayLike, *, arms: int, cap: Number | None = None) -> list[Moments]:
    """The moments of each of so many arms; values above the cap, declared beforehand, count as the cap (E10). Raises ValueError."""
    return exposures.by_arm(exposed, values, arms=arms, cap=cap)


def mean(of: Moments) -> Measure | None:
    """A mean per unit with its sample variance, exact for whole numbers; None without any unit."""
    return moments.measured(of)


def share(*, units: int, count: int) -> Measure | None:
    """A share of units, as the mean of zeros and ones; None without any unit. Raises ValueError where count exceeds units."""
    return moments.measured(moments.counted(units, count))


def ratio(of: RatioMoments) -> Measure | None:
    """A ratio of two sums over the same units, with its variance by the delta method; None where there is nothing to divide by."""
    return moments.ratio(of)


def covariate_moments(outcome: npt.ArrayLike, earlier: Sequence[npt.ArrayLike]) -> CovariateMoments:
    """The sums of one arm that `adjusted` takes: an outcome and k earlier values, each one float per unit."""
    return covariates.summed(outcome, earlier)


def adjusted(arms: Sequence[CovariateMoments]) -> Adjusted:
    """CUPED: the arms' measures without what their units' past explains; variance × (1 − ρ²). Raises ValueError for unlike arms."""
    return covariates.adjusted(arms)


def balance(counts: Sequence[int], weights: Sequence[int]) -> Balance:
    """Whether units fell into arms as planned: chi-squared, blocked below p = 0.001 (I32). Raises ValueError for unlike lengths."""
    return _balance.balance(counts, weights)


def difference(control: Measure, treated: Measure, terms: Terms) -> Effect | None:
    """Treated minus control in the outcome's unit, valid on any day or on one, as the terms say; None where nothing can be said."""
    return effects.difference(control, treated, terms)


def lift(control: Measure, treated: Measure, terms: Terms) -> Effect | None:
    """Treated over control minus 1, by the delta method as other tools have it; None also where the control's mean is not above 0."""
    return effects.lift(control, treated, terms)


def relative(control: Measure, treated: Measure, terms: Terms) -> Effect | None:
    """Treated over control minus 1 by Fieller's interval, which agrees with the difference; what `read` shows.

    None where the control's mean cannot be told from 0.
    """
    return effects.relative(control, treated, terms)


def read(measures: Sequence[Measure | None], *, counts: Sequence[int], weights: Sequence[int], terms: Terms, is_matured: bool) -> Reading:
    """An experiment's answer about one outcome, the control first; withheld where the split is not as planned.

    Alpha is shared among the arms. A winner beats every other arm and waits for matured outcomes; a tie has none.
    """
    return reading.read(measures, counts=counts, weights=weights, terms=terms, is_matured=is_matured)


def incremental(effect: Effect, *, units: int) -> Incremental:
    """What so many treated units brought beyond the control's, given the difference of their revenue in minor units."""
    return reading.incremental(effect, units)


def league(tried: Sequence[Tried], *, rate: float = 0.1) -> list[Standing]:
    """Everything tried, findings first and largest first; of the findings at most `rate` is expected to be chance."""
    return _league.league(tried, rate=rate)
