"""Imports of any size: orders from SELECTs over a staging table, mapped events, and the undoing of a whole import."""

import dataclasses
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from wellspring.activity.contracts import Flag, ImportCounts, ImportedEvent, IngestResult
from wellspring.activity.events import ImportUndone
from wellspring.activity.facts import orders as facts
from wellspring.activity.facts import staging, undoing
from wellspring.activity.models import event_log, line_log, order_log, refund_log
from wellspring.activity.rules.orders import version_of
from wellspring.activity.service import arrival, order_events, receive, sales
from wellspring.activity.service.turns import turn
from wellspring.kernel import audit, bus, failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import iso, to_millis
from wellspring.kernel.money import minor_digits
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import Refusal

# Keys that one statement may name; a larger undoing goes in steps.
_STEP = 2_000


@dataclasses.dataclass(frozen=True)
class Staged:
    """Three SELECTs over the importer's own staging table, all of one currency.

    `orders`, one row per order: shop, order_no String; member_no UInt32; state String (OrderState); is_paid UInt8;
    placed_at, paid_at, cancelled_at DateTime64(3, 'UTC') (1970 where there is none); currency String; total_minor,
    discount_minor, shipping_minor, paid_minor Int64 (0 while unpaid); store_code, staff_code String; payments
    String (a JSON list). `lines`: shop, order_no; line_no UInt32; sku, product, category String; quantity,
    price_minor, discount_minor, total_minor Int64. `refunds`: shop, refund_no, order_no String; member_no UInt32;
    amount_minor Int64; currency String; at DateTime64(3, 'UTC'); reason String.

    Cheaper than `lines` is an order that carries its own: `carries_lines` says that `orders` has a column
    `lines` of `LINES_TYPE`, in the order of their numbers.
    """

    orders: str = ""
    lines: str = ""
    refunds: str = ""
    currency: str = "CNY"
    carries_lines: bool = False
    # How many orders and lines there are, from a caller who knows.
    size: tuple[int, int] | None = None

    @property
    def whole_orders(self) -> str:
        """Orders with their lines."""
        return self.orders if self.carries_lines else staging.carried(self.orders, self.lines)


def insert_orders_from(ws: Workspace, pieces: Sequence[Staged], *, import_id: str, source: str, historical: bool) -> ImportCounts:
    """See `activity.api.insert_orders_from`."""

    def write(staged: Staged) -> ImportCounts:
        return _piece(ws, staged, import_id=import_id, source=source, historical=historical)

    marked = sales.mark_everybody(ws)
    with turn(ws), ThreadPoolExecutor(len(pieces)) as threads:
        written = list(threads.map(write, pieces)) if len(pieces) > 1 else [write(pieces[0])]
    sales.catch_up(ws, marked, sales.changed_by(ws, import_id))
    return ImportCounts(
        orders=sum(one.orders for one in written), lines=sum(one.lines for one in written), refunds=sum(one.refunds for one in written)
    )


def _piece(ws: Workspace, staged: Staged, *, import_id: str, source: str, historical: bool) -> ImportCounts:
    orders, lines = staged.size or (staging.counted(ws, staged.whole_orders) if staged.orders else (0, 0))
    refunds = staging.count(ws, staged.refunds)
    if not orders and not refunds:
        return ImportCounts()
    received = to_millis(ws.clock.now())
    with arrival.taken(ws, orders * 4 + refunds * 2) as block:
        piece = staging.Piece(
            version=version_of(updated=None, received=received, arrival_no=block.first, previous=0),
            arrival_no=block.first,
            received=received,
            source=source,
            import_id=import_id,
            flags=Flag.HISTORICAL.value if historical else 0,
            digits=minor_digits(staged.currency),
        )
        written = _orders(ws, staged.whole_orders, piece, orders=orders, lines=lines) if orders else ImportCounts()
        arrival.usable(block)
        if refunds:
            after = dataclasses.replace(piece, arrival_no=block.first + orders * 4)
            written = dataclasses.replace(written, refunds=staging.write_refunds(ws, staged.refunds, after))
            failpoints.hit("activity.imports.refunds_written")
            staging.write_refund_events(ws, staged.refunds, dataclasses.replace(after, arrival_no=after.arrival_no + refunds))
    return written


