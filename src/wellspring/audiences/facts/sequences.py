"""Sequences: the events of all steps in order, and one pass over them for everybody at once.

For each step the latest completion before a row is what counts: a later one is nearer to the next step and leaves less
room for what must not happen between. That makes the whole a few running maxima over columns.
"""

from collections.abc import Sequence as Many
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from wellspring.audiences.facts import held, properties
from wellspring.audiences.facts.columns import distinct
from wellspring.audiences.facts.events import Cut, Reader
from wellspring.audiences.facts.terms import Bound
from wellspring.audiences.rules.tree import Absent, Sequence, Step

_COLUMNS = ["<u4", "<i8", "<i8", "<u4"]
# The key of a row is its member and its instant in one number.
_KEY_BITS = 63
_Mask = npt.NDArray[np.bool_]
_Places = npt.NDArray[np.int32]


def members(reader: Reader, leaf: Sequence, cut: Cut) -> BitMap:
    """The members who went through the steps."""
    kinds = sorted({step.event for step in leaf.steps})
    parts = reader.parts(kinds, cut)
    found = BitMap()
    for part in range(parts):
        read = [_read(reader, kind, leaf.steps, cut, f" AND m % {parts} = {part}" if parts > 1 else "") for kind in kinds]
        columns = [np.concatenate(same) for same in zip(*read, strict=True)]
        order = _in_order(*columns[:3])
        found |= through(leaf.steps, columns[0][order], columns[1][order], columns[3][order])
    return found


def through(steps: Many[Step | Absent], member: npt.NDArray[Any], at: npt.NDArray[Any], bits: npt.NDArray[Any]) -> BitMap:
    """Who went through, of rows (member, instant, bit i where step i matches) by member, instant and arrival."""
    if not len(member):
        return BitMap()
    rows = _Rows(member, at)
    completed: _Mask | None = None
    nothing = np.zeros(len(member), dtype=bool)
    forbidden = nothing
    for place, step in enumerate(steps):
        matching = bits & np.uint32(1 << place) != 0
        if isinstance(step, Absent):
            forbidden = forbidden | matching
            continue
        completed = rows.started(matching, forbidden) if completed is None else rows.followed(matching, completed, forbidden, step)
        forbidden = nothing
    return distinct(member[rows.unspoilt(completed, forbidden)]) if completed is not None else BitMap()


class _Rows:
    """The rows in order."""

    def __init__(self, member: npt.NDArray[Any], at: npt.NDArray[Any]) -> None:
        self._member, self._at = member, at
        self._place = np.arange(len(member), dtype=np.int32)

    def started(self, matching: _Mask, forbidden: _Mask) -> _Mask:
        """Rows that can be the first step: nothing forbidden came before."""
        if not forbidden.any():
            return matching
        rows = np.flatnonzero(matching)
        return self._mask(rows[self._before(forbidden, rows) < 0])

    def followed(self, matching: _Mask, completed: _Mask, forbidden: _Mask, step: Step) -> _Mask:
        """Rows that complete the next step after the latest completion of the last one."""
        rows = np.flatnonzero(matching)
        previous = self._before(completed, rows)
        rows, previous = rows[previous >= 0], previous[previous >= 0]
        if step.within is not None:
            near = self._at[rows] - self._at[previous] <= step.within.millis
            rows, previous = rows[near], previous[near]
        if forbidden.any():
            rows = rows[self._before(forbidden, rows) <= previous]
        return self._mask(rows)

    def unspoilt(self, completed: _Mask, forbidden: _Mask) -> _Mask:
        """Completions after which nothing forbidden came."""
        if not forbidden.any():
            return completed
        rows = np.flatnonzero(completed)
        # Where each one's member ends; the last forbidden row up to there, where it is the member's, is the member's last.
        ends = np.append(np.flatnonzero(self._member[1:] != self._member[:-1]), len(self._member) - 1)
        last = ends[np.searchsorted(ends, rows)]
        latest = np.maximum.accumulate(np.where(forbidden, self._place, np.int32(-1)))[last]
        return self._mask(rows[latest <= rows])

    def _before(self, mask: _Mask, rows: npt.NDArray[Any]) -> _Places:
        """The latest place of the mask strictly before each of these rows and of the same member, else -1."""
        running = np.maximum.accumulate(np.where(mask, self._place, np.int32(-1)))
        # Before the first row there is none; index -1 would be the last row.
        found = np.where(rows > 0, running[rows - 1], np.int32(-1))
        return np.where((found >= 0) & (self._member[found] == self._member[rows]), found, np.int32(-1))

    def _mask(self, rows: npt.NDArray[Any]) -> _Mask:
        found = np.zeros(len(self._member), dtype=bool)
        found[rows] = True
        return found


