"""The events that orders and refunds owe to the log: told once, found missing by asking the log, told then."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from wellspring.activity.contracts import ORDER_REFUNDED, ORDER_UPDATED
from wellspring.activity.facts import formers, holders, order_rows, purchases, timeline
from wellspring.activity.facts import orders as facts
from wellspring.activity.rules import orders as rules
from wellspring.activity.rules.times import not_ahead
from wellspring.activity.service import arrival, catalogue, sales
from wellspring.activity.settings import ActivitySettings
from wellspring.kernel import failpoints
from wellspring.kernel.workspace import Workspace

Row = dict[str, Any]
Told = tuple[Row, Sequence[Mapping[str, Any]], Mapping[str, Any] | None]


def tell(ws: Workspace, block: arrival.Block, orders: Sequence[Told]) -> int:
    """Tells what these orders owe and the log does not have; gives the number of events."""
    attributed = [(row, lines, before) for row, lines, before in orders if row["member_no"]]
    # An order that was never stored has told nothing: the row comes before its events.
    stored = [(row, before) for row, _lines, before in attributed if before is not None]
    members = {int(one["member_no"]) for pair in stored for one in pair}
    told = _told(ws, [_key(row) for row, _before in stored], members)
    events = []
    for row, lines, _before in attributed:
        known = told.get(_key(row), [])
        ids = {message_id for _kind, message_id, _total in known}
        owed = [(kind, message_id, rules.moment_of(kind, row)) for kind, message_id in rules.owed(row).items() if message_id not in ids]
        if row["is_paid"] and rules.is_corrected(row, known):
            owed.append((ORDER_UPDATED, rules.updated_id(row), _received(row)))
        fields = rules.event_fields(row, lines)
        events += [_event(block, kind, message_id, at, row, fields) for kind, message_id, at in owed]
    return _append(ws, events)


def tell_refunds(ws: Workspace, block: arrival.Block, rows: Sequence[Row]) -> int:
    """Tells refunds of known buyers that the log does not have."""
    owed = [row for row in rows if row["member_no"]]
    told = _told(ws, [_key(row) for row in owed], {int(row["member_no"]) for row in owed})
    events = []
    for row in owed:
        message_id = rules.refunded_id(row)
        if all(known != message_id for _kind, known, _total in told.get(_key(row), [])):
            events.append(
                _event(block, ORDER_REFUNDED, message_id, int(row["at_ms"]), row, rules.event_fields(row, orjson.loads(row["lines"])))
            )
    return _append(ws, events)


def attribute_refunds(ws: Workspace, orders: Iterable[Row], *, received: int) -> None:
    """Refunds follow their orders: those that came before find the buyer now, and those of a former buyer go along."""
    buyers = {(row["shop"], row["order_no"]): int(row["member_no"]) for row in orders if row["member_no"]}
    moving = [
        refund for key, found in facts.refunds_of(ws, list(buyers)).items() for refund in found if int(refund["member_no"]) != buyers[key]
    ]
    if not moving:
        return
    left = [int(refund["member_no"]) for refund in moving]
    with ws.sql.write() as tx:
        marked = sales.mark(ws, tx, left)
    with arrival.taken(ws, 2 * len(moving)) as block:
        rows = []
        for refund in moving:
            row = {
                **refund,
                "member_no": buyers[refund["shop"], refund["order_no"]],
                "version": int(refund["version"]) + 1,
                "arrival_no": block.next,
            }
            row |= {"at": int(refund["at_ms"]) / 1000, "received_at": received / 1000}
            block.next += 1
            rows.append(row)
        formers.note(ws, zip(left, rows, strict=True))
        order_rows.insert_refunds(ws, rows)
        purchases.leave(ws, list(zip(left, rows, strict=True)))
        failpoints.hit("activity.refunds.attributed")
        tell_refunds(ws, block, rows)
    sales.refresh(ws, marked)


def retell(ws: Workspace, keys: Sequence[tuple[str, str]]) -> int:
    """Tells what these orders and their refunds owe, as they stand now; after an import was undone."""
    current = list(facts.current(ws, keys).values())
    lines = facts.lines_of(ws, current)
    refunds = [refund for found in facts.refunds_of(ws, keys).values() for refund in found]
    if not current and not refunds:
        return 0
    with arrival.taken(ws, 4 * len(current) + len(refunds)) as block:
        for row in current:
            row["received_at"] = int(row["received_ms"]) / 1000
        for refund in refunds:
            refund["received_at"] = int(refund["received_ms"]) / 1000
        # Stored before, so the log is asked.
        told = tell(ws, block, [(row, lines.get((row["shop"], row["order_no"]), []), row) for row in current])
        return told + tell_refunds(ws, block, refunds)


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["shop"], row["order_no"]


def _told(ws: Workspace, keys: Sequence[tuple[str, str]], members: set[int]) -> dict[tuple[str, str], list[tuple[str, str, float]]]:
    """What the log holds of these orders, under whoever holds them now or held them at any time."""
    return timeline.told(ws, keys, member_nos=_family(ws, members | formers.of(ws, keys)))


def _family(ws: Workspace, members: set[int]) -> set[int]:
    """Every number under which events of these buyers may stand, before or after a merge."""
    held = holders.held(ws)
    if not held:
        return members
    tops = {held.get(number, number) for number in members}
    return members | tops | set(holders.numbers_of(ws, tops))


def _event(block: arrival.Block, kind: str, message_id: str, at: int, row: Row, properties: dict[str, Any]) -> Row:
    event = {
        "arrival_no": block.next,
        "member_no": int(row["member_no"]),
        "kind": kind,
        "type": "order",
        "at": at / 1000,
        "received_at": row["received_at"],
        "message_id": message_id,
        "source": row["source"],
        "import_id": row["import_id"],
        "flags": row["flags"],
        "props": {},
        "context": "{}",
        **properties,
    }
    block.next += 1
    return event


def _append(ws: Workspace, events: Sequence[Row]) -> int:
    # Tills run ahead of the server as browsers do: slightly ahead is now (T04).
    tolerance = ws.settings.get(ActivitySettings).future_tolerance_seconds * 1000
    for event in events:
        event["at"] = not_ahead(round(event["at"] * 1000), received=_received(event), tolerance=tolerance) / 1000
    order_rows.insert_events(ws, events)
    failpoints.hit("activity.orders.events_written")
    shown = ("order_no", "shop", "total", "currency", "store", "staff", "lines")
    met = catalogue.shapes_under(frozenset())
    told = [(event["kind"], round(event["at"] * 1000), {name: event[name] for name in shown}) for event in events]
    catalogue.of(ws).note([(met.of(kind, "order", properties), at, properties) for kind, at, properties in told])
    return len(events)


def _received(row: Row) -> int:
    return round(float(row["received_at"]) * 1000)
