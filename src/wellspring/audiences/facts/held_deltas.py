"""What changed between two cuts, of a kind whose rows are held: the rows that came are the last ones, those that aged are slices.

Counters with a condition on properties still ask the log, and only of what came and of whom anything aged.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from wellspring.audiences.facts import deltas, held
from wellspring.audiences.facts.deltas import Edges, Moved, Passed
from wellspring.audiences.facts.events import Cut, Reader
from wellspring.audiences.facts.held_rows import Block, View, joined
from wellspring.audiences.rules.tree import MeasureKind
from wellspring.audiences.rules.windows import EARLIEST, Span


def passed(
    reader: Reader, view: View, event: str, edges: Sequence[Edges], cut: Cut, *, since: int, spans: Sequence[tuple[Span, Span]]
) -> Passed:
    """As `deltas.passed`, of a view up to the cut."""
    came, aged = view.since(since), _aged(view, spans, since)
    told = _told(reader, view, event, edges, cut, since=since, came=len(came.member))
    block = joined(came, aged)
    fresh = np.zeros(len(block.member), dtype=bool)
    fresh[: len(came.member)] = True
    members = held.holding(reader.ws, block.member)
    order = np.argsort(members, kind="stable")
    grouped = _Grouped(members[order], block.of(order), fresh[order])
    moved = [told.pop(0) if not reader.holds(one.spec) else grouped.moved(one) for one in edges]
    return Passed(moved, grouped.members, np.unique(members[~fresh]), len(came.member), len(aged.member))


class _Grouped:
    """Rows by member."""

    def __init__(self, member: npt.NDArray[np.uint32], block: Block, fresh: npt.NDArray[np.bool_]) -> None:
        self._block, self._fresh = block, fresh
        begins = np.ones(len(member), dtype=bool)
        begins[1:] = member[1:] != member[:-1]
        self._begins = np.flatnonzero(begins)
        self.members = member[self._begins]

    def moved(self, edges: Edges) -> Moved:
        """What a counter gains and loses."""
        at = self._block.at
        is_in = (at >= edges.after[0]) & (at < edges.after[1])
        was_in = ~self._fresh & (at >= edges.before[0]) & (at < edges.before[1])
        amounts = is_in.astype(np.int64) - was_in
        if edges.spec.measure.kind is MeasureKind.SUM:
            amounts *= self._block.amount
        summed = np.add.reduceat(amounts, self._begins) if len(amounts) else amounts
        kept = summed != 0
        return Moved(self.members[kept], summed[kept])


def _told(reader: Reader, view: View, event: str, edges: Sequence[Edges], cut: Cut, *, since: int, came: int) -> list[Moved]:
    """The deltas of the counters that rows in memory cannot decide."""
    asked = [one for one in edges if not reader.holds(one.spec)]
    spans = [(one.before, one.after) for one in asked]
    whose: list[int] = np.unique(_aged(view, spans, since).member).tolist() if asked else []
    if not asked or not (came or whose):
        nothing: npt.NDArray[Any] = np.zeros(0, dtype=np.int64)
        return [Moved(nothing.astype(np.uint32), nothing) for _ in asked]
    return list(deltas.passed(reader, event, asked, cut, since=since, spans=spans, whose=whose).moved)


def _aged(view: View, spans: Sequence[tuple[Span, Span]], since: int) -> Block:
    """Rows known before that lie between where an edge was and where it is, each once."""
    between = {
        (min(was, now), max(was, now))
        for before, after in spans
        for was, now in zip(before, after, strict=True)
        if was != now and max(was, now) > EARLIEST
    }
    found = joined(*(view.between(low, high) for low, high in between)) if between else view.between(0, 0)
    found = found.of(found.arrival <= since)
    _arrivals, first = np.unique(found.arrival, return_index=True)
    return found.of(first)
