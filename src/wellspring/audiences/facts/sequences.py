"""Sequences: the events of all steps in order, and one pass over them for everybody at once.

For each step the latest completion before a row is what counts: a later one is nearer to the next step and leaves less
room for what must not happen between. That makes the whole a few running maxima over columns.
"""

from collections.abc import Sequence as Many
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.audiences.facts import properties
from wellspring.audiences.facts.events import LEAF_SECONDS_MAX, Cut, Reader
from wellspring.audiences.facts.terms import Bound
from wellspring.audiences.rules.tree import Absent, Sequence, Step
from wellspring.kernel.sets import from_column

# Rows held at once, 16 bytes each and some ten working columns: about 1 GB at the most.
_ROWS_MAX = 10_000_000
_MEMBERS_MAX = 50_000
_ROW = [("m", "<u4"), ("t", "<i8"), ("b", "<u4")]
_Mask = npt.NDArray[np.bool_]
_Places = npt.NDArray[np.int64]


def members(reader: Reader, leaf: Sequence, cut: Cut) -> BitMap:
    """The members who went through the steps."""
    bound = Bound()
    asked = _question(reader, leaf.steps, cut, bound)
    # Of a few touched members there is never too much to hold at once.
    is_counted = cut.among is None or len(cut.among) > _MEMBERS_MAX
    parts = -(-_rows_at_most(reader, leaf.steps) // _ROWS_MAX) if is_counted else 1
    found = BitMap()
    for part in range(parts):
        share = f" WHERE m % {parts} = {part}" if parts > 1 else ""
        answer = reader.ws.log.query(
            f"SELECT m, t, b FROM ({asked}){share} ORDER BY m, t, a", bound.params, fmt="RowBinary", seconds_max=LEAF_SECONDS_MAX
        )
        found |= through(leaf.steps, np.frombuffer(answer, dtype=_ROW))
    return found


def through(steps: Many[Step | Absent], events: npt.NDArray[Any]) -> BitMap:
    """Who went through, of rows (member, instant, bit i where step i matches) by member, instant and arrival."""
    if not len(events):
        return BitMap()
    rows = _Rows(events)
    completed: _Mask | None = None
    forbidden = np.zeros(len(events), dtype=bool)
    for place, step in enumerate(steps):
        matching = (events["b"] >> np.uint32(place)) & np.uint32(1) == 1
        if isinstance(step, Absent):
            forbidden |= matching
            continue
        completed = rows.started(matching, forbidden) if completed is None else rows.followed(matching, completed, forbidden, step)
        forbidden = np.zeros(len(events), dtype=bool)
    if completed is None:
        return BitMap()
    return from_column(np.unique(events["m"][rows.unspoilt(completed, forbidden)]))


class _Rows:
    """The rows with the place where each one's member begins."""

    def __init__(self, events: npt.NDArray[Any]) -> None:
        self._at = events["t"]
        self._place = np.arange(len(events), dtype=np.int64)
        first = np.ones(len(events), dtype=bool)
        first[1:] = events["m"][1:] != events["m"][:-1]
        self._begin = np.maximum.accumulate(np.where(first, self._place, 0))
        last = np.ones(len(events), dtype=bool)
        last[:-1] = first[1:]
        ends = self._place[last]
        self._end = ends[np.cumsum(first) - 1]

    def started(self, matching: _Mask, forbidden: _Mask) -> _Mask:
        """Rows that can be the first step: nothing forbidden came before."""
        return matching & (self._before(forbidden) < 0)

    def followed(self, matching: _Mask, completed: _Mask, forbidden: _Mask, step: Step) -> _Mask:
        """Rows that complete the next step after the latest completion of the last one."""
        previous = self._before(completed)
        found = matching & (previous >= 0) & (self._before(forbidden) <= previous)
        if step.within is not None:
            found &= self._at - self._at[np.maximum(previous, 0)] <= step.within.millis
        return found

    def unspoilt(self, completed: _Mask, forbidden: _Mask) -> _Mask:
        """Completions after which nothing forbidden came."""
        if not forbidden.any():
            return completed
        marks = np.where(forbidden, self._place, -1)
        # The running maximum at a member's last row, where it lies within the member, is the member's last forbidden row.
        latest = np.maximum.accumulate(marks)[self._end]
        kept: _Mask = completed & (latest <= self._place)
        return kept

    def _before(self, mask: _Mask) -> _Places:
        """The latest place of the mask strictly before each row and of the same member, else -1."""
        running = np.maximum.accumulate(np.where(mask, self._place, -1))
        shifted = np.empty_like(running)
        shifted[0], shifted[1:] = -1, running[:-1]
        return np.where(shifted >= self._begin, shifted, -1)


def _rows_at_most(reader: Reader, steps: Many[Step | Absent]) -> int:
    """All rows of the kinds: known from the index, where counting those that match takes as long as reading them."""
    bound = Bound()
    kinds = bound.add(sorted({step.event for step in steps}), "Array(String)")
    return int(reader.ws.log.query(f"SELECT count() FROM {reader.log} WHERE kind IN {kinds}", bound.params, fmt="TSV") or 0)


def _question(reader: Reader, steps: Many[Step | Absent], cut: Cut, bound: Bound) -> str:
    bits, wanted = [], []
    for place, step in enumerate(steps):
        parts = [f"kind = {bound.text(step.event)}", *properties.holds(step.where, reader.shape(step.event), cut.moment, bound)]
        matched = " AND ".join(f"({part})" for part in parts)
        wanted.append(f"({matched})")
        bits.append(f"bitShiftLeft(toUInt32({matched}), {place})")
    # Named apart, so that the engine can skip everything else by its sorting key.
    kinds = bound.add(sorted({step.event for step in steps}), "Array(String)")
    conditions = [
        f"kind IN {kinds}",
        f"at < {bound.millis(cut.moment.now + 1)}",
        *reader.cut_conditions(cut, bound),
        f"({' OR '.join(wanted)})",
    ]
    columns = f"toUInt32({reader.holder}) AS m, toUnixTimestamp64Milli(at) AS t, arrival_no AS a, toUInt32({' + '.join(bits)}) AS b"
    return f"SELECT {columns} FROM {reader.log} WHERE {' AND '.join(conditions)}"
