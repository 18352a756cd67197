"""Which part of a random split takes which buckets; another ratio moves as few people as can be (J17).

Ten thousand buckets by the published hash are dealt to the arms when a version is published: each keeps what it had, up
to what it is due now, and only what is over goes to those who are due more.
"""

from collections.abc import Mapping, Sequence

from wellspring.kernel.buckets import BUCKETS

Spans = list[tuple[int, int, str]]


def dealt(weights: Mapping[str, int], before: Sequence[Sequence[object]] = ()) -> Spans:
    """Spans [first, end) of buckets with their arm, from the weights and the spans of the version before."""
    due = _due(weights)
    owner: list[str | None] = [None] * BUCKETS
    left = dict(due)
    for first, end, arm in before:
        for place in range(int(str(first)), int(str(end))):
            if left.get(str(arm), 0) > 0:
                owner[place] = str(arm)
                left[str(arm)] -= 1
    wanting = [arm for arm in due for _ in range(left[arm])]
    free = iter(wanting)
    filled = [arm if arm is not None else next(free) for arm in owner]
    spans: Spans = []
    for place, arm in enumerate(filled):
        if spans and spans[-1][2] == arm:
            spans[-1] = (spans[-1][0], place + 1, arm)
        else:
            spans.append((place, place + 1, arm))
    return spans


def _due(weights: Mapping[str, int]) -> dict[str, int]:
    """Whole buckets that add up to all of them: the largest fractions are rounded up, in the order of the arms."""
    total = sum(weights.values())
    exact = {arm: weight * BUCKETS / total for arm, weight in weights.items()}
    due = {arm: int(share) for arm, share in exact.items()}
    order = sorted(weights, key=lambda arm: (due[arm] - exact[arm], list(weights).index(arm)))
    for arm in order[: BUCKETS - sum(due.values())]:
        due[arm] += 1
    return due
