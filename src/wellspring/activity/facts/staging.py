"""Orders by the million: from a staging SELECT into orders, lines, refunds and events by SQL alone.

A stage table holds one piece's orders with the version they get and the one they meet. Whatever step a crash
interrupts, the same piece again writes only what is missing: unchanged orders are known by their digest, and events
of orders that were there before are asked of the log.
"""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wellspring.activity.facts import formers, purchases
from wellspring.activity.models import event_log, line_log, order_log, order_past_log, refund_log, refund_past_log
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores.log import rows, scalar
from wellspring.kernel.workspace import Workspace

_EPOCH = "toDateTime64(0, 3, 'UTC')"
_CONTENT = (
    "shop, order_no, member_no, state, is_paid, placed_at, paid_at, cancelled_at, currency, total_minor, discount_minor, shipping_minor,"
    " paid_minor, store_code, staff_code, payments"
)
# An order's lines as one value beside it, and as its events carry them (amounts in major units).
LINES_TYPE = (
    "Array(Tuple(line_no UInt32, sku LowCardinality(String), product LowCardinality(String), category LowCardinality(String),"
    " quantity Int64, price_minor Int64, discount_minor Int64, total_minor Int64))"
)
_LINE = ("line_no", "sku", "product", "category", "quantity", "price_minor", "discount_minor", "total_minor")
_LINES_TYPE = dict(event_log.columns)["lines"]
_NO_LINES = f"CAST([], '{_LINES_TYPE}')"
_EVENT_LINES = (
    "arrayZip(tupleElement(lines, 'sku'), tupleElement(lines, 'product'), tupleElement(lines, 'category'), tupleElement(lines, 'quantity'),"
    " arrayMap(price -> price / exp10({digits:UInt8}), tupleElement(lines, 'price_minor')),"
    " arrayMap(total -> total / exp10({digits:UInt8}), tupleElement(lines, 'total_minor')))"
)
# Two pieces are written at a time, each on a core of its own; a part per insert and not per thread.
_ALONE = "max_insert_threads = 1"


@dataclasses.dataclass(frozen=True)
class Piece:
    """What holds for every row of one call."""

    version: int
    arrival_no: int
    received: int
    source: str
    import_id: str
    flags: int
    digits: int

    @property
    def params(self) -> dict[str, Any]:
        """The values as SQL parameters."""
        return dataclasses.asdict(self)


def count(ws: Workspace, select: str) -> int:
    """How many rows a SELECT gives."""
    return int(scalar(ws.log, f"SELECT count() FROM ({select})")) if select else 0


def counted(ws: Workspace, orders: str) -> tuple[int, int]:
    """How many orders a SELECT of whole orders gives, and how many lines."""
    found = rows(ws.log, f"SELECT count() AS orders, sum(length(lines)) AS lines FROM ({orders})")[0]
    return int(found["orders"]), int(found["lines"])


def written(ws: Workspace, import_id: str) -> tuple[int, int]:
    """How many orders an import wrote in all its tries, and how many of them had been there before."""
    own = f"FROM {order_log.name} WHERE import_id = {{import_id:String}}"
    params = {"import_id": import_id}
    number = int(scalar(ws.log, f"SELECT count() {own}", params))
    if not number or scalar(ws.log, f"SELECT 1 FROM {order_past_log.name} LIMIT 1") is None:
        return number, 0
    past = f"SELECT DISTINCT shop, order_no FROM {order_past_log.name} WHERE (shop, order_no) IN (SELECT shop, order_no {own})"
    return number, int(scalar(ws.log, f"SELECT count() FROM ({past})", params))


@dataclasses.dataclass(frozen=True)
class Stage:
    """A piece's orders as something to select from, with the version that each gets and the one that it meets."""

    source: str
    piece: Piece
    # Whether some of the orders were stored before; if not, nothing is kept aside or asked of the log.
    asks: bool


