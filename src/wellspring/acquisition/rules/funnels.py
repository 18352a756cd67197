"""What a funnel is worth: its grade, its cost, and comparisons of several with one error for all of them together."""

import math
import statistics
from collections.abc import Sequence

from wellspring.acquisition.contracts.cards import GRADES, Arm, Comparison, Metric, Range
from wellspring.acquisition.rules import shares

CONFIDENCE = 0.95


def grade(added: int, shipped: int) -> str:
    """Gives excellent (15 %), good (10 %), pass (5 %) or weak, of those added out of the cards shipped; empty where none was shipped."""
    if shipped <= 0:
        return ""
    return next((name for least, name in GRADES if added >= math.ceil(least * shipped - 1e-9)), "weak")


def cost_minor(*, shipped: int, card_cost_minor: int, gifts: int, gift_cost_minor: int) -> int:
    """What the cards and the gifts have cost."""
    return shipped * card_cost_minor + gifts * gift_cost_minor


def compare(metric: Metric, sides: Sequence[tuple[str, str, int, int]]) -> Comparison:
    """Measures (id, name, count, total) of each side against the first; intervals hold together at 95 % (Bonferroni).

    Says higher or lower only where the interval of the difference leaves 0 out. That the cards reached alike people is
    the sender's part: parcels must get their card by chance.
    """
    comparisons = max(len(sides) - 1, 1)
    z = statistics.NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2 / comparisons)
    _, _, base_count, base_total = sides[0]
    arms = []
    for place, (arm_id, name, count, total) in enumerate(sides):
        share = _range(shares.share(min(count, total), total))
        if place == 0:
            arms.append(Arm(arm_id, name, count, total, share))
            continue
        numbers = (min(count, total), total, min(base_count, base_total), base_total)
        gap = shares.difference(*numbers, z=z)
        lift = shares.lift(*numbers, z=z)
        arms.append(Arm(arm_id, name, count, total, share, _range(gap), None if lift is None else _range(lift), _verdict(gap)))
    return Comparison(metric, CONFIDENCE, arms)


def _verdict(gap: shares.Interval) -> str:
    if gap.low is not None and gap.low > 0:
        return "higher"
    return "lower" if gap.high is not None and gap.high < 0 else "unclear"


def _range(interval: shares.Interval) -> Range:
    return Range(interval.estimate, interval.low, interval.high)
