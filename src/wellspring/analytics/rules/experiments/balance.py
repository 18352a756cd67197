"""Sample ratio mismatch: units in the arms that the planned split would hardly ever give, so something else chose who is in them.

Pearson's chi-squared against the weights (Fabijan et al., "Diagnosing sample ratio mismatch", KDD 2019). Below 0.001 the
result is blocked (I32): a lift between groups that are not alike is no lift.
"""

from collections.abc import Sequence

from wellspring.analytics.contracts.experiments import Balance
from wellspring.analytics.rules.experiments.distributions import chi_squared_above

P_MIN = 0.001
"""Looked at daily for two months this stops about one sound experiment in a hundred, and any mismatch that matters."""


def balance(counts: Sequence[int], weights: Sequence[int]) -> Balance:
    """Whether so many units per arm fit the weights, in the same order; nobody at all fits.

    Units in an arm of weight 0 never fit. Raises ValueError for different lengths, negative values, or weights that are all 0.
    """
    total, whole = sum(counts), sum(weights)
    if len(counts) != len(weights) or not counts or min(*counts, *weights) < 0 or whole == 0:
        raise ValueError("every arm has a count and a weight, none negative and not all weights 0")
    expected = tuple(total * weight / whole for weight in weights)
    if any(count for count, share in zip(counts, expected, strict=True) if not share):
        return Balance(tuple(counts), expected, 0.0, is_blocked=True)
    planned = [(count, share) for count, share in zip(counts, expected, strict=True) if share]
    distance = sum((count - share) ** 2 / share for count, share in planned)
    p = chi_squared_above(distance, len(planned) - 1) if len(planned) > 1 else 1.0
    return Balance(tuple(counts), expected, p, p < P_MIN)