def carried(orders: str, lines: str) -> str:
    """One SELECT of orders that carry their lines, from one of each."""
    if not lines:
        return f"SELECT *, CAST([], '{LINES_TYPE}') AS lines FROM ({orders})"
    entry = ", ".join(_LINE)
    each = (
        f"SELECT shop, order_no, CAST(arraySort(line -> line.1, groupArray(tuple({entry}))), '{LINES_TYPE}') AS lines"
        f" FROM ({lines}) GROUP BY shop, order_no"
    )
    return f"SELECT o.*, l.lines AS lines FROM ({orders}) AS o LEFT JOIN ({each}) AS l ON o.shop = l.shop AND o.order_no = l.order_no"


@contextmanager
def staged_orders(ws: Workspace, orders: str, piece: Piece) -> Iterator[Stage]:
    """This piece's orders: as they are selected where all are new, otherwise in a table that is dropped at the end."""
    if not _meets(ws, orders):
        yield Stage(f"({_staging(orders, is_met=False)})", piece, asks=False)
        return
    name = "activity_stage_" + new_id("s").removeprefix("s_")
    columns = ", ".join(f"`{column}` {kind.partition(' CODEC')[0]}" for column, kind in order_log.columns)
    ws.log.command(
        f"CREATE TABLE {name} ({columns}, previous UInt64, is_changed UInt8, lines {LINES_TYPE}) ENGINE = MergeTree ORDER BY"
        f" (shop, order_no)"
    )
    try:
        ws.log.command(f"INSERT INTO {name} {_staging(orders, is_met=True)}", piece.params)
        yield Stage(name, piece, asks=True)
    finally:
        ws.log.command(f"DROP TABLE IF EXISTS {name} SYNC")


def changed(ws: Workspace, stage: Stage) -> int:
    """How many of the staged orders are new or differ from what is stored."""
    return int(scalar(ws.log, f"SELECT countIf(is_changed) FROM {stage.source}", stage.piece.params))


def keep_past(ws: Workspace, stage: Stage) -> None:
    """Copies what will be replaced aside."""
    columns = ", ".join(order_log.column_names)
    changed = f"SELECT shop, order_no FROM {stage.source} WHERE is_changed AND previous > 0"
    ws.log.command(
        f"INSERT INTO {order_past_log.name} ({columns}) SELECT {columns} FROM {order_log.name} FINAL WHERE (shop, order_no) IN ({changed})"
    )


def write_lines(ws: Workspace, stage: Stage) -> None:
    """Appends the lines of the changed orders under their new version."""
    columns = ", ".join(line_log.column_names)
    ws.log.command(
        f"INSERT INTO {line_log.name} ({columns}) SELECT shop, order_no, version, {', '.join(f'line.{name}' for name in _LINE)},"
        f" {{import_id:String}} FROM {stage.source} ARRAY JOIN lines AS line WHERE is_changed SETTINGS {_ALONE}",
        stage.piece.params,
    )


def write_orders(ws: Workspace, stage: Stage) -> None:
    """Appends the changed orders."""
    if stage.asks:
        _mark_gone(ws, stage)
    columns = ", ".join(order_log.column_names)
    # The stage holds one row per order: nothing to replace within the insert, and looking for it costs more than the insert.
    ws.log.command(
        f"INSERT INTO {order_log.name} ({columns}) SELECT {columns} FROM {stage.source} WHERE is_changed"
        f" SETTINGS optimize_on_insert = 0, {_ALONE}",
        stage.piece.params,
    )


def _mark_gone(ws: Workspace, stage: Stage) -> None:
    changed = f"SELECT shop, order_no FROM {stage.source} WHERE is_changed AND previous > 0"
    past = (
        f"SELECT shop, order_no, member_no FROM {order_past_log.name} WHERE (shop, order_no) IN ({changed})"
        " ORDER BY version DESC LIMIT 1 BY shop, order_no"
    )
    moved = (
        "SELECT p.member_no AS member_no, s.shop AS shop, s.order_no AS order_no, s.version AS version, s.import_id AS import_id"
        f" FROM (SELECT * FROM {stage.source} WHERE is_changed AND previous > 0) AS s INNER JOIN ({past}) AS p"
        " ON p.shop = s.shop AND p.order_no = s.order_no WHERE p.member_no > 0 AND p.member_no != s.member_no"
    )
    formers.note_from(ws, moved)
    purchases.mark_gone(ws, f"SELECT * EXCEPT order_no, order_no AS number FROM ({moved})")


