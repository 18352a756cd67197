"""How a leaf is kept up between two ticks: by a counter, for the touched members alone, or anew.

Counts and sums of rolling and fixed windows are arithmetic. What arithmetic cannot carry is asked again for whom
something arrived or aged; what depends on each member's own zone, or on everybody, is asked anew.
"""

import dataclasses
import enum

import numpy as np

from wellspring.audiences.rules import tree, write
from wellspring.audiences.rules.counters import Mask, Values, compared
from wellspring.audiences.rules.tree import Comparison, MeasureKind, Node, Op, Zone
from wellspring.audiences.rules.values import number_matches

_COUNTED = frozenset({MeasureKind.COUNT, MeasureKind.SUM})
# Every number is at least this: a condition that says that a property is a number.
_LOWEST = -1.7e308
_OF_ZONE = frozenset({Op.ANNIVERSARY})
# Comparisons whose answer moves with the clock alone.
TIMED = frozenset({Op.BEFORE, Op.AFTER, Op.WITHIN_LAST, Op.WITHIN_NEXT, Op.ANNIVERSARY})


class Way(enum.Enum):
    """How a leaf is kept up."""

    COUNTED = "counted"
    RANKED = "ranked"
    PAIRED = "paired"
    MEASURED = "measured"
    TOUCHED = "touched"
    PROFILE = "profile"
    ANEW = "anew"
    RELATED = "related"


def way_of(leaf: tree.Leaf) -> Way:
    """The cheapest way that is exact."""
    match leaf:
        case tree.Did():
            if _moves_by_clock(leaf.where) or is_of_member_zone(leaf):
                return Way.ANEW
            return Way.COUNTED if leaf.measure.kind in _COUNTED else _paired_or(Way.MEASURED, leaf)
        case tree.Top():
            is_plain = leaf.measure.kind in _COUNTED and not _moves_by_clock(leaf.where) and not is_of_member_zone(leaf)
            return Way.RANKED if is_plain else Way.ANEW
        case tree.Last() | tree.First():
            return Way.ANEW if is_of_member_zone(leaf) or _moves_by_clock(leaf.where) else _paired_or(Way.TOUCHED, leaf)
        case tree.Sequence(steps):
            return Way.ANEW if any(_moves_by_clock(step.where) for step in steps) else Way.TOUCHED
        case tree.Attribute(_, comparison):
            return Way.ANEW if comparison.op in TIMED else Way.PROFILE
        case tree.Sample():
            return Way.PROFILE
        case _:
            return Way.RELATED


def is_of_member_zone(leaf: tree.Did | tree.Last | tree.First | tree.Top) -> bool:
    """Whether the answer depends on the zone that the member lives in."""
    if isinstance(leaf.window, tree.Calendar) and leaf.window.zone is Zone.MEMBER:
        return True
    if any(one.comparison.op in _OF_ZONE for one in leaf.where):
        return True
    if isinstance(leaf, tree.Last | tree.First):
        return leaf.comparison is not None and leaf.comparison.op in _OF_ZONE
    return leaf.zone is Zone.MEMBER and leaf.measure.kind is MeasureKind.DAYS


def simplified(leaf: tree.Leaf) -> Node:
    """First and last times as counts, where that says the same: last before 30 days ago is one ever and none of late."""
    if not isinstance(leaf, tree.Last | tree.First) or leaf.window is not None:
        return leaf
    ever = tree.Did(leaf.event, leaf.where)
    comparison = leaf.comparison
    if comparison is None or comparison.op is Op.EXISTS:
        return ever
    if comparison.op is Op.MISSING:
        return tree.Did(leaf.event, leaf.where, comparison=Comparison(Op.IS, 0))
    if (
        isinstance(leaf, tree.First)
        or not isinstance(comparison.value, tree.Duration)
        or comparison.op not in {Op.BEFORE, Op.AFTER, Op.WITHIN_LAST}
    ):
        return leaf
    recent = tree.Did(leaf.event, leaf.where, window=tree.Rolling(comparison.value.millis))
    return tree.All((ever, tree.Not(recent))) if comparison.op is Op.BEFORE else recent


