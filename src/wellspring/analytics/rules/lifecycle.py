"""Where a member stands in their own rhythm: not "90 days for everybody", but twice and four times their own cycle.

For somebody who buys at random at a steady rate, a silence of k median intervals has the chance 2⁻ᵏ (Ehrenberg's NBD
model, 1959): one in four at 2, one in sixteen at 4. Who bought once has no interval, so the days that others took to
their second purchase stand in, at the same chances. Few intervals are weighed against the brand's by Bühlmann's
credibility n / (n + k), on logarithms because intervals are skewed. Pure.
"""

import dataclasses
import math
from typing import Literal

from wellspring.kernel.traits import Choice

Stage = Literal["new", "first", "repeat", "sleeping", "lost"]

SLEEPING_AFTER, LOST_AFTER = 2.0, 4.0
"""In cycles since the last purchase."""

SECOND_SHARES = (0.5, 1 - 2**-SLEEPING_AFTER, 1 - 2**-LOST_AFTER)
"""Of those who came back, the shares by whose days a single purchase is measured: expected, sleeping, lost."""

CREDIBILITY = 3.0
"""So many intervals of one's own weigh as much as the brand's (or the category's)."""

CATEGORY_CREDIBILITY = 20.0
"""So many repeat buyers of a category weigh as much as all categories together."""

CATEGORY_SHARE = 0.25
"""A category's cycle is the lower quartile of its buyers' own medians: who skips once, or buys elsewhere, only makes intervals longer."""

CYCLE_DAYS_MIN = 7.0
"""Below a week a rhythm is noise: nobody sleeps after two days."""

REPEATERS_MIN = 30
"""Repeat buyers below which a brand's own numbers say too little, and the assumed cycle stands in."""

DUE_FROM, DUE_UNTIL = 0.8, 2.0
"""A category is due from this share of its cycle until so many cycles have passed."""

STAGES: tuple[Choice, ...] = (
    Choice("new", "新客", "New"),
    Choice("first", "首购", "First purchase"),
    Choice("repeat", "复购", "Repeat"),
    Choice("sleeping", "沉睡", "Sleeping"),
    Choice("lost", "流失", "Lost"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Rhythm:
    """The brand's: the median cycle, and the days to a second purchase (expected, sleeping after, lost after)."""

    cycle_days: float
    second_days: tuple[float, float, float]
    repeaters: int


def rhythm(*, cycle_days: float, second_days: tuple[float, float, float], repeaters: int, assumed_days: float) -> Rhythm:
    """The brand's rhythm, or the assumed one while too few came back."""
    if repeaters < REPEATERS_MIN:
        cycle_days, second_days = assumed_days, (assumed_days, SLEEPING_AFTER * assumed_days, LOST_AFTER * assumed_days)
    expected, sleeping, lost = (max(days, CYCLE_DAYS_MIN) for days in second_days)
    return Rhythm(max(cycle_days, CYCLE_DAYS_MIN), (expected, max(sleeping, expected), max(lost, sleeping, expected)), repeaters)


def shrunk(own: float, count: int, prior: float, credibility: float = CREDIBILITY) -> float:
    """The own median of `count` intervals, drawn towards the prior."""
    if count == 0:
        return prior
    return math.exp((count * math.log(max(own, 1)) + credibility * math.log(prior)) / (count + credibility))


def cycle_of(own: float, intervals: int, brand: Rhythm) -> float:
    """The days from one purchase to the next that are expected of a buyer."""
    return max(shrunk(own, intervals, brand.cycle_days), CYCLE_DAYS_MIN) if intervals else brand.second_days[0]


def stage_of(own: float, intervals: int, silent_days: float, brand: Rhythm) -> Stage:
    """The stage of a buyer who was silent for so many days."""
    if intervals:
        cycle = cycle_of(own, intervals, brand)
        sleeping, lost = SLEEPING_AFTER * cycle, LOST_AFTER * cycle
    else:
        _, sleeping, lost = brand.second_days
    if silent_days > lost:
        return "lost"
    if silent_days > sleeping:
        return "sleeping"
    return "repeat" if intervals else "first"
