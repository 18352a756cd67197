"""Writing orders and refunds: one current version per shop and number for ever, and each owed event told once.

The order's row is the fact; its events follow from it. Which events are still owed is asked of the log itself at
every write, so a crash between the two heals with the retry, and an undone import owes nothing wrong.
Order of durable steps: what an import replaces, lines, the row that names their version, events.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from wellspring.activity import errors
from wellspring.activity.contracts import Flag, Order, OrderOutcome, OrderWritten, Refund
from wellspring.activity.facts import formers, order_rows, purchases
from wellspring.activity.facts import orders as facts
from wellspring.activity.rules import orders as rules
from wellspring.activity.service import arrival, order_events, sales
from wellspring.activity.service.turns import turn
from wellspring.kernel import failpoints
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.clock import to_millis
from wellspring.kernel.errors import TooLarge
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import NOBODY, Claim, Identity, IdentityKind

Key = tuple[str, str]
# An order and its events take at most this many arrival numbers: placed, completed, cancelled, updated, the row itself.
_NUMBERS_EACH = 5


def write(ws: Workspace, *, by: Principal, orders: Sequence[Order], source: str = "", import_id: str = "") -> list[OrderWritten]:
    """Writes up to 500 orders; the answers stand in their order."""
    _check(ws, orders)
    written: list[OrderWritten] = []
    with turn(ws):
        # The same order twice in one batch is two versions, the later one newer.
        for part in _distinct(orders):
            written += _write(ws, part, by=by, source=source or by.name, import_id=import_id)
    return written


def _write(ws: Workspace, orders: Sequence[Order], *, by: Principal, source: str, import_id: str) -> list[OrderWritten]:
    received = to_millis(ws.clock.now())
    previous = facts.current(ws, [(order.shop, order.order_no) for order in orders])
    with ws.sql.write() as tx:
        block = arrival.take(ws, tx, len(orders) * _NUMBERS_EACH)
        owners = buyers(
            ws, [(order.shop, order.buyer, order.placed_at, order.is_historical) for order in orders], source=source, import_id=import_id
        )
        marked = sales.mark(ws, tx, [*owners, *(int(row["member_no"]) for row in previous.values())])
        failpoints.hit("activity.orders.before_commit")
    del by
    try:
        fresh, answers = [], []
        for order, owner in zip(orders, owners, strict=True):
            before = previous.get((order.shop, order.order_no))
            row, outcome = _versioned(order, owner, before, block, received=received, source=source, import_id=import_id)
            answers.append(OrderWritten(order.shop, order.order_no, outcome, row["member_no"]))
            fresh.append((order, row, outcome, before))
        _save(ws, fresh, import_id)
        order_events.tell(
            ws,
            block,
            [
                (row, [rules.line_fields(line) for line in order.lines], before)
                for order, row, outcome, before in fresh
                if outcome is not OrderOutcome.STALE
            ],
        )
        # A version that is no longer the newest says nothing of whose the refunds are.
        current = [row for _order, row, outcome, _before in fresh if outcome is not OrderOutcome.STALE]
        order_events.attribute_refunds(ws, current, received=received)
    finally:
        arrival.finish(ws, block)
    sales.refresh(ws, marked)
    return answers


def _versioned(
    order: Order, owner: int, before: dict[str, Any] | None, block: arrival.Block, *, received: int, source: str, import_id: str
) -> tuple[dict[str, Any], OrderOutcome]:
    flags = Flag.HISTORICAL.value if order.is_historical else 0
    # A version that names no buyer leaves the one known before: shops drop the buyer from later messages.
    member_no = owner or (int(before["member_no"]) if before else NOBODY)
    row = rules.order_row(order, member_no=member_no, source=source, import_id=import_id, received=received, flags=flags)
    row |= rules.times_of(order, received)
    if before is not None and int(before["digest"]) == row["digest"]:
        return {**row, "version": int(before["version"])}, OrderOutcome.UNCHANGED
    row["arrival_no"] = block.next
    block.next += 1
    updated = None if order.updated_at is None else to_millis(order.updated_at)
    stored = int(before["version"]) if before else 0
    row["version"] = rules.version_of(updated=updated, received=received, arrival_no=row["arrival_no"], previous=stored)
    if before is None:
        return row, OrderOutcome.CREATED
    return row, OrderOutcome.UPDATED if row["version"] > stored else OrderOutcome.STALE


def _save(ws: Workspace, fresh: Iterable[tuple[Order, dict[str, Any], OrderOutcome, dict[str, Any] | None]], import_id: str) -> None:
    changed = [entry for entry in fresh if entry[2] is not OrderOutcome.UNCHANGED]
    stale = [row for _order, row, outcome, _before in changed if outcome is OrderOutcome.STALE]
    newest = [entry for entry in changed if entry[2] is not OrderOutcome.STALE]
    replaced = [before for _order, _row, _outcome, before in newest if before is not None]
    lines = [
        {
            "shop": order.shop,
            "order_no": order.order_no,
            "version": row["version"],
            "line_no": place,
            "import_id": import_id,
            **rules.line_fields(line),
        }
        for order, row, _outcome, _before in changed
        for place, line in enumerate(order.lines, start=1)
    ]
    if import_id:
        order_rows.keep_past(ws, [(row["shop"], row["order_no"]) for row in replaced])
    order_rows.insert_past(ws, stale)
    failpoints.hit("activity.orders.past_kept")
    order_rows.insert_lines(ws, lines)
    failpoints.hit("activity.orders.lines_written")
    moved = [(int(before["member_no"]), row) for _order, row, _outcome, before in newest if before is not None]
    formers.note(ws, moved)
    purchases.leave(ws, moved)
    order_rows.insert_orders(ws, [row for _order, row, _outcome, _before in newest])
    failpoints.hit("activity.orders.rows_written")


def write_refunds(ws: Workspace, *, by: Principal, refunds: Sequence[Refund], source: str = "", import_id: str = "") -> list[OrderWritten]:
    """Writes up to 500 refunds; one without its order waits for it, one above what was paid is kept and noted."""
    for refund in refunds:
        refusal = rules.refund_refusal_of(refund)
        if refusal is not None:
            raise errors.OrderRefused(order_no=refund.refund_no[:120], reason_zh=refusal.zh, reason_en=refusal.en)
    if len(refunds) > rules.BATCH_MAX:
        raise TooLarge(limit=f"{rules.BATCH_MAX} refunds")
    written: list[OrderWritten] = []
    with turn(ws):
        for part in _distinct(refunds):
            written += _write_refunds(ws, part, source=source or by.name, import_id=import_id)
    return written


def _write_refunds(ws: Workspace, refunds: Sequence[Refund], *, source: str, import_id: str) -> list[OrderWritten]:
    received = to_millis(ws.clock.now())
    previous = facts.current_refunds(ws, [(refund.shop, refund.refund_no) for refund in refunds])
    orders = facts.current(ws, {(refund.shop, refund.order_no) for refund in refunds})
    with ws.sql.write() as tx:
        block = arrival.take(ws, tx, len(refunds) * 2)
        owners = buyers(
            ws, [(refund.shop, refund.buyer, refund.at, refund.is_historical) for refund in refunds], source=source, import_id=import_id
        )
        known = (int(row["member_no"]) for found in (previous, orders) for row in found.values())
        marked = sales.mark(ws, tx, [*owners, *known])
    try:
        rows, answers = [], []
        for refund, owner in zip(refunds, owners, strict=True):
            order = orders.get((refund.shop, refund.order_no))
            member_no = int(order["member_no"]) if order and order["member_no"] else owner
            flags = Flag.HISTORICAL.value if refund.is_historical else 0
            row = rules.refund_row(refund, member_no=member_no, source=source, import_id=import_id, received=received, flags=flags)
            before = previous.get((refund.shop, refund.refund_no))
            row |= {"at_ms": to_millis(refund.at), "arrival_no": block.next}
            row["version"] = rules.version_of(
                updated=None, received=received, arrival_no=block.next, previous=int(before["version"]) if before else 0
            )
            block.next += 1
            outcome = _refund_outcome(row, before)
            answers.append(OrderWritten(refund.shop, refund.refund_no, outcome, member_no, [] if order else ["order_unknown"]))
            rows.append((row, outcome))
        if import_id:
            order_rows.keep_past_refunds(ws, list(previous))
        moved = [(int(previous.get((row["shop"], row["refund_no"]), row)["member_no"]), row) for row, _outcome in rows]
        formers.note(ws, moved)
        order_rows.insert_refunds(ws, [row for row, outcome in rows if outcome is not OrderOutcome.UNCHANGED])
        purchases.leave(ws, moved)
        failpoints.hit("activity.refunds.rows_written")
        order_events.tell_refunds(ws, block, [row for row, _outcome in rows])
    finally:
        arrival.finish(ws, block)
    sales.refresh(ws, marked)
    return _noted(ws, refunds, orders, answers)


def _refund_outcome(row: dict[str, Any], before: dict[str, Any] | None) -> OrderOutcome:
    if before is None:
        return OrderOutcome.CREATED
    is_same = int(before["digest"]) == row["digest"] and int(before["member_no"]) == row["member_no"]
    return OrderOutcome.UNCHANGED if is_same else OrderOutcome.UPDATED


def _noted(
    ws: Workspace, refunds: Sequence[Refund], orders: dict[Key, dict[str, Any]], answers: Sequence[OrderWritten]
) -> list[OrderWritten]:
    """The answers, with a note on refunds that bring their order's sum above what was paid."""
    sums = {key: sum(int(row["amount_minor"]) for row in found) for key, found in facts.refunds_of(ws, list(orders)).items()}
    noted = []
    for refund, answer in zip(refunds, answers, strict=True):
        key = (refund.shop, refund.order_no)
        is_over = key in orders and sums.get(key, 0) > int(orders[key]["paid_minor"])
        notes = [*answer.notes, "refund_over_paid"] if is_over else answer.notes
        noted.append(OrderWritten(answer.shop, answer.number, answer.outcome, answer.member_no, notes))
    return noted


