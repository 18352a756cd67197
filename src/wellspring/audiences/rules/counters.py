"""Bit-sliced counters: one whole number per member, kept as sets.

Set i holds the members whose number has bit i, one more those whose number is negative (O'Neil and Quass, "Improved
Query Performance with Variant Indexes", SIGMOD 1997, call it a bit-sliced index). A few hundred changes among millions
of members are a few operations on small sets, and nearly equal members share containers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.audiences.rules.tree import Comparison, Op
from wellspring.audiences.rules.values import is_number
from wellspring.kernel.sets.columns import from_column, to_column

Numbers = npt.NDArray[np.uint32]
Values = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_ORDERED: dict[Op, Callable[[Any, float], Any]] = {
    Op.GT: lambda found, wanted: found > wanted,
    Op.GTE: lambda found, wanted: found >= wanted,
    Op.LT: lambda found, wanted: found < wanted,
    Op.LTE: lambda found, wanted: found <= wanted,
}


class Counter:
    """A number for every member; of most it is 0, which costs nothing."""

    def __init__(self) -> None:
        self._slices: list[BitMap] = []
        self._negative = BitMap()

    @classmethod
    def of(cls, members: Numbers, values: Values) -> "Counter":
        """The counter in which these members have these values, and all others 0."""
        counter = cls()
        counter._change(members, np.zeros(len(members), dtype=np.int64), values)
        return counter

    def members(self) -> BitMap:
        """Everyone whose number is not 0."""
        return BitMap.union(*self._slices) if self._slices else BitMap()

    def get(self, members: Numbers) -> Values:
        """The numbers of some members, who are given in rising order."""
        found = np.zeros(len(members), dtype=np.int64)
        wanted = from_column(members)
        for bit, held in enumerate(self._slices):
            found[_places(members, held & wanted)] += np.int64(1 << bit)
        negative = _places(members, self._negative & wanted)
        found[negative] = -found[negative]
        return found

    def add(self, members: Numbers, amounts: Values) -> Values:
        """Adds to the numbers of some members (each once, in rising order); gives the new ones."""
        before = self.get(members)
        after = before + amounts
        self._change(members, before, after)
        return after

    def put(self, members: Numbers, values: Values) -> None:
        """Sets the numbers of some members (each once, in rising order)."""
        self._change(members, self.get(members), values)

    def highest(self, count: int, among: BitMap) -> BitMap:
        """The `count` members of `among` with the highest numbers; a tie at the edge goes to the lower member.

        From the highest bit down, as long as there is room: those that have it are in, or are all that may still be.
        """
        above, level = BitMap(), among - self._negative
        if len(level) < count:
            return self._with_negative(count, among, level)
        for held in reversed(self._slices):
            with_bit = level & held
            if len(above) + len(with_bit) <= count:
                above |= with_bit
                level -= with_bit
            else:
                level = with_bit
        return above | level[: count - len(above)]

    def _with_negative(self, count: int, among: BitMap, others: BitMap) -> BitMap:
        negative = to_column(among & self._negative)
        order = np.lexsort((negative, -self.get(negative)))
        return others | from_column(negative[order][: count - len(others)])

    def _change(self, members: Numbers, before: Values, after: Values) -> None:
        old, new = np.abs(before), np.abs(after)
        differs = old ^ new
        width = int(new.max(initial=0)).bit_length()
        while len(self._slices) < width:
            self._slices.append(BitMap())
        for bit, held in enumerate(self._slices):
            changed = members[(differs >> np.int64(bit)) & np.int64(1) == 1]
            if len(changed):
                self._slices[bit] = held ^ from_column(changed)
        flipped = members[(before < 0) != (after < 0)]
        if len(flipped):
            self._negative ^= from_column(flipped)


def compared(values: Values | npt.NDArray[np.float64], comparison: Comparison, *, scale: int = 1) -> Mask:
    """Where the comparison holds of the numbers, which are `scale` times what is compared with."""
    op, wanted = comparison.op, comparison.value
    if op in _ORDERED:
        found: Mask = _ORDERED[op](values, _scaled(wanted, scale))
        return found
    one_of = wanted if isinstance(wanted, tuple) else (wanted,)
    if op is Op.BETWEEN:
        low, high = (_scaled(one, scale) for one in one_of)
        between: Mask = (values >= low) & (values <= high)
        return between
    equal: Mask = np.isin(values, [_scaled(one, scale) for one in one_of if is_number(one)])
    return ~equal if op in {Op.IS_NOT, Op.NOT_IN} else equal


def _scaled(wanted: object, scale: int) -> float:
    assert isinstance(wanted, int | float)  # noqa: S101 - read() lets nothing else pass
    # As the engine's literals are (facts.terms): 0.07 * 10,000 is 700.0000000000001, and is meant in decimal.
    return round(wanted * scale, 6) if scale > 1 else wanted


def _places(members: Numbers, some: BitMap) -> npt.NDArray[np.intp]:
    return np.searchsorted(members, to_column(some))
