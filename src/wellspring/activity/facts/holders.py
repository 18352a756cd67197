"""Who holds a merged number's past: an event keeps the number it was written under, readers ask here for the holder.

Without merges the answer is the number itself, at no cost; with merges a flat dictionary answers (0.1 s for 30
million rows). The rows follow people's events, so they lag a merge by the time the outbox takes.
"""

import threading
import weakref
from collections.abc import Iterable, Mapping

from wellspring.activity.models import holder_log
from wellspring.kernel.stores.log import rows, scalar
from wellspring.kernel.workspace import Workspace

_DICTIONARY = "activity_holder"
# 400 million members are a flat array of 1.6 GB at the very most; it grows with the highest merged number only.
_NUMBERS_MAX = 400_000_000

_known: "weakref.WeakKeyDictionary[Workspace, dict[int, int]]" = weakref.WeakKeyDictionary()
# The same the other way round: a list asks for fifty holders, not for every merge there ever was.
_gathered: "weakref.WeakKeyDictionary[Workspace, dict[int, list[int]]]" = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def holder_sql(ws: Workspace, column: str = "member_no") -> str:
    """An expression for the member that holds a row's number now; 0 stays nobody."""
    if not held(ws):
        return column
    return f"dictGetOrDefault('{ws.log.database}.{_DICTIONARY}', 'holder_no', toUInt64({column}), {column})"


def held(ws: Workspace) -> Mapping[int, int]:
    """Merged number → the member that holds its past; un-merged ones are not in it."""
    with _lock:
        found = _known.get(ws)
    return _reload(ws) if found is None else found


def numbers_of(ws: Workspace, member_nos: Iterable[int]) -> dict[int, int]:
    """Every number under which something of these members may be written → the member."""
    wanted = set(member_nos)
    found = {number: number for number in wanted}
    held(ws)
    with _lock:
        gathered = _gathered.get(ws, {})
    if gathered:
        for holder in wanted:
            found.update((number, holder) for number in gathered.get(holder, ()))
    return found


def write(ws: Workspace, moves: Mapping[int, int]) -> None:
    """Notes who holds these numbers from now on; a number that holds itself again was un-merged."""
    if not moves:
        return
    version = int(scalar(ws.log, f"SELECT max(version) FROM {holder_log.name}")) + 1
    lines = "\n".join(f"{number}\t{holder}\t{version}" for number, holder in moves.items())
    ws.log.insert(holder_log.name, holder_log.column_names, [lines.encode()], fmt="TSV")
    _make_dictionary(ws)
    ws.log.command(f"SYSTEM RELOAD DICTIONARY {ws.log.database}.{_DICTIONARY}")
    _reload(ws)


def forget(ws: Workspace) -> None:
    """Drops what this process remembers, so that the next reader asks the store."""
    with _lock:
        _known.pop(ws, None)


def _reload(ws: Workspace) -> dict[int, int]:
    found = rows(ws.log, f"SELECT member_no, holder_no FROM {holder_log.name} FINAL WHERE member_no != holder_no")
    held_by = {int(row["member_no"]): int(row["holder_no"]) for row in found}
    if held_by:
        # A restart finds the dictionary's definition in the store, a restored backup may not.
        _make_dictionary(ws)
    gathered: dict[int, list[int]] = {}
    for number, holder in held_by.items():
        gathered.setdefault(holder, []).append(number)
    with _lock:
        _known[ws], _gathered[ws] = held_by, gathered
    return held_by


def _make_dictionary(ws: Workspace) -> None:
    source = (
        f"SELECT toUInt64(member_no) AS member_no, holder_no FROM {ws.log.database}.{holder_log.name} FINAL WHERE member_no != holder_no"
    )
    ws.log.command(
        f"CREATE DICTIONARY IF NOT EXISTS {_DICTIONARY} (member_no UInt64, holder_no UInt32) PRIMARY KEY member_no"
        f" SOURCE(CLICKHOUSE(QUERY '{source}')) LAYOUT(FLAT(MAX_ARRAY_SIZE {_NUMBERS_MAX})) LIFETIME(0)"
    )
