"""Rows of the log held as columns: whose each event of a kind is, when, and what an order came to; in order of time.

The engine needs some milliseconds for the smallest question, and most questions are about a range of time of one kind: here
that is a slice. What is held is rows and never answers; it is exact up to an arrival, and what arrived since is
read before it is asked again. A kind is held from its second question on, as long as there is room; else the engine is asked.
"""

import dataclasses
import datetime as dt
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from wellspring.activity import api as activity
from wellspring.audiences.facts import columns
from wellspring.audiences.facts.held_rows import Block, Rows, View
from wellspring.audiences.rules.tree import MeasureKind
from wellspring.audiences.rules.windows import Span, day_of, midnight
from wellspring.kernel.stores.log import Param
from wellspring.kernel.workspace import Workspace

# For all kinds of a workspace together, and for one: loading takes three times as much for a moment.
BYTES_MAX = 512 << 20
ROWS_MAX = 10_000_000
# What one event takes, with room to grow and the way in by member.
_ROW_BYTES = 36
# A kind that nobody asked of for so long makes room for another; whether there is room is looked at again as often.
_IDLE_SECONDS = 600
# So many questions of a kind go to the engine before its rows are held.
FIRST_QUESTIONS = 1
_COLUMNS = ["<u4", "<i8", "<i8", "<i8", "u1"]
_SCALE = 10_000


@dataclasses.dataclass
class _Kind:
    rows: Rows | None = None
    asked: int = 0
    asked_at: float = 0.0
    refused_at: float | None = None