def buyers(ws: Workspace, asked: Sequence[tuple[str, Any, Any, bool]], *, source: str, import_id: str) -> list[int]:
    """The number to write down for each buyer, 0 where none is given or usable; within the running transaction."""
    owners = [NOBODY] * len(asked)
    for historical in (False, True):
        places = [place for place, (_shop, buyer, _at, is_historical) in enumerate(asked) if buyer and is_historical is historical]
        if not places:
            continue
        claims = [Claim([_identity(shop, one) for one in buyer], at, source) for shop, buyer, at, _ in (asked[place] for place in places)]
        resolved = people.resolve(ws, by=SYSTEM, claims=claims, historical=historical, import_id=import_id or None)
        for place, owner in zip(places, resolved.owner_nos, strict=True):
            owners[place] = owner
    return owners


def _identity(shop: str, one: Any) -> Identity:  # noqa: ANN401 - a Buyer
    kind = IdentityKind(one.kind)
    # A shop's buyer id is its own: two shops may give the same number to two people.
    return Identity(kind, one.value, one.namespace or (shop if kind is IdentityKind.BUYER_ID else ""))


def _check(ws: Workspace, orders: Sequence[Order]) -> None:
    del ws
    if len(orders) > rules.BATCH_MAX:
        raise TooLarge(limit=f"{rules.BATCH_MAX} orders")
    for order in orders:
        refusal = rules.refusal_of(order)
        if refusal is not None:
            raise errors.OrderRefused(order_no=order.order_no[:120], reason_zh=refusal.zh, reason_en=refusal.en)


def _distinct(entries: Sequence[Any]) -> Iterable[Sequence[Any]]:
    part: dict[Key, Any] = {}
    for entry in entries:
        key = (entry.shop, entry.order_no if isinstance(entry, Order) else entry.refund_no)
        if key in part:
            yield list(part.values())
            part = {}
        part[key] = entry
    yield list(part.values())
