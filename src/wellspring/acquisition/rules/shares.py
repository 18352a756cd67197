"""Intervals of shares and of what two shares differ by, as closed forms.

Wilson's score interval (1927) for one share; for a difference Newcombe's hybrid of two of them (Statistics in Medicine
17, 1998, method 10); for a ratio the same idea by Donner and Zou (Statistical Methods in Medical Research 21, 2012,
MOVER). They hold for small counts and for shares near 0, where the textbook interval does not. 95 % by default.
"""

import dataclasses
import math

# The standard normal quantile of 97.5 %.
Z_95 = 1.959963984540054


@dataclasses.dataclass(frozen=True)
class Interval:
    """An estimate with its two ends; an end that cannot be told is None."""

    estimate: float
    low: float | None
    high: float | None


def share(count: int, total: int, *, z: float = Z_95) -> Interval:
    """Wilson's interval of count/total; of nothing it is everything from 0 to 1."""
    if total == 0:
        return Interval(0.0, 0.0, 1.0)
    found = count / total
    middle = found + z * z / (2 * total)
    spread = z * math.sqrt(found * (1 - found) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low = 0.0 if count == 0 else (middle - spread) / scale
    high = 1.0 if count == total else (middle + spread) / scale
    return Interval(found, max(low, 0.0), min(high, 1.0))


def difference(count: int, total: int, base_count: int, base_total: int, *, z: float = Z_95) -> Interval:
    """How much the first share is above the second, by Newcombe's method 10."""
    new, base = share(count, total, z=z), share(base_count, base_total, z=z)
    gap = new.estimate - base.estimate
    (new_low, new_high), (base_low, base_high) = _ends(new), _ends(base)
    low = gap - math.hypot(new.estimate - new_low, base_high - base.estimate)
    high = gap + math.hypot(new_high - new.estimate, base.estimate - base_low)
    return Interval(gap, low, high)


def lift(count: int, total: int, base_count: int, base_total: int, *, z: float = Z_95) -> Interval | None:
    """The first share over the second, minus 1, by MOVER; None where the second is 0 and there is nothing to compare with."""
    if not total or not base_total or not base_count:
        return None
    new, base = share(count, total, z=z), share(base_count, base_total, z=z)
    (new_low, new_high), (base_low, base_high) = _ends(new), _ends(base)
    product = new.estimate * base.estimate
    low_root = product * product - new_low * base_high * (2 * new.estimate - new_low) * (2 * base.estimate - base_high)
    high_root = product * product - new_high * base_low * (2 * new.estimate - new_high) * (2 * base.estimate - base_low)
    low_under, high_under = base_high * (2 * base.estimate - base_high), base_low * (2 * base.estimate - base_low)
    low = (product - math.sqrt(max(low_root, 0.0))) / low_under if low_under else None
    high = (product + math.sqrt(max(high_root, 0.0))) / high_under if high_under else None
    return Interval(new.estimate / base.estimate - 1, None if low is None else max(low, 0.0) - 1, None if high is None else high - 1)


def _ends(interval: Interval) -> tuple[float, float]:
    return interval.low or 0.0, 1.0 if interval.high is None else interval.high
