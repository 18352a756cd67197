"""Two measures beside each other: how far apart, how sure, and whether on one day or on any.

Fixed horizon: Welch's t-test; lift by the delta method, as GrowthBook's TwoSidedTTest. Any day: the two-sided normal
mixture boundary of Howard, Ramdas, McAuliffe and Sekhon ("Time-uniform, nonparametric, nonasymptotic confidence
sequences", Annals of Statistics 49, 2021), with the estimated variance (Waudby-Smith et al., Annals 52, 2024).
The control is always first. An effect is None where either side has under two units, or nothing varied.
"""

import math

from wellspring.analytics.contracts.experiments import Effect, Measure, Terms
from wellspring.analytics.rules.experiments.distributions import student_beyond, student_both
from wellspring.analytics.rules.experiments.moments import UNITS_MIN


def difference(control: Measure, treated: Measure, terms: Terms) -> Effect | None:
    """How much the treated mean is above the control's, in the outcome's own unit."""
    if min(control.units, treated.units) < UNITS_MIN:
        return None
    variance = treated.variance / treated.units + control.variance / control.units
    return _effect(control, treated, treated.mean - control.mean, variance, terms)


def lift(control: Measure, treated: Measure, terms: Terms) -> Effect | None:
    """How much the treated mean is above the control's, as a share of the control's: 0.1 is 10 % more.

    Its variance by the delta method: s²ₜ / (c̄²·nₜ) + s²꜀·t̄² / (c̄⁴·n꜀). None also where the control's mean is not above 0, since
    a share of nothing, or of a loss, has no meaning.
    """
    if min(control.units, treated.units) < UNITS_MIN or control.mean <= 0:
        return None
    base = control.mean
    variance = treated.variance / (base**2 * treated.units) + control.variance * treated.mean**2 / (base**4 * control.units)
    return _effect(control, treated, (treated.mean - base) / base, variance, terms)


def relative(control: Measure, treated: Measure, terms: Terms) -> Effect | None:
    """The same share with the ends, and the p, that agree with the difference: 0 is outside of both intervals or of neither.

    Fieller's interval (JRSS B 16, 1954): all r whose t̄ − r·c̄ is no further from 0 than chance allows. None where the control's own
    mean cannot be told from 0, since the interval then has no end. Holds on any day where the terms' difference does:
    its width in standard errors depends on the units alone. The delta method's interval is symmetric, so it loses power
    just where much was won: a control noisier than the difference makes a large lift look doubtful.
    """
    apart = difference(control, treated, terms)
    if apart is None or control.mean <= 0:
        return None
    reach = ((apart.high - apart.value) / apart.deviation) ** 2
    var_control, var_treated = control.variance / control.units, treated.variance / treated.units
    bottom = control.mean**2 - reach * var_control
    if bottom <= 0:
        return None
    middle = treated.mean * control.mean / bottom
    spread = reach * (control.mean**2 * var_treated + treated.mean**2 * var_control - reach * var_control * var_treated)
    half = math.sqrt(max(spread, 0.0)) / bottom
    value = treated.mean / control.mean - 1
    deviation = math.sqrt(var_treated + (treated.mean / control.mean) ** 2 * var_control) / control.mean
    return Effect(value, deviation, middle - half - 1, middle + half - 1, apart.p)


def any_day_width(variance: float, units: int, *, alpha: float, tuned_units: int) -> float:
    """Half of the interval that holds at all times at once, of an estimate from so many units with this variance.

    √((v + ρ)·ln((v + ρ) / (ρ·α²))) / N with v = σ²·N, σ² = variance·N, ρ = S·σ² / (2·ln(1/α) + ln(1 + 2·ln(1/α))). Trap: a page of
    GrowthBook prints ln((v + ρ) / (ρ + α²)) with a ρ that grows with N; as printed, 40 looks go wrong nine times in ten.
    """
    spent, rho = _spent(variance, units, alpha, tuned_units)
    return math.sqrt((spent + rho) * math.log((spent + rho) / (rho * alpha**2))) / units


def any_day_p(value: float, variance: float, units: int, *, alpha: float, tuned_units: int) -> float:
    """The smallest level whose boundary, mixed with the ρ of alpha, leaves 0 out: √((v + ρ) / ρ)·exp(−(N·value)² / (2·(v + ρ))), at most 1.

    Valid on every day; at most alpha exactly where the interval of alpha leaves 0 out.
    """
    spent, rho = _spent(variance, units, alpha, tuned_units)
    return min(math.exp(math.log1p(spent / rho) / 2 - (units * value) ** 2 / (2 * (spent + rho))), 1.0)


def welch_degrees(control: Measure, treated: Measure) -> float:
    """Degrees of freedom of two unequal variances (Welch 1947, Satterthwaite 1946)."""
    one, other = control.variance / control.units, treated.variance / treated.units
    return (one + other) ** 2 / (one**2 / (control.units - 1) + other**2 / (treated.units - 1))


def _spent(variance: float, units: int, alpha: float, tuned_units: int) -> tuple[float, float]:
    logarithm = 2 * math.log(1 / alpha)
    return variance * units**2, tuned_units * variance * units / (logarithm + math.log1p(logarithm))


def _effect(control: Measure, treated: Measure, value: float, variance: float, terms: Terms) -> Effect | None:
    if variance <= 0:
        return None
    # Bonferroni: an experiment of four arms is looked at three times on the same day.
    alpha, deviation = terms.alpha / terms.comparisons, math.sqrt(variance)
    if terms.tuned_units is None:
        degrees = welch_degrees(control, treated)
        width, p = student_beyond(alpha, degrees) * deviation, student_both(value / deviation, degrees)
    else:
        units = control.units + treated.units
        width = any_day_width(variance, units, alpha=alpha, tuned_units=terms.tuned_units)
        p = any_day_p(value, variance, units, alpha=alpha, tuned_units=terms.tuned_units)
    return Effect(value, deviation, value - width, value + width, p)
