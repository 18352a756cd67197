"""The members most like an audience: the model fitted, everybody else ranked, and what it went by."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from pyroaring import BitMap

from wellspring.audiences import errors
from wellspring.audiences.facts import likeness
from wellspring.audiences.rules import likeness as rules
from wellspring.audiences.service.asking import Asking

# Fewer than this tell nothing that chance would not.
_SEED_MIN = 10


@dataclasses.dataclass(frozen=True)
class Likeness:
    """The members, how many of the seed could be learnt from, and the weight of each standardised feature."""

    members: BitMap
    seed: int
    weights: Sequence[tuple[str, float]]


def alike(asking: Asking, seed: BitMap, size: int) -> Likeness:
    """The `size` members with the highest odds of being like the seed, the seed itself left out; ties to the lower number.

    Fitted once per evaluation. Raises SeedTooSmall when fewer than ten of the seed have bought, or nobody else has.
    """
    key = (seed.serialize(), size)
    if key not in asking.kept:
        asking.kept[key] = _fitted(asking, seed, size)
    found = asking.kept[key]
    assert isinstance(found, Likeness)  # noqa: S101 - nothing else is kept under such a key
    return found


def _fitted(asking: Asking, seed: BitMap, size: int) -> Likeness:
    found = likeness.profiles(asking.reader, asking.cut())
    universe = asking.universe
    kept = np.fromiter((number in universe for number in found.members), dtype=bool, count=len(found.members))
    members, features = found.members[kept], rules.standardised(found.features[kept]) if kept.any() else found.features[kept]
    is_seed = np.fromiter((number in seed for number in members), dtype=bool, count=len(members))
    if is_seed.sum() < _SEED_MIN or is_seed.all():
        raise errors.SeedTooSmall(seed=int(is_seed.sum()), limit=_SEED_MIN)
    weights = rules.fitted(features, is_seed)
    odds = rules.scores(features[~is_seed], weights)
    others = members[~is_seed]
    best = others[np.lexsort((others, -odds))][:size]
    return Likeness(BitMap(best), int(is_seed.sum()), list(zip(found.names, (float(weight) for weight in weights[1:]), strict=True)))
