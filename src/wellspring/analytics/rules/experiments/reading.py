"""An experiment's answer: blocked or not, each arm beside the control, the winner once outcomes are complete, and what it brought.

Everybody assigned counts (intention to treat, E02), also who was capped, asleep or unreachable.
"""

import dataclasses
from collections.abc import Sequence

from wellspring.analytics.contracts.experiments import ArmReading, Effect, Incremental, Measure, Reading, Terms, Verdict
from wellspring.analytics.rules.experiments import effects
from wellspring.analytics.rules.experiments.balance import balance

_NOTHING = ArmReading(None, None, None, Verdict.BLOCKED)


def read(measures: Sequence[Measure | None], *, counts: Sequence[int], weights: Sequence[int], terms: Terms, is_matured: bool) -> Reading:
    """The answer about one outcome; measures, counts and weights in the order of the arms, the control first.

    A mismatch withholds everything but the counts. `is_matured` says that the last exposed unit's outcome window is over,
    before which nobody wins (E08). The terms' alpha is shared among the arms, whatever their `comparisons` say.
    Raises ValueError for different lengths.
    """
    if not len(measures) == len(counts) == len(weights):
        raise ValueError("every arm has a measure, a count and a weight")
    found = balance(counts, weights)
    if found.is_blocked:
        return Reading(found, (_NOTHING,) * len(counts), None)
    shared = dataclasses.replace(terms, comparisons=max(len(measures) - 1, 1))
    control, *others = measures
    arms = [ArmReading(control, None, None, Verdict.OPEN), *(_beside(control, other, shared) for other in others)]
    return Reading(found, tuple(arms), _winner(measures, shared) if is_matured else None)


def incremental(difference: Effect, units: int) -> Incremental:
    """What the arm's units brought beyond what the control says they would have: the difference, in minor units, times them.

    The ends are those of the difference's interval; whole minor units, halves to even.
    """
    return Incremental(units, difference, round(units * difference.value), round(units * difference.low), round(units * difference.high))


def _beside(control: Measure | None, arm: Measure | None, terms: Terms) -> ArmReading:
    if control is None or arm is None:
        return ArmReading(arm, None, None, Verdict.OPEN)
    difference = effects.difference(control, arm, terms)
    return ArmReading(arm, difference, effects.relative(control, arm, terms), _verdict(difference, terms))


def _verdict(difference: Effect | None, terms: Terms) -> Verdict:
    """By the difference, with which the relative interval agrees."""
    if difference is None or difference.low <= 0 <= difference.high:
        return Verdict.OPEN
    return Verdict.BETTER if (difference.value > 0) == terms.is_more_better else Verdict.WORSE


def _winner(measures: Sequence[Measure | None], terms: Terms) -> int | None:
    """The arm that is better than each other one.

    Among m equally good arms each must beat another at alpha / (k − 1), one side of two: m·alpha / (2(k − 1)) ≤ alpha in all.
    """
    known = [measure for measure in measures if measure is not None]
    if len(known) < len(measures) or len(known) < 2:
        return None
    best = max(range(len(known)), key=lambda place: known[place].mean if terms.is_more_better else -known[place].mean)
    verdicts = (_verdict(effects.difference(rival, known[best], terms), terms) for place, rival in enumerate(known) if place != best)
    return best if all(verdict is Verdict.BETTER for verdict in verdicts) else None
