"""Where the windows of kept leaves ended at the last cut, and where they end now."""

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.audiences.rules import tree
from wellspring.audiences.rules.windows import EARLIEST, Span, day_of, span
from wellspring.audiences.service.asking import Asking
from wellspring.kernel.sets import to_column

_Numbers = npt.NDArray[np.uint32]


def capped(window: Span, now: int) -> Span:
    """The window up to now: what is ahead is not seen yet."""
    return window[0], min(window[1], now + 1)


def edges_of(leaf: tree.Leaf, before: int, asking: Asking) -> list[tuple[Span, Span]]:
    """The borders of a leaf in event time, at the last cut and at this one: who lies between may have changed."""
    now, zone = asking.instant.now, asking.zone
    found = [((EARLIEST, before + 1), (EARLIEST, now + 1))]
    if isinstance(leaf, tree.Did | tree.Last | tree.First) and leaf.window is not None:
        windows = [capped(span(leaf.window, now=at, zone=zone), at) for at in (before, now)]
        found.append((windows[0], windows[1]))
    if isinstance(leaf, tree.Last | tree.First) and leaf.comparison is not None and isinstance(leaf.comparison.value, tree.Duration):
        millis = leaf.comparison.value.millis
        found.append(((before - millis + 1, before + 1), (now - millis + 1, now + 1)))
    return found


def stands_for_today(leaf: tree.Leaf, before: int, asking: Asking) -> bool:
    """Whether the leaf is about days of the year, and the day has ended nowhere since it was asked."""
    if not isinstance(leaf, tree.Attribute) or leaf.comparison.op is not tree.Op.ANNIVERSARY:
        return False
    return all(day_of(before, zone) == day_of(asking.instant.now, zone) for zone in (asking.zone, *asking.zones))


def outside(members: _Numbers, some: BitMap) -> npt.NDArray[np.bool_]:
    """Which of the members are not among some."""
    if not some:
        return np.ones(len(members), dtype=bool)
    return ~np.isin(members, to_column(some))
