"""The log by member: the timeline of one, the newest events of all, and which messages are there.

The timeline is answered by a narrow table in which a row's columns are packed into one text: reading the five kinds of
orders' events from the log itself, by kind and member, took 36 ms of processor time at 20 million events.
"""

import operator
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from wellspring.activity.contracts import ORDER_CANCELLED, ORDER_COMPLETED, ORDER_PLACED, ORDER_REFUNDED, ORDER_UPDATED, Flag, TimelineEvent
from wellspring.activity.models import PACKED, event_log, purchase_log, timeline_log
from wellspring.kernel.clock import from_millis
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores.log import rows, scalar
from wellspring.kernel.workspace import Workspace

ORDER_KINDS = (ORDER_PLACED, ORDER_COMPLETED, ORDER_CANCELLED, ORDER_UPDATED, ORDER_REFUNDED)
_REPAIR_REACH = 200_000
# Each part costs a point read about a millisecond. Above so many rows one merge would take minutes of a small machine.
_PARTS_MANY = 3
_COMPACT_ROWS_MAX = 100_000_000
# Rows of a member that are read whole; beyond it the store sorts.
_WHOLE_MAX = 1_000
_Body = list[Any]
_PLACE = operator.itemgetter(0, 1)
# Whole numbers: an enumeration's own arithmetic costs more than the rest of an event.
_LATE, _FUTURE, _HISTORICAL = (flag.value for flag in (Flag.LATE, Flag.FUTURE, Flag.HISTORICAL))
# Where the kind stands in the packed text, counted from 1.
_KIND_PLACE = 4
# One thread and no lazy columns: for 50 rows the set-up of both costs more than the reading.
_POINT = " SETTINGS max_threads = 1, query_plan_optimize_lazy_materialization = 0"


