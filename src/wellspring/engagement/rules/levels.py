"""A small count per member as nested sets: level k (from 1) holds those counted at least k times.

Counting once more is a carry from level to level, taking back is a borrow, and each undoes the other exactly. "At least
k" is one of the sets, which is what a cap asks; bit slices would be shorter and would have to be compared first. Levels
are never changed in place, so that a copy of a counter costs nothing.
"""

from collections.abc import Iterable, Sequence

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


def at_least(counted: Iterable[Levels], times: int, among: BitMap) -> BitMap:
    """Those of `among` whose counts add up to at least `times` (1 or more)."""
    sets = [level for levels in counted for level in levels[:times]]
    if len(sets) < times:
        return BitMap()
    # A zone in which few live costs as little as it holds.
    if len(among) * 4 < max(map(len, sets)):
        sets = [level & among for level in sets]
    if times == 1:
        return BitMap.union(*sets) & among
    # 2 * times - 1 operations a set against five of an adder.
    return (_carried(sets, times) if times <= 3 else _added(sets, times)) & among


def _carried(sets: Sequence[BitMap], times: int) -> BitMap:
    total = [BitMap() for _ in range(times)]
    for members in sets:
        for place in range(times - 1, 0, -1):
            if total[place - 1]:
                total[place] |= total[place - 1] & members
        total[0] |= members
    return total[-1]


def _added(sets: Sequence[BitMap], times: int) -> BitMap:
    """Adds up as hardware does, three sets of one weight to one and a carry, then compares bit by bit from the lowest."""
    weights = [list(sets)]
    place = 0
    while place < len(weights):
        same = weights[place]
        while len(same) > 1:
            first, second, third = same.pop(), same.pop(), same.pop() if same else BitMap()
            either = first ^ second
            carry = (first & second) | (either & third)
            # At the end of the line, so that operands stay of one size.
            same.insert(0, either ^ third)
            if carry:
                if place + 1 == len(weights):
                    weights.append([])
                weights[place + 1].append(carry)
        place += 1
    if times.bit_length() > len(weights):
        return BitMap()
    bits = [same[0] for same in weights]
    found = BitMap.union(*bits)
    for weight, bit in enumerate(bits):
        found = bit & found if times >> weight & 1 else bit | found
    return found
