"""From sums to a measure: shares, means, ratios.

Variances are sample variances (n − 1). They are taken from sums of squares as (n·Σx² − (Σx)²) / (n(n − 1)), which is exact
for whole numbers, where Python's integers do not round; sums of large floats lose digits and should be centred first.
"""

import math

import numpy as np
import numpy.typing as npt

from wellspring.analytics.contracts.experiments import Measure, Moments, Number, RatioMoments

UNITS_MIN = 2
"""One unit has no variance."""


def counted(units: int, count: int) -> Moments:
    """The moments of a share: who did it is 1, who did not is 0. Raises ValueError where more did it than there are."""
    if not 0 <= count <= units:
        raise ValueError("a share is of at most all units")
    return Moments(units, count, count)


def summed(values: npt.ArrayLike, *, cap: Number | None = None) -> Moments:
    """The moments of one value per unit, in exact whole numbers where the values are.

    Values above the cap, declared beforehand (E10), count as the cap, those below its negative as that.
    Raises ValueError for values that are no numbers.
    """
    column = np.asarray(values)
    if column.dtype.kind == "u":
        column = column.astype(np.int64)
    if cap is not None:
        column = np.clip(column, -cap, cap)
    if column.dtype.kind in "bi":
        # A square of minor units may not fit 64 bits once summed; equal values are few, so Python's integers do it.
        found, often = np.unique(column, return_counts=True)
        pairs = list(zip(found.tolist(), often.tolist(), strict=True))
        return Moments(
            len(column), sum(int(value) * count for value, count in pairs), sum(int(value) ** 2 * count for value, count in pairs)
        )
    listed = column.astype(np.float64)
    if not np.isfinite(listed).all():
        raise ValueError("a unit without a value has done nothing: 0")
    return Moments(len(column), math.fsum(listed), math.fsum(listed * listed))


def covariance(units: int, one: Number, other: Number, products: Number) -> float:
    """The sample covariance of two values of the same units; of one value with itself its variance. 0 below two units."""
    if units < UNITS_MIN:
        return 0.0
    return (units * products - one * other) / (units * (units - 1))


def measured(moments: Moments) -> Measure | None:
    """The mean; None without any unit."""
    if not moments.units:
        return None
    variance = covariance(moments.units, moments.total, moments.total, moments.squares)
    return Measure(moments.units, moments.total / moments.units, max(variance, 0.0))


def ratio(moments: RatioMoments) -> Measure | None:
    """A ratio of two sums whose units, not whose parts, were drawn; None where the lower sum is not above 0.

    By the delta method the variance of one unit is (s²ₐ − 2R·sₐᵦ + R²·s²ᵦ) / b̄² (Deng, Knoblich, Lu, KDD 2018).
    Raises ValueError where the two sums are not of the same units.
    """
    above, below = moments.above, moments.below
    if above.units != below.units:
        raise ValueError("both parts of a ratio are of the same units")
    if not below.units or below.total <= 0:
        return None
    units, found = below.units, above.total / below.total
    var_above = covariance(units, above.total, above.total, above.squares)
    var_below = covariance(units, below.total, below.total, below.squares)
    together = covariance(units, above.total, below.total, moments.products)
    variance = (var_above - 2 * found * together + found * found * var_below) / (below.total / units) ** 2
    return Measure(units, found, max(variance, 0.0))
