"""Best slots: of many contents each member gets the few that are worth most to them, all members at once.

Contents are worth a number to each tier of members (affinity, stage, or single members with equal value). The pairs of
content and tier are walked in falling order of value; a pair takes those of its tier who still have a slot. As slots are
per member, what one gets never costs another anything, so the walk is the best there is (the greedy of a uniform matroid;
Edmonds, "Matroids and the greedy algorithm", 1971). Totals of contents tie members together: then the same walk earns at
least half of the best (Korte and Hausmann, 1978, for two matroids), and `best` without totals says how much at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.engagement.rules.levels import Levels
from wellspring.kernel.sets.columns import Column, from_column, to_column
from wellspring.kernel.sets.splitting import hashed

# WeCom shows a customer three posts of one enterprise a day; nothing that we plan for has more places than this.
SLOTS_MAX = 20
# Values of single members are told apart this finely; 50 contents are then 3,200 pairs.
TIERS_MAX = 64


@dataclass(frozen=True)
class Tier:
    """Members to whom a content is worth the same; a value of 0 or less is never worth a slot."""

    members: BitMap
    value: int


@dataclass(frozen=True)
class Content:
    """What could be shown: its worth by tier, for whom it is meant (None: all), and how often at most (None: any)."""

    id: str
    tiers: tuple[Tier, ...]
    eligible: BitMap | None = None
    total: int | None = None


@dataclass(frozen=True)
class Chosen:
    """Who gets which content, every content named; and the value of it all."""

    given: dict[str, BitMap]
    value: int


def best(contents: Sequence[Content], slots: int, *, salt: str, used: Levels = ()) -> Chosen:
    """At most `slots` different contents for each member (fewer for those who used some today, by level), of highest value.

    In whole numbers, so that the sum is exact. Equal values go by the order of the contents. Where a total does not reach
    for all who want the content equally, a stable hash of the member decides. Of several tiers a member's highest counts.
    """
    if not 1 <= slots <= SLOTS_MAX:
        raise ValueError(f"there are 1 to {SLOTS_MAX} slots")
    walk = [(-tier.value, place, tier.members) for place, content in enumerate(contents) for tier in content.tiers if tier.value > 0]
    walk.sort(key=lambda pair: pair[:2])
    free = BitMap().union(*(members for _, _, members in walk))
    levels = [free & level for level in used[:slots]]
    levels += [BitMap() for _ in range(slots - len(levels))]
    free -= levels[-1]
    given = [BitMap() for _ in contents]
    value = 0
    for worth, place, members in walk:
        if not free:
            break
        taken = _taken(members & free, contents[place], given[place], salt)
        if not taken:
            continue
        given[place] |= taken
        value -= worth * len(taken)
        free -= _filled(levels, taken)
    return Chosen({content.id: members for content, members in zip(contents, given, strict=True)}, value)


def tiers_of(members: Column, values: npt.NDArray[np.int64], *, tiers_max: int = TIERS_MAX) -> tuple[Tier, ...]:
    """Tiers from a value per member (columns of one length, each member once); values of 0 or less are left out.

    Exact while there are no more than `tiers_max` different values. Beyond that values are rounded down to steps of equal
    width (the highest / tiers_max, rounded up), so that what a member gets is worth less than the best by at most a step a slot.
    """
    is_worth = values > 0
    members, values = members[is_worth], values[is_worth]
    if not len(members):
        return ()
    found = np.unique(values)
    if len(found) > tiers_max:
        step = -(-int(found[-1]) // tiers_max)
        # Whatever is worth less than a step is still worth something, so the lowest step keeps its lowest value.
        values = np.maximum(values // step * step, found[0])
    order = np.argsort(values, kind="stable")
    found, starts = np.unique(values[order], return_index=True)
    pieces = np.split(members[order], starts[1:])
    return tuple(Tier(from_column(piece), value) for value, piece in zip(found.tolist(), pieces, strict=True))


def _taken(wanting: BitMap, content: Content, had: BitMap, salt: str) -> BitMap:
    if content.eligible is not None:
        wanting &= content.eligible
    if had:
        wanting -= had
    if content.total is None or len(wanting) <= content.total - len(had):
        return wanting
    left = content.total - len(had)
    numbers = to_column(wanting)
    # The hash of the content too, or the same members would win every scarce content.
    order = np.argsort(hashed(numbers, f"{salt}:{content.id}"), kind="stable")
    return from_column(numbers[order[: max(0, left)]])


def _filled(levels: list[BitMap], taken: BitMap) -> BitMap:
    """Counts one more slot for each; gives those who have none left."""
    rest = taken
    for place, level in enumerate(levels):
        here = rest
        rest = level & here
        levels[place] = level | here
        if place == len(levels) - 1:
            return here
        if not rest:
            break
    return BitMap()
