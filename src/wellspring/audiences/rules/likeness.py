"""Look-alikes: logistic regression of the seed against everybody else, by which everyone is ranked.

Fitted by iteratively reweighted least squares with a ridge penalty (Hastie, Tibshirani, Friedman, The Elements of
Statistical Learning, 2nd ed., section 4.4.1); features are standardised first, so that weights can be compared.
"""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]
_RIDGE = 1.0
_ROUNDS_MAX = 25
_CLOSE = 1e-6


def standardised(features: Matrix) -> Matrix:
    """Columns with mean 0 and deviation 1; a constant one is 0."""
    spread = features.std(axis=0)
    found: Matrix = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return found


def fitted(features: Matrix, is_seed: npt.NDArray[np.bool_]) -> Vector:
    """Weights of an intercept and each feature; both classes weigh the same, however few the seed."""
    count, seeds = len(is_seed), int(is_seed.sum())
    design = np.column_stack([np.ones(count), features])
    wanted = is_seed.astype(np.float64)
    weight = np.where(is_seed, count / (2 * seeds), count / (2 * max(count - seeds, 1)))
    penalty = np.diag([0.0, *([_RIDGE] * features.shape[1])])
    found: Vector = np.zeros(design.shape[1])
    for _ in range(_ROUNDS_MAX):
        likely = _logistic(design @ found)
        curve = np.maximum(likely * (1 - likely), 1e-9) * weight
        slope = design.T @ (weight * (wanted - likely)) - penalty @ found
        step = np.linalg.solve((design * curve[:, None]).T @ design + penalty, slope)
        found = found + step
        if float(np.abs(step).max()) < _CLOSE:
            break
    return found


def scores(features: Matrix, weights: Vector) -> Vector:
    """The log odds of each row; the order is all that is used of them."""
    found: Vector = features @ weights[1:] + weights[0]
    return found


def _logistic(odds: Vector) -> Vector:
    found: Vector = 1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30)))
    return found
