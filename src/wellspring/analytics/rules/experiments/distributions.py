"""Tails of the normal, Student's t and chi-squared, and their quantiles: what the tests need, without a library of 140 MB.

Sources: Abramowitz and Stegun, Handbook of Mathematical Functions (AS below), Hill, Algorithm 395 (CACM 13, 1970). Tests
hold every function against published tables and against values of scipy 1.17. Arguments and results are plain floats.
"""

import math
import statistics

_NORMAL = statistics.NormalDist()
# From here on Hill's expansion is off by less than 3e-9 of the tail; below, the continued fraction takes few steps.
_HILL_FROM = 60.0
_STEPS_MAX = 300


def normal_both(z: float) -> float:
    """The chance that a standard normal lies further from 0 than z, either side; exact far into the tails (AS 26.2.29)."""
    return math.erfc(abs(z) / math.sqrt(2))


def student_both(t: float, degrees: float) -> float:
    """The chance that Student's t with so many degrees of freedom (over 0, need not be whole) lies further from 0 than t."""
    if degrees >= _HILL_FROM:
        return normal_both(_normal_of(t, degrees))
    square = t * t
    # AS 26.7.1: the incomplete beta function of ν/2 and 1/2.
    return _beta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square))


def student_beyond(alpha: float, degrees: float) -> float:
    """The t that Student's t exceeds, either side, with chance alpha (0 < alpha < 1): the inverse of `student_both`.

    Newton's steps from the normal quantile, which lies below: the tail is convex there, so each step stays below and comes nearer.
    """
    found = max(_NORMAL.inv_cdf(1 - alpha / 2), 1e-9)
    for _ in range(_STEPS_MAX):
        step = (student_both(found, degrees) - alpha) / (2 * _student_density(found, degrees))
        found += step
        if abs(step) <= 1e-12 * found:
            break
    return found


def chi_squared_above(value: float, degrees: int) -> float:
    """The chance that chi-squared with so many degrees of freedom (a whole number, at least 1) exceeds the value.

    The finite sums of AS 26.4.4 (odd) and 26.4.5 (even), all of whose terms are positive.
    """
    half = value / 2
    if degrees % 2:
        found, term, steps = math.erfc(math.sqrt(half)), math.exp(-half) * math.sqrt(half / math.pi) * 2, range(3, degrees + 1, 2)
    else:
        found, term, steps = 0.0, math.exp(-half), range(2, degrees + 1, 2)
    for below in steps:
        found += term
        term *= value / below
    return min(found, 1.0)


def _student_density(t: float, degrees: float) -> float:
    scale = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - math.log(degrees * math.pi) / 2
    return math.exp(scale - (degrees + 1) / 2 * math.log1p(t * t / degrees))


def _normal_of(t: float, degrees: float) -> float:
    """The normal deviate with the tail of t, by Hill's expansion."""
    near = degrees - 0.5
    scale = 48 * near * near
    y = near * math.log1p(t * t / degrees)
    correction = (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + scale)
    return ((correction + y + 3) / scale + 1) * math.sqrt(y)


def _beta(a: float, b: float, x: float, rest: float) -> float:
    """The regularised incomplete beta function of x = 1 − rest: AS 26.5.8 by Lentz's method, whichever end converges faster."""
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, rest, x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest)) / a
    numerator, denominator, found = 1.0, 0.0, 1.0
    for step in range(_STEPS_MAX):
        half = step // 2
        if step == 0:
            factor = 1.0
        elif step % 2:
            factor = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            factor = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        denominator = 1 / (1 + factor * denominator)
        numerator = 1 + factor / numerator
        change = denominator * numerator
        found *= change
        if step and abs(change - 1) < 1e-15:
            break
    return front * (found - 1)
