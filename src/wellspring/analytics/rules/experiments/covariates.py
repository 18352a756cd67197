"""CUPED: what was known of units before the experiment is taken out of what they did in it, for narrower intervals.

Deng, Xu, Kohavi, Walker, "Improving the sensitivity of online controlled experiments by utilizing pre-experiment data"
(WSDM 2013): θ = Cov(y, x) / Var(x), variance × (1 − ρ²); with several covariates θ solves Σxx·θ = Σxy. One θ from all arms,
centred within each, so that an effect of treatment does not enter it. Only what precedes exposure may be a covariate.
"""

from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

from wellspring.analytics.contracts.experiments import Adjusted, CovariateMoments, Measure
from wellspring.analytics.rules.experiments.moments import UNITS_MIN

_Matrix = npt.NDArray[np.float64]

COVARIATES_MAX = 20
"""Ten times what pays: after the same outcome earlier and a handful of others ρ² hardly grows, and θ costs degrees of freedom."""

# A variance below this share of the raw squares is what rounding leaves of a constant.
_CONSTANT = 1e-12


def summed(outcome: npt.ArrayLike, covariates: Sequence[npt.ArrayLike]) -> CovariateMoments:
    """The sums of an arm: one outcome and k covariates, each one float per unit in the same order."""
    columns = np.array([outcome, *covariates], dtype=np.float64)
    products = cast("list[list[float]]", (columns @ columns.T).tolist())
    return CovariateMoments(columns.shape[1], tuple(columns.sum(axis=1).tolist()), tuple(tuple(row) for row in products))


def adjusted(arms: Sequence[CovariateMoments]) -> Adjusted:
    """The measures of all arms, each mean moved by what its units' covariates lie beside everybody's.

    A covariate that never varies, or repeats others, changes nothing. Raises ValueError for arms of different covariates,
    more than COVARIATES_MAX of them, or an arm of fewer than two units.
    """
    sizes = {len(arm.totals) for arm in arms} | {len(row) for arm in arms for row in (arm.products, *arm.products)}
    if len(sizes) != 1 or not 2 <= min(sizes) <= COVARIATES_MAX + 1 or min(arm.units for arm in arms) < UNITS_MIN:
        raise ValueError(f"every arm has two units or more and the same 1 to {COVARIATES_MAX} covariates")
    spreads = [_spread(arm) for arm in arms]
    within: _Matrix = np.sum(spreads, axis=0)
    raw = np.array([float(sum(arm.products[place][place] for arm in arms)) for place in range(1, len(within))])
    theta = _solved(within[1:, 1:], within[1:, 0], np.diag(within)[1:] > _CONSTANT * raw)
    weights = np.concatenate([[1.0], -theta])
    units = sum(arm.units for arm in arms)
    centre = np.array([sum(arm.totals[place] for arm in arms) / units for place in range(1, len(weights))])
    measures = []
    for arm, spread in zip(arms, spreads, strict=True):
        means = np.array([total / arm.units for total in arm.totals])
        variance = float(weights @ spread @ weights) / (arm.units - 1)
        measures.append(Measure(arm.units, float(means[0] - theta @ (means[1:] - centre)), max(variance, 0.0)))
    left = float(weights @ within @ weights) / float(within[0, 0]) if within[0, 0] > 0 else 1.0
    return Adjusted(tuple(measures), tuple(theta.tolist()), min(max(1 - left, 0.0), 1.0))


def _spread(arm: CovariateMoments) -> _Matrix:
    """Sums of products around the arm's own means; exact up to the last division where the sums are whole numbers."""
    rows = [
        [(arm.units * product - one * other) / arm.units for product, other in zip(row, arm.totals, strict=True)]
        for row, one in zip(arm.products, arm.totals, strict=True)
    ]
    return np.array(rows, dtype=np.float64)


def _solved(among: _Matrix, with_outcome: _Matrix, varies: npt.NDArray[np.bool_]) -> _Matrix:
    """θ by least squares of standardised covariates, so that yuan and days weigh alike and copies of one share its weight."""
    scale = np.sqrt(np.where(varies, np.diag(among), np.inf))
    found, *_ = np.linalg.lstsq(among / np.outer(scale, scale), with_outcome / scale, rcond=1e-10)
    return np.asarray(found / scale, dtype=np.float64)
