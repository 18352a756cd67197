"""Many experiments side by side: of those called findings, at most the named share is expected to be chance.

Benjamini and Hochberg, "Controlling the false discovery rate" (JRSS B 57, 1995): valid for independent or positively dependent
outcomes, which those of one campaign are. Any p will do, also those that may be looked at on any day.
"""

from collections.abc import Sequence

from wellspring.analytics.contracts.experiments import Standing, Tried


def q_values(p_values: Sequence[float]) -> list[float]:
    """For each p the smallest rate at which it is still found: the least of p₍ⱼ₎·m / j from its own rank up. In their order.

    Raises ValueError for a p outside 0 to 1.
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("p lies between 0 and 1")
    many, found, least = len(p_values), [0.0] * len(p_values), 1.0
    for rank, place in reversed(list(enumerate(sorted(range(many), key=lambda place: p_values[place]), start=1))):
        # The factor first: it is at least 1, so that rounding leaves no q below its p.
        least = min(least, p_values[place] * (many / rank))
        found[place] = least
    return found


def league(tried: Sequence[Tried], *, rate: float = 0.1) -> list[Standing]:
    """Findings first, by size of the effect; then all others, by how near they are to one.

    Give the same kind of effect of each (the lift), and everything that was tried: leaving out what failed is how chance gets in.
    """
    rated = zip(tried, q_values([one.effect.p for one in tried]), strict=True)
    standings = [Standing(one.name, one.effect, q, q <= rate) for one, q in rated]
    return sorted(standings, key=lambda standing: (not standing.is_found, -standing.effect.value if standing.is_found else standing.q))
