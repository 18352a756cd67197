"""A small count per member as nested sets: level k (from 1) holds those counted at least k times.

Counting once more is a carry from level to level, taking back is a borrow, and each undoes the other exactly. "At least
k" is one of the sets, which is what a cap asks; bit slices would be shorter and would have to be compared first. Levels
are never changed in place, so that a copy of a counter costs nothing.
"""

from collections.abc import Iterable

from pyroaring import BitMap

Levels = tuple[BitMap, ...]


def raised(levels: Levels, members: BitMap) -> Levels:
    """The levels after each of the members was counted once more."""
    found, rest = [], members
    for level in levels:
        if not rest:
            break
        found.append(level | rest)
        rest = rest & level
    kept = levels[len(found) :]
    # What is left over has passed every level, and is a set that belongs to the caller.
    return (*found, BitMap(rest)) if rest else (*found, *kept)


def lowered(levels: Levels, members: BitMap) -> Levels:
    """The levels after each of the members was counted once less; raises ValueError for somebody whose count is 0."""
    found, rest = list(levels), members
    for place in reversed(range(len(levels))):
        taken = rest & levels[place]
        if taken:
            found[place] = levels[place] - taken
            rest = rest - taken
    if rest:
        raise ValueError(f"{len(rest)} members were not counted")
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def moved(levels: Levels, source: int, target: int) -> Levels:
    """The levels after the count of one member went to another, who keeps their own besides."""
    times = sum(source in level for level in levels)
    for _ in range(times):
        levels = raised(lowered(levels, BitMap([source])), BitMap([target]))
    return levels


def at_least(counted: Iterable[Levels], times: int) -> BitMap:
    """Those whose counts add up to at least `times` (1 or more)."""
    sets = [level for levels in counted for level in levels[:times]]
    if times == 1:
        return BitMap.union(*sets) if sets else BitMap()
    total = [BitMap() for _ in range(times)]
    for members in sets:
        for place in range(times - 1, 0, -1):
            if total[place - 1]:
                total[place] |= total[place - 1] & members
        total[0] |= members
    return total[-1]