def counting(leaf: tree.Top) -> tree.Did:
    """The number by which members are ranked."""
    return tree.Did(leaf.event, leaf.where, leaf.measure, window=leaf.window, zone=leaf.zone)


def having(leaf: tree.Top | tree.Did) -> tree.Did:
    """How many events say that a member has such a number at all: a sum of no number is none, one that comes to 0 is."""
    is_number = () if leaf.measure.property is None else (tree.Where(leaf.measure.property, Comparison(Op.GTE, _LOWEST)),)
    return tree.Did(leaf.event, leaf.where + is_number, window=leaf.window, zone=leaf.zone)


def pair_of(leaf: tree.Leaf) -> tuple[tree.Did, tree.Did] | None:
    """The two numbers that decide a leaf, None where there are no such two.

    An average is a sum by a count. Whose first event lies within the last days has as many events there as ever.
    """
    if isinstance(leaf, tree.Did) and leaf.measure.kind is MeasureKind.AVG and tree.array_and_field(str(leaf.measure.property))[0] is None:
        summed = tree.Measure(MeasureKind.SUM, leaf.measure.property)
        return tree.Did(leaf.event, leaf.where, summed, window=leaf.window, zone=leaf.zone), having(leaf)
    if not isinstance(leaf, tree.First) or leaf.window is not None or leaf.comparison is None:
        return None
    comparison = leaf.comparison
    if comparison.op not in {Op.AFTER, Op.WITHIN_LAST} or not isinstance(comparison.value, tree.Duration):
        return None
    return tree.Did(leaf.event, leaf.where, window=tree.Rolling(comparison.value.millis)), tree.Did(leaf.event, leaf.where)


def holds_of_pair(leaf: tree.Leaf, first: Values, second: Values, *, scale: int) -> Mask:
    """Where the leaf holds of members by its two numbers, of whom the second is not 0."""
    if isinstance(leaf, tree.Did):
        if leaf.comparison.op in {Op.EXISTS, Op.MISSING}:
            return np.full(len(first), leaf.comparison.op is Op.EXISTS)
        return compared(first / np.maximum(second, 1), leaf.comparison, scale=scale)
    both: Mask = first == second
    return both


def counter_key(leaf: tree.Leaf) -> bytes:
    """Leaves of the same key count the same; of one that counts nothing there is none."""
    if isinstance(leaf, tree.Top):
        leaf = counting(leaf)
    elif way_of(leaf) is Way.PAIRED and (pair := pair_of(leaf)) is not None:
        leaf = pair[0]
    return write.canonical(dataclasses.replace(leaf, comparison=tree.AT_LEAST_ONCE, is_bare=False)) if isinstance(leaf, tree.Did) else b""


def takes_nothing(leaf: tree.Leaf) -> bool:
    """Whether members without any event satisfy it."""
    return isinstance(leaf, tree.Did) and number_matches(0 if leaf.measure.kind in tree.ZERO_OF_NOTHING else None, leaf.comparison)


def least_distinct(leaf: tree.Leaf) -> float | None:
    """How many different values a leaf asks for at least; None where it does not, or where one event may have several."""
    if not isinstance(leaf, tree.Did) or leaf.measure.kind is not MeasureKind.DISTINCT or leaf.comparison.op not in {Op.GT, Op.GTE}:
        return None
    wanted = leaf.comparison.value
    is_single = tree.array_and_field(str(leaf.measure.property))[0] is None
    return wanted if is_single and isinstance(wanted, int | float) and wanted > 0 else None


def kinds_of(leaf: tree.Leaf) -> frozenset[str]:
    """The events that a leaf looks at."""
    if isinstance(leaf, tree.Sequence):
        return frozenset(step.event for step in leaf.steps)
    return frozenset({leaf.event}) if isinstance(leaf, tree.Did | tree.Last | tree.First | tree.Top) else frozenset()


def _paired_or(otherwise: Way, leaf: tree.Leaf) -> Way:
    return otherwise if pair_of(leaf) is None else Way.PAIRED


def _moves_by_clock(where: tuple[tree.Where, ...]) -> bool:
    """Whether a condition on an event's property is about now: such an event comes and goes without a window."""
    return any(one.comparison.op in TIMED and isinstance(one.comparison.value, tree.Duration) for one in where)
