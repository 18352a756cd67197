"""Attributes of few values as sets in memory, one per value: whoever asks of a city unites some of them.

A set per value is an index, not an answer: comparisons are made against every value there is, by the rules' own meaning. It
follows the mirror: for members of whom people told something the values are read again. A name of many values, or one
asked of for the first time, is asked of the mirror itself.
"""

import dataclasses
import threading
import time
import weakref
from collections.abc import Mapping

import orjson
from pyroaring import BitMap

from wellspring.audiences.facts.events import LEAF_SECONDS_MAX
from wellspring.audiences.facts.terms import Moment
from wellspring.audiences.models import attribute_log
from wellspring.audiences.rules.tree import Comparison, Op, Value
from wellspring.audiences.rules.values import matches
from wellspring.kernel.sets import from_clickhouse
from wellspring.kernel.stores.log import Param
from wellspring.kernel.workspace import Workspace

# With more values than this a scan is as quick as going through them.
_VALUES_MAX = 400
# All sets of a name take up to two bytes for each member and name.
_BYTES_MAX, _MEMBER_BYTES = 128 << 20, 2
# Above so many members of whom something was told, all are read again.
_AGAIN_MAX = 20_000
# How long a name of too many values is left to the mirror.
_REFUSED_SECONDS = 600
# So many questions of a name go to the mirror before its values are held.
FIRST_QUESTIONS = 1
_Sets = dict[tuple[str, str, float], BitMap]


@dataclasses.dataclass
class _Name:
    # Nobody changes what is in here: it is replaced.
    sets: _Sets | None = None
    # The epoch of the mirror that the sets are of, and how many questions there were.
    epoch: int = -1
    asked: int = 0
    refused_at: float | None = None


class ValueSets:
    """The values of one workspace that this process holds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: dict[str, _Name] = {}
        self._epoch = -1

    def follow(self, ws: Workspace, *, epoch: int, changed: BitMap | None) -> None:
        """Takes over what the mirror took over; `changed` are all members whose values may differ, None for anybody's."""
        with self._lock:
            before, self._epoch = self._epoch, epoch
            for name, one in list(self._names.items()):
                if one.sets is None or one.epoch == epoch:
                    continue
                if changed is None or len(changed) > _AGAIN_MAX or one.epoch != before:
                    del self._names[name]
                else:
                    self._take(ws, name, one, changed)
                    one.epoch = epoch

    def members(self, ws: Workspace, name: str, comparison: Comparison, moment: Moment, *, epoch: int, count: int) -> BitMap | None:
        """The members of whose value the comparison holds; None where the mirror must be asked."""
        if comparison.op is Op.ANNIVERSARY:
            return None
        with self._lock:
            sets = self._sets(ws, name, epoch, count)
        if sets is None:
            return None
        found = [
            members
            for (kind, text, number), members in sets.items()
            if matches(_value(kind, text, number), comparison, now=moment.now, zone=moment.zone)
        ]
        return BitMap.union(*found) if found else BitMap()

    def _take(self, ws: Workspace, name: str, one: _Name, changed: BitMap) -> None:
        fresh = _read(ws, name, changed)
        if len(fresh) > _VALUES_MAX:
            del self._names[name]
            return
        # Whoever holds the older sets goes on with them.
        one.sets = _without(one.sets or {}, changed)
        for value, members in fresh.items():
            one.sets[value] = one.sets.get(value, BitMap()) | members

    def _sets(self, ws: Workspace, name: str, epoch: int, count: int) -> _Sets | None:
        one = self._names.setdefault(name, _Name())
        if one.sets is not None:
            return one.sets if one.epoch == epoch else None
        one.asked += 1
        # The mirror may not have taken over anything since this process began.
        self._epoch = max(self._epoch, epoch)
        is_refused = one.refused_at is not None and time.monotonic() - one.refused_at < _REFUSED_SECONDS
        held = sum(other.sets is not None for other in self._names.values())
        if one.asked <= FIRST_QUESTIONS or is_refused or epoch != self._epoch or (held + 1) * count * _MEMBER_BYTES > _BYTES_MAX:
            return None
        sets = _read(ws, name, None)
        if len(sets) > _VALUES_MAX or any(kind == "list" for kind, _text, _number in sets):
            one.refused_at = time.monotonic()
            return None
        one.sets, one.epoch = sets, epoch
        return sets


def _read(ws: Workspace, name: str, among: BitMap | None) -> _Sets:
    whom = "" if among is None else " AND member_no IN {among:Array(UInt32)}"
    sql = (
        f"SELECT kind, text, number, hex(groupBitmapState(member_no)) FROM {attribute_log.name} FINAL PREWHERE name = {{name:String}}{whom}"
        f" WHERE kind != 'null' GROUP BY kind, text, number LIMIT {_VALUES_MAX + 1}"
    )
    params: dict[str, Param] = {"name": name} if among is None else {"name": name, "among": list(among)}
    answer = ws.log.query(sql, params, fmt="JSONCompactEachRow", seconds_max=LEAF_SECONDS_MAX)
    rows = [orjson.loads(line) for line in answer.splitlines() if line]
    return {(kind, text, number): from_clickhouse(bytes.fromhex(state)) for kind, text, number, state in rows}


def _without(sets: Mapping[tuple[str, str, float], BitMap], changed: BitMap) -> _Sets:
    return {value: members - changed if members.intersect(changed) else members for value, members in sets.items()}


def _value(kind: str, text: str, number: float) -> Value:
    if kind == "boolean":
        return number != 0
    return number if kind == "number" else text


_held: "weakref.WeakKeyDictionary[Workspace, ValueSets]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def of(ws: Workspace) -> ValueSets:
    """What this process holds of a workspace."""
    with _guard:
        return _held.setdefault(ws, ValueSets())
