"""What experiments brought among a group of members, such as a guide's customers: their own treated beside their own control.

Groups are told from what was known of members without the treatment, so both arms of one are alike. Several experiments
add up: n·d and n²·Var(d) of each. Groups with under two members in either arm tell nothing.
"""

import dataclasses
import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from wellspring.analytics.contracts.experiments import Effect, Exposures
from wellspring.analytics.rules.experiments.distributions import normal_both
from wellspring.analytics.rules.experiments.moments import UNITS_MIN

Column = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Stratum:
    """The treated of one group, what they brought in sum (minor units), and its variance."""

    units: int = 0
    controls: int = 0
    brought: float = 0.0
    variance: float = 0.0


def stratum(exposed: Exposures, values: Column, members: Column) -> Stratum:
    """One group in one experiment: `members` ascending, `values` of the exposed in their order."""
    if not len(exposed.units) or not len(members):
        return Stratum()
    places = np.minimum(np.searchsorted(exposed.units, members), len(exposed.units) - 1)
    places = places[exposed.units[places] == members]
    is_treated = exposed.arms[places] > 0
    treated, control = values[places[is_treated]].astype(np.float64), values[places[~is_treated]].astype(np.float64)
    if min(len(treated), len(control)) < UNITS_MIN:
        return Stratum()
    units = len(treated)
    difference = float(treated.mean() - control.mean())
    variance = float(treated.var(ddof=1)) / units + float(control.var(ddof=1)) / len(control)
    return Stratum(units, len(control), units * difference, units * units * variance)


def pooled(strata: Sequence[Stratum], *, alpha: float) -> tuple[int, int, Effect | None]:
    """Units, controls and the effect per treated unit over all experiments; None where nothing can be said."""
    units, controls = sum(one.units for one in strata), sum(one.controls for one in strata)
    variance = sum(one.variance for one in strata)
    if not units or variance <= 0:
        return units, controls, None
    value, deviation = sum(one.brought for one in strata) / units, math.sqrt(variance) / units
    reach = NormalDist().inv_cdf(1 - alpha / 2) * deviation
    return units, controls, Effect(value, deviation, value - reach, value + reach, normal_both(value / deviation))