def write_order_events(ws: Workspace, stage: Stage, *, arrival_no: int) -> None:
    """Appends the events that the staged orders of known buyers owe, all kinds at once."""
    kinds = (
        "[('Order Placed', 'placed', placed_at, 1), ('Order Completed', 'completed', paid_at, is_paid),"
        " ('Order Cancelled', 'cancelled', cancelled_at, state = 'cancelled')]"
    )
    owed = f"SELECT *, {_EVENT_LINES} AS event_lines FROM {stage.source} WHERE member_no > 0"
    told = ""
    if stage.asks:
        members = (
            f"SELECT member_no FROM {stage.source} WHERE previous > 0 UNION ALL"
            f" {formers.among(f'SELECT shop, order_no FROM {stage.source} WHERE previous > 0')}"
        )
        told = (
            f" WHERE previous = 0 OR message_id NOT IN (SELECT message_id FROM {event_log.name}"
            f" WHERE kind IN ('Order Placed', 'Order Completed', 'Order Cancelled') AND member_no IN ({members}))"
        )
    _insert_events(
        ws,
        "SELECT member_no, owed.1 AS kind, owed.3 AS at, concat('order:', owed.2, ':', shop, ':', order_no) AS message_id, order_no, shop,"
        " round(if(is_paid, paid_minor, total_minor) / exp10({digits:UInt8}), {digits:UInt8}) AS total, currency, store_code AS store,"
        f" staff_code AS staff, event_lines AS lines FROM ({owed}) ARRAY JOIN arrayFilter(one -> one.4, {kinds}) AS owed{told}",
        dataclasses.replace(stage.piece, arrival_no=arrival_no),
    )


def write_refunds(ws: Workspace, refunds: str, piece: Piece) -> int:
    """Appends refunds that are new or differ, under their order's buyer where it is known; gives their number."""
    inner = (
        "SELECT r.shop AS shop, r.refund_no AS refund_no, r.order_no AS order_no, if(o.member_no > 0, o.member_no, r.member_no) AS"
        " member_no,"
        " r.amount_minor AS amount_minor, r.currency AS currency, r.at AS at, r.reason AS reason,"
        " cityHash64(r.shop, r.refund_no, r.order_no, r.amount_minor, r.currency, r.at, r.reason) AS digest, p.version AS previous,"
        " p.digest AS known"
        f" FROM ({refunds}) AS r"
        f" LEFT JOIN (SELECT shop, order_no, member_no FROM {order_log.name} FINAL) AS o ON r.shop = o.shop AND r.order_no = o.order_no"
        f" LEFT JOIN (SELECT shop, refund_no, version, digest FROM {refund_log.name} FINAL) AS p ON r.shop = p.shop AND r.refund_no ="
        " p.refund_no"
    )
    columns = ", ".join(refund_log.column_names)
    changed = f"SELECT * FROM ({inner}) WHERE previous = 0 OR known != digest"
    number = count(ws, changed)
    ws.log.command(
        f"INSERT INTO {refund_past_log.name} ({columns}) SELECT {columns} FROM {refund_log.name} FINAL"
        f" WHERE (shop, refund_no) IN (SELECT shop, refund_no FROM ({changed}) WHERE previous > 0)"
    )
    ws.log.command(
        f"INSERT INTO {refund_log.name} ({columns}) SELECT shop, refund_no, greatest({{version:UInt64}}, previous + 1),"
        " {arrival_no:UInt64} + rowNumberInAllBlocks(), order_no, member_no, amount_minor, currency, at,"
        " fromUnixTimestamp64Milli({received:Int64}, 'UTC'), reason, '[]', {source:String}, {import_id:String}, {flags:UInt8}, digest"
        f" FROM ({changed})",
        piece.params,
    )
    return number