def of_member(
    ws: Workspace, numbers: Sequence[int], *, kind: str | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[TimelineEvent]:
    """What was done under these numbers, the newest first."""
    size = limit_of(limit)
    found = None if cursor or kind else _everything(ws, numbers)
    if found is None:
        found = _sorted_by_store(ws, numbers, kind=kind, cursor=cursor, size=size)
    following = None
    if len(found) > size:
        at_ms, arrival_no, *_ = found[size - 1]
        following = encode_cursor([at_ms, arrival_no])
    return Page([_event(body) for body in found[:size]], following)


def _everything(ws: Workspace, numbers: Sequence[int]) -> list[_Body] | None:
    """All that a member did, the newest first; None when it is a lot. The store's sorting costs as much as its reading."""
    one = len(numbers) == 1
    of_member = "= {number:UInt32}" if one else "IN {numbers:Array(UInt32)}"
    asked = f"SELECT body FROM {timeline_log.name} PREWHERE member_no {of_member} LIMIT {_WHOLE_MAX + 1} SETTINGS max_threads = 1"
    answer = ws.log.query(asked, {"number": numbers[0]} if one else {"numbers": list(numbers)}, fmt="TSVRaw")
    found = [orjson.loads(line) for line in answer.splitlines()]
    return None if len(found) > _WHOLE_MAX else sorted(found, key=_PLACE, reverse=True)


def _sorted_by_store(ws: Workspace, numbers: Sequence[int], *, kind: str | None, cursor: str | None, size: int) -> list[_Body]:
    before, params = _before(cursor)
    params["numbers"] = list(numbers)
    of_kind = f" AND JSONExtractString(body, {_KIND_PLACE}) = {{kind:String}}" if kind else ""
    if kind:
        params["kind"] = kind
    sql = (
        f"SELECT body FROM {timeline_log.name}"
        f" WHERE member_no IN {{numbers:Array(UInt32)}}{of_kind}{before} ORDER BY at DESC, arrival_no DESC LIMIT {size + 1}{_POINT}"
    )
    return [orjson.loads(line) for line in ws.log.query(sql, params, fmt="TSVRaw").splitlines()]


def _before(cursor: str | None) -> tuple[str, dict[str, Any]]:
    if not cursor:
        return "", {}
    at, arrival_no = decode_cursor(cursor, length=2)
    before = (
        " AND (at < fromUnixTimestamp64Milli({at:Int64}, 'UTC') OR (at = fromUnixTimestamp64Milli({at:Int64}, 'UTC') AND arrival_no <"
        " {arrival:UInt64}))"
    )
    return before, {"at": int(at or 0), "arrival": int(arrival_no or 0)}


def recent(ws: Workspace, *, limit: int, watermark: int) -> list[TimelineEvent]:
    """The events that arrived last."""
    sql = f"SELECT {PACKED} FROM {event_log.name} WHERE arrival_no > {{floor:UInt64}} ORDER BY arrival_no DESC LIMIT {{limit:UInt32}}"
    # Numbers have gaps; looking further back twice is cheaper than sorting the whole log.
    found: list[bytes] = []
    for reach in (limit * 20, 1_000_000, watermark):
        found = ws.log.query(sql, {"floor": max(watermark - reach, 0), "limit": limit}, fmt="TSVRaw").splitlines()
        if len(found) >= limit or reach >= watermark:
            break
    return [_event(orjson.loads(body)) for body in found]


def repair(ws: Workspace) -> int:
    """Copies events that are in the log and not in the timeline: a crash came between the two. Gives their number."""
    newest = int(scalar(ws.log, f"SELECT max(arrival_no) FROM {timeline_log.name}"))
    # Groups are small against this; only the last ones before a crash can be missing.
    floor = max(newest - _REPAIR_REACH, 0)
    missing = (
        f"FROM {event_log.name} WHERE arrival_no > {{floor:UInt64}}"
        f" AND arrival_no NOT IN (SELECT arrival_no FROM {timeline_log.name} WHERE arrival_no > {{floor:UInt64}})"
    )
    count = int(scalar(ws.log, f"SELECT count() {missing}", {"floor": floor}))
    if count:
        columns = ", ".join(timeline_log.column_names)
        ws.log.command(
            f"INSERT INTO {timeline_log.name} ({columns}) SELECT member_no, at, arrival_no, {PACKED} {missing}", {"floor": floor}
        )
    return count


def compact(ws: Workspace) -> int:
    """Makes one part of the many of the two narrow tables, where they have many: a point read pays for each. Gives how many."""
    done = 0
    for table in (timeline_log, purchase_log):
        where = "active AND database = currentDatabase() AND table = {name:String}"
        found = rows(ws.log, f"SELECT count() AS parts, sum(rows) AS held FROM system.parts WHERE {where}", {"name": table.name})[0]
        if found["parts"] >= _PARTS_MANY and found["held"] <= _COMPACT_ROWS_MAX:
            ws.log.command(f"OPTIMIZE TABLE {table.name} FINAL")
            done += 1
    return done


def told(
    ws: Workspace, keys: Sequence[tuple[str, str]], *, member_nos: Iterable[int]
) -> dict[tuple[str, str], list[tuple[str, str, float]]]:
    """What the log holds of these orders under these members: kind, message id and total, in order of arrival."""
    if not keys:
        return {}
    sql = (
        f"SELECT shop, order_no, kind, message_id, total FROM {event_log.name} WHERE kind IN {{kinds:Array(String)}}"
        " AND member_no IN {numbers:Array(UInt32)} AND type = 'order'"
        " AND (shop, order_no) IN (SELECT arrayJoin(arrayZip({shops:Array(String)}, {orders:Array(String)}))) ORDER BY arrival_no"
    )
    params: dict[str, Any] = {"kinds": ORDER_KINDS, "numbers": sorted(set(member_nos))}
    params |= {"shops": [shop for shop, _ in keys], "orders": [order_no for _, order_no in keys]}
    found: dict[tuple[str, str], list[tuple[str, str, float]]] = {}
    for row in rows(ws.log, sql, params):
        found.setdefault((row["shop"], row["order_no"]), []).append((row["kind"], row["message_id"], float(row["total"])))
    return found


def _event(body: _Body) -> TimelineEvent:
    at_ms, arrival_no, member_no, kind, type_, message_id, source, import_id, flags, received, props = body
    if type_ == "order":
        props["total"] = float(props["total"])
    return TimelineEvent(
        arrival_no=arrival_no,
        member_no=member_no,
        kind=kind,
        type=type_,
        at=from_millis(at_ms),
        received_at=from_millis(received),
        message_id=message_id,
        source=source,
        import_id=import_id,
        is_late=bool(flags & _LATE),
        is_future=bool(flags & _FUTURE),
        is_historical=bool(flags & _HISTORICAL),
        props=props,
    )