def _orders(ws: Workspace, whole_orders: str, piece: staging.Piece, *, orders: int, lines: int) -> ImportCounts:
    with staging.staged_orders(ws, whole_orders, piece) as stage:
        changed = staging.changed(ws, stage) if stage.asks else orders
        if stage.asks:
            staging.keep_past(ws, stage)
            failpoints.hit("activity.imports.past_kept")
        if lines:
            staging.write_lines(ws, stage)
            failpoints.hit("activity.imports.lines_written")
        staging.write_orders(ws, stage)
        failpoints.hit("activity.imports.orders_written")
        staging.write_order_events(ws, stage, arrival_no=piece.arrival_no + orders)
        failpoints.hit("activity.imports.events_written")
        _attribute_waiting(ws, stage)
    return ImportCounts(orders=changed, lines=lines)


def _attribute_waiting(ws: Workspace, stage: staging.Stage) -> None:
    """Refunds that came before these orders find their buyers, those of orders that changed hands go along; in steps: there are few."""
    for keys in facts.waiting_refunds(ws, stage.source, stage.piece.params, step=_STEP):
        order_events.attribute_refunds(ws, facts.current(ws, keys).values(), received=stage.piece.received)


def write_events(
    ws: Workspace, events: Sequence[ImportedEvent], *, source: str, import_id: str, historical: bool
) -> tuple[IngestResult, list[tuple[int, Refusal]]]:
    """See `activity.api.write_events`."""
    raws = [_message(event) for event in events]
    intake = receive.intake_of(ws, source=source, import_id=import_id, historical=historical)
    answer, refused = receive.listed(ws, raws, intake)
    return answer.result(), list(refused)


def undo(ws: Workspace, import_id: str, *, by: Principal) -> ImportCounts:
    """See `activity.api.undo_import`."""
    marked = sales.mark_everybody(ws)
    with turn(ws):
        changed = sales.changed_by(ws, import_id)
        orders, refunds = undoing.keys_of(ws, import_id)
        restored = undoing.replaced(ws, import_id)
        deleted = undoing.delete(ws, import_id)
        failpoints.hit("activity.imports.deleted")
        undoing.restore(ws)
        failpoints.hit("activity.imports.restored")
        keys = sorted({*orders, *facts.orders_of_refunds(ws, refunds)})
        for start in range(0, len(keys), _STEP):
            step = keys[start : start + _STEP]
            order_events.attribute_refunds(ws, facts.current(ws, step).values(), received=to_millis(ws.clock.now()))
            order_events.retell(ws, step)
        with ws.sql.write() as tx:
            now = ws.clock.now()
            audit.append(ws.sql, tx, by=by, action="activity.import_undone", subject=import_id, at=now, detail=deleted)
            bus.tell(ws.sql, tx, ImportUndone(import_id), at=now)
    sales.catch_up(ws, marked, changed)
    return ImportCounts(
        orders=deleted[order_log.name],
        lines=deleted[line_log.name],
        refunds=deleted[refund_log.name],
        events=deleted[event_log.name],
        restored=restored,
    )


def _message(event: ImportedEvent) -> dict[str, object]:
    own = {"user_id": "userId", "anonymous_id": "anonymousId"}
    message: dict[str, object] = {"type": "track", "event": event.kind, "timestamp": iso(event.at), "messageId": event.message_id}
    external = []
    for one in event.identities:
        if one.kind in own:
            message[own[one.kind]] = one.value
        else:
            external.append({"type": one.kind, "id": one.value, "namespace": one.namespace})
    return {**message, "properties": dict(event.properties), "context": {"externalIds": external}}
