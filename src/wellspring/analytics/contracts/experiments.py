"""What the statistics of experiments take and give.

Sums come from wherever outcomes are read, whole numbers where they can be: money is in minor units and its sums of
squares outgrow a float's 53 bits, while Python's integers do not. Everything estimated is a float.
"""

import dataclasses
import enum
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Number = int | float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Exposures:
    """The exposed units, ascending, each with its one arm (its place, the control 0) and the instant, in milliseconds since 1970.

    `crossed` of them were told to be in another arm as well: a number to be shown, and 0 where nothing is wrong.
    """

    units: npt.NDArray[np.int64]
    arms: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]
    crossed: int


@dataclasses.dataclass(frozen=True, slots=True)
class Moments:
    """The units assigned to an arm, and the sum and sum of squares of one value for each of them (0 for who did nothing)."""

    units: int
    total: Number
    squares: Number


@dataclasses.dataclass(frozen=True, slots=True)
class RatioMoments:
    """A value over another of the same units, such as revenue over orders; `products` is the sum of their products."""

    above: Moments
    below: Moments
    products: Number


@dataclasses.dataclass(frozen=True, slots=True)
class CovariateMoments:
    """An outcome (first) and what was known of the same units before the experiment.

    `totals` has k + 1 sums, `products` the (k + 1) × (k + 1) sums of products, symmetric.
    """

    units: int
    totals: tuple[Number, ...]
    products: tuple[tuple[Number, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Measure:
    """What an arm measured: its mean, and the variance of one unit (the mean's own is variance / units)."""

    units: int
    mean: float
    variance: float


@dataclasses.dataclass(frozen=True, slots=True)
class Adjusted:
    """Measures after what was known before is taken out; `explained` is ρ², the share of variance that went with it."""

    measures: tuple[Measure, ...]
    coefficients: tuple[float, ...]
    explained: float


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """How results will be judged, declared before the first exposure and never changed after it.

    `alpha` is the chance of any wrong finding about the experiment, shared among `comparisons` arms. `tuned_units` makes
    intervals valid on every day, and tightest at about so many units; None promises a single look, at a date fixed before.
    """

    alpha: float = 0.05
    tuned_units: int | None = 5_000
    comparisons: int = 1
    is_more_better: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1 or self.comparisons < 1 or (self.tuned_units is not None and self.tuned_units < 1):
            raise ValueError("alpha lies between 0 and 1; comparisons and tuned units are at least 1")


@dataclasses.dataclass(frozen=True, slots=True)
class Effect:
    """An estimate with its standard error, the ends of its interval, and p against "no effect".

    Below alpha / comparisons of its terms p says what the interval says: 0 is outside.
    """

    value: float
    deviation: float
    low: float
    high: float
    p: float


@dataclasses.dataclass(frozen=True, slots=True)
class Balance:
    """Units found in the arms beside those planned; below the threshold no result of the experiment may be shown (I32)."""

    counts: tuple[int, ...]
    expected: tuple[float, ...]
    p: float
    is_blocked: bool


class Verdict(enum.StrEnum):
    """What may be said of an arm beside the control."""

    BLOCKED = "blocked"
    OPEN = "open"
    BETTER = "better"
    WORSE = "worse"


@dataclasses.dataclass(frozen=True, slots=True)
class Incremental:
    """What an arm brought beyond the control's, in minor units: per unit assigned to it, and in total for its units."""

    units: int
    per_unit_minor: Effect
    total_minor: int
    low_minor: int
    high_minor: int


@dataclasses.dataclass(frozen=True, slots=True)
class ArmReading:
    """An arm beside the control: absolute, and relative with an interval that agrees with it (`effects.relative`).

    None where there is nothing to compare, or nothing may be shown.
    """

    measure: Measure | None
    difference: Effect | None
    lift: Effect | None
    verdict: Verdict


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """An experiment's answer about one outcome; arms in their order, the control first.

    `winner` is the place of the arm that is better than every other one, once outcomes are complete; None for a tie.
    """

    balance: Balance
    arms: Sequence[ArmReading]
    winner: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Tried:
    """One thing that was tried, and what it did."""

    name: str
    effect: Effect


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """A place in the league: q is the false discovery rate at which it would still be counted as a finding."""

    name: str
    effect: Effect
    q: float
    is_found: bool