def _in_order(member: npt.NDArray[Any], at: npt.NDArray[Any], arrival: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The places of the rows by member, instant and arrival."""
    if not len(member):
        return np.zeros(0, dtype=np.int64)
    first = int(at.min())
    width = (int(at.max()) - first).bit_length()
    if int(member.max()).bit_length() + width > _KEY_BITS:
        return np.lexsort((arrival, at, member))
    key = member.astype(np.int64) << np.int64(width) | (at - first)
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    is_tied = np.zeros(len(key), dtype=bool)
    is_tied[1:] = ordered[1:] == ordered[:-1]
    is_tied[:-1] |= is_tied[1:]
    # Few rows are of the same member and millisecond: only they are told apart by their arrival.
    places = np.flatnonzero(is_tied)
    tied = order[places]
    order[places] = tied[np.lexsort((arrival[tied], key[tied]))]
    return order


def _held(reader: Reader, kind: str, steps: Many[Step | Absent], cut: Cut) -> list[npt.NDArray[Any]] | None:
    """The same of rows in memory, where no step asks for more than they know."""
    mine = {place: step for place, step in enumerate(steps) if step.event == kind}
    view = None if any(step.where for step in mine.values()) else reader.view(kind, cut)
    if view is None:
        return None
    block = view.by_member() if cut.among is None else view.histories(np.asarray(cut.among, dtype=np.uint32))
    block = block.of(block.at <= cut.moment.now)
    bits = np.full(len(block.member), sum(1 << place for place in mine), dtype=np.uint32)
    return [held.holding(reader.ws, block.member), block.at, block.arrival, bits]


def _read(reader: Reader, kind: str, steps: Many[Step | Absent], cut: Cut, share: str) -> list[npt.NDArray[Any]]:
    """Member, instant, arrival and bits of the rows of one kind, as the parts hold them: runs in order, which are quick to merge."""
    found = None if share else _held(reader, kind, steps, cut)
    if found is not None:
        return found
    bound = Bound()
    conditions = [f"kind = {bound.text(kind)}", f"at < {bound.millis(cut.moment.now + 1)}", *reader.cut_conditions(cut, bound)]
    always, bits, wanted = 0, [], []
    for place, step in enumerate(steps):
        if step.event != kind:
            continue
        parts = [f"({part})" for part in properties.holds(step.where, reader.shape(kind), cut.moment, bound)]
        if parts:
            wanted.append(f"({' AND '.join(parts)})")
            bits.append(f"toUInt32({' AND '.join(parts)}) * {1 << place}")
        else:
            always |= 1 << place
    columns = f"toUInt32({reader.holder}) AS m, toUnixTimestamp64Milli(at) AS t, arrival_no AS a"
    if bits:
        columns += f", toUInt32({' + '.join(bits)}) AS b"
        conditions += [] if always else [f"({' OR '.join(wanted)})"]
    sql = f"SELECT {columns} FROM {reader.log} WHERE {' AND '.join(conditions)}{share}"
    ask = reader.columns if cut.among is None else reader.few
    rows = ask(sql, bound, _COLUMNS[: 4 if bits else 3])
    mask = np.full(len(rows[0]), always, dtype=np.uint32)
    return [*rows[:3], rows[3] | mask if bits else mask]