class Held:
    """The rows of one workspace that this process holds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kinds: dict[str, _Kind] = {}
        self._upto = 0

    def forget(self) -> None:
        """Drops everything: rows were taken out of the log."""
        with self._lock:
            self._kinds.clear()

    def view(self, ws: Workspace, kind: str, *, upto: int, is_patient: bool) -> View | None:
        """The rows of a kind up to an arrival that everything below has reached the log of; None where the engine must be asked.

        A heartbeat waits for its turn; a person's question goes to the engine instead.
        """
        if not self._lock.acquire(blocking=is_patient):
            return None
        try:
            return self._view(ws, kind, upto)
        finally:
            self._lock.release()

    def _view(self, ws: Workspace, kind: str, upto: int) -> View | None:
        found = self._kinds.setdefault(kind, _Kind())
        found.asked, found.asked_at = found.asked + 1, time.monotonic()
        if found.rows is None and (found.asked <= FIRST_QUESTIONS or not self._has_room_again(found)):
            return None
        self._advance(ws, upto)
        if found.rows is None and self._upto == upto:
            self._load(ws, kind, found, upto)
        return None if found.rows is None else found.rows.view(upto)

    def _has_room_again(self, found: _Kind) -> bool:
        return found.refused_at is None or time.monotonic() - found.refused_at > _IDLE_SECONDS

    def _advance(self, ws: Workspace, arrived: int) -> None:
        """Takes what arrived since into every kind that is held, by one question."""
        if arrived <= self._upto:
            return
        held = {kind: one.rows for kind, one in self._kinds.items() if one.rows is not None}
        if held:
            kinds = sorted(held)
            params: dict[str, Param] = {"kinds": kinds, "since": self._upto, "upto": arrived}
            condition = "kind IN {kinds:Array(String)} AND arrival_no > {since:UInt64} AND arrival_no <= {upto:UInt64}"
            place, *found = _read(ws, f"toUInt32(indexOf({{kinds:Array(String)}}, kind)) AS k, {_wanted()}", condition, params, ["<u4"])
            for number, kind in enumerate(kinds, 1):
                mine = place == number
                *block, is_whole = (column[mine] for column in found)
                held[kind].append(Block(*block), arrived, is_whole=bool(is_whole.all()))
        self._upto = arrived

    def _load(self, ws: Workspace, kind: str, found: _Kind, arrived: int) -> None:
        params: dict[str, Param] = {"kind": kind, "upto": arrived}
        # Known from the index.
        count = int(ws.log.query(f"SELECT count() FROM {activity.events_sql()} WHERE kind = {{kind:String}}", params, fmt="TSV") or 0)
        if count > ROWS_MAX or not self._made_room(count * _ROW_BYTES):
            found.refused_at = time.monotonic()
            return
        condition = "kind = {kind:String} AND arrival_no <= {upto:UInt64}"
        *block, is_whole = _read(ws, _wanted(), condition, params, [])
        found.rows = Rows(Block(*block), arrived, is_whole=bool(is_whole.all()))
        found.refused_at = None

    def _made_room(self, wanted: int) -> bool:
        idle = sorted((one.asked_at, kind) for kind, one in self._kinds.items() if one.rows is not None)
        taken = sum(one.rows.count * _ROW_BYTES for one in self._kinds.values() if one.rows is not None)
        for asked_at, kind in idle:
            if taken + wanted <= BYTES_MAX or time.monotonic() - asked_at < _IDLE_SECONDS:
                break
            rows = self._kinds.pop(kind).rows
            taken -= 0 if rows is None else rows.count * _ROW_BYTES
        return taken + wanted <= BYTES_MAX


def _wanted() -> str:
    amount = f"if(type = 'order', ifNull(toInt64(round(total * {_SCALE})), 0), 0)"
    whole = f"toUInt8(type != 'order' OR v / {_SCALE} = total)"
    return f"member_no, toUnixTimestamp64Milli(at) AS t, toInt64(arrival_no) AS a, {amount} AS v, {whole} AS w"


def _read(ws: Workspace, wanted: str, condition: str, params: dict[str, Param], first: Sequence[str]) -> list[npt.NDArray[Any]]:
    answer = ws.log.query(f"SELECT {wanted} FROM {activity.events_sql()} WHERE {condition}", params, fmt="Native")
    return columns.read(answer, [*first, *_COLUMNS])


def rows(
    ws: Workspace, view: View, window: Span, measure: MeasureKind, *, zone: ZoneInfo, among: Sequence[int] | None
) -> list[npt.NDArray[Any]]:
    """Of the events in a window: whose each is now, and by measure its day or its amount."""
    if among is None:
        block = view.between(*window)
    else:
        block = view.histories(np.asarray(among, dtype=np.uint32))
        block = block.of((block.at >= window[0]) & (block.at < window[1]))
    found: list[npt.NDArray[Any]] = [holding(ws, block.member)]
    if measure in {MeasureKind.SUM, MeasureKind.MIN, MeasureKind.MAX}:
        found.append(block.amount)
    elif measure is MeasureKind.DAYS:
        found.append(_days(block.at, zone))
    return found


def holding(ws: Workspace, members: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Whose rows of these numbers are now."""
    merged = activity.holders(ws)
    if not merged:
        return members
    with _guard:
        known = _holders.get(ws)
    if known is None or known[0] is not merged:
        places = np.arange(max(merged) + 1, dtype=np.uint32)
        places[np.fromiter(merged.keys(), dtype=np.uint32)] = np.fromiter(merged.values(), dtype=np.uint32)
        known = merged, places
        with _guard:
            _holders[ws] = known
    inside = members < len(known[1])
    found = members.copy()
    found[inside] = known[1][members[inside]]
    return found


def _days(at: npt.NDArray[np.int64], zone: ZoneInfo) -> npt.NDArray[np.int32]:
    if not len(at):
        return np.zeros(0, dtype=np.int32)
    first, last = day_of(int(at.min()), zone), day_of(int(at.max()), zone)
    borders = [midnight(first + dt.timedelta(days=step), zone) for step in range(1, (last - first).days + 1)]
    return np.searchsorted(np.asarray(borders, dtype=np.int64), at, side="right").astype(np.int32)


# The holders that were known, and for each number up to the highest merged one who holds it.
_holders: "weakref.WeakKeyDictionary[Workspace, tuple[Mapping[int, int], npt.NDArray[np.uint32]]]" = weakref.WeakKeyDictionary()
_held: "weakref.WeakKeyDictionary[Workspace, Held]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def of(ws: Workspace) -> Held:
    """What this process holds of a workspace."""
    with _guard:
        return _held.setdefault(ws, Held())