def write_refund_events(ws: Workspace, refunds: str, piece: Piece) -> None:
    """Appends the events of this piece's refunds that the log does not have."""
    stored = f"SELECT * FROM {refund_log.name} FINAL WHERE member_no > 0 AND (shop, refund_no) IN (SELECT shop, refund_no FROM ({refunds}))"
    _insert_events(
        ws,
        "SELECT member_no, 'Order Refunded' AS kind, at, concat('order:refunded:', shop, ':', refund_no) AS message_id, order_no, shop,"
        f" round(amount_minor / exp10({{digits:UInt8}}), {{digits:UInt8}}) AS total, currency, '' AS store, '' AS staff, {_NO_LINES}"
        " AS lines"
        f" FROM ({stored}) WHERE message_id NOT IN (SELECT message_id FROM {event_log.name} WHERE kind = 'Order Refunded'"
        f" AND member_no IN (SELECT member_no FROM ({stored}) UNION ALL {formers.among(f'SELECT shop, order_no FROM ({stored})')}))",
        piece,
    )


def _insert_events(ws: Workspace, select: str, piece: Piece) -> None:
    # `props` stays at its default: orders' events have columns of their own, and even an empty JSON costs a third of the insert.
    columns = ", ".join(name for name in event_log.column_names if name != "props")
    ws.log.command(
        f"INSERT INTO {event_log.name} ({columns}) SELECT {{arrival_no:UInt64}} + rowNumberInAllBlocks(), member_no, kind, 'order', at,"
        " fromUnixTimestamp64Milli({received:Int64}, 'UTC'), message_id, {source:String}, {import_id:String}, {flags:UInt8},"
        " '{}', order_no, shop, total, currency, store, staff, lines"
        f" FROM ({select}) SETTINGS {_ALONE}",
        piece.params,
    )


def _meets(ws: Workspace, orders: str) -> bool:
    # Most pieces meet nothing: the store is empty, or holds no number between the piece's first and last, which the key tells at once.
    if scalar(ws.log, f"SELECT 1 FROM {order_log.name} LIMIT 1") is None:
        return False
    ends = f"WITH (SELECT tuple(min(order_no), max(order_no)) FROM ({orders})) AS ends"
    if scalar(ws.log, f"{ends} SELECT 1 FROM {order_log.name} WHERE order_no >= ends.1 AND order_no <= ends.2 LIMIT 1") is None:
        return False
    inside = f"(shop, order_no) IN (SELECT shop, order_no FROM ({orders}))"
    return scalar(ws.log, f"SELECT 1 FROM {order_log.name} WHERE {inside} LIMIT 1") is not None


def _staging(orders: str, *, is_met: bool) -> str:
    names = [name.strip() for name in _CONTENT.split(",")]
    content = ", ".join(f"o.{name} AS {name}" for name in names)
    each = f"arrayMap(line -> cityHash64({', '.join(f'line.{name}' for name in _LINE)}), o.lines)"
    digest = f"cityHash64({', '.join(f'o.{name}' for name in names)}, arrayReduce('groupBitXor', {each}))"
    known = (
        f"LEFT JOIN (SELECT shop, order_no, version, digest FROM {order_log.name} FINAL WHERE (shop, order_no) IN (SELECT shop,"
        f" order_no FROM ({orders}))) AS p ON o.shop = p.shop AND o.order_no = p.order_no"
        if is_met
        else ""
    )
    previous, same = ("p.version", f"p.version > 0 AND p.digest = {digest}") if is_met else ("toUInt64(0)", "0")
    told = f"{digest} AS digest, {previous} AS previous, NOT ({same}) AS is_changed"
    selected = f"SELECT {content}, {told}, o.lines AS lines FROM ({orders}) AS o {known}"
    values = {
        "version": "if(is_changed, greatest({version:UInt64}, previous + 1), previous)",
        "arrival_no": "{arrival_no:UInt64} + rowNumberInAllBlocks()",
        "received_at": "fromUnixTimestamp64Milli({received:Int64}, 'UTC')",
        "source": "{source:String}",
        "import_id": "{import_id:String}",
        "flags": "{flags:UInt8}",
    }
    picked = ", ".join(f"{values[name]} AS {name}" if name in values else name for name in order_log.column_names)
    return f"SELECT {picked}, previous, is_changed, lines FROM ({selected})"
