"""Orders by the million: from a staging SELECT into orders, lines, refunds and events by SQL alone.

A stage table holds one piece's orders with the version they get and the one they meet. Whatever step a crash
interrupts, the same piece again writes only what is missing: unchanged orders are known by their digest, and events
of orders that were there before are asked of the log.
"""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wellspring.activity.facts import purchases
from wellspring.activity.models import event_log, line_log, order_log, order_past_log, refund_log, refund_past_log
from wellspring.kernel.ids import new_id
from wellspring.kernel.stores.log import rows, scalar
from wellspring.kernel.workspace import Workspace

_EPOCH = "toDateTime64(0, 3, 'UTC')"
_CONTENT = (
    "shop, order_no, member_no, state, is_paid, placed_at, paid_at, cancelled_at, currency, total_minor, discount_minor, shipping_minor,"
    " paid_minor, store_code, staff_code, payments"
)
_LINE = "sku, product, category, quantity, price_minor, discount_minor, total_minor"
_LINES_TYPE = dict(event_log.columns)["lines"]
_NO_LINES = f"CAST([], '{_LINES_TYPE}')"


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


@contextmanager
def staged_orders(ws: Workspace, orders: str, lines: str, piece: Piece) -> Iterator[str]:
    """A table with this piece's orders, dropped at the end."""
    name = "activity_stage_" + new_id("s").removeprefix("s_")
    columns = ", ".join(f"`{column}` {kind.partition(' CODEC')[0]}" for column, kind in order_log.columns)
    ws.log.command(
        f"CREATE TABLE {name} ({columns}, previous UInt64, is_changed UInt8, event_lines {_LINES_TYPE}) ENGINE = MergeTree ORDER BY"
        f" (shop, order_no)"
    )
    try:
        ws.log.command(f"INSERT INTO {name} {_staging(ws, orders, lines)}", piece.params)
        yield name
    finally:
        ws.log.command(f"DROP TABLE IF EXISTS {name} SYNC")


def sums(ws: Workspace, stage: str) -> dict[str, int]:
    """How many orders are staged, how many differ from what is stored, how many were stored before."""
    return {
        name: int(number)
        for name, number in rows(
            ws.log, f"SELECT count() AS orders, countIf(is_changed) AS changed, countIf(previous > 0) AS known FROM {stage}"
        )[0].items()
    }


def keep_past(ws: Workspace, stage: str) -> None:
    """Copies what will be replaced aside."""
    columns = ", ".join(order_log.column_names)
    changed = f"SELECT shop, order_no FROM {stage} WHERE is_changed AND previous > 0"
    ws.log.command(
        f"INSERT INTO {order_past_log.name} ({columns}) SELECT {columns} FROM {order_log.name} FINAL WHERE (shop, order_no) IN ({changed})"
    )


def write_lines(ws: Workspace, stage: str, lines: str, piece: Piece, *, asks: bool) -> None:
    """Appends the lines of the changed orders under their new version; `asks` when some orders were stored before."""
    columns = ", ".join(line_log.column_names)
    if not asks:
        # Every order is new, so all share one version: a join of a million lines saved.
        ws.log.command(
            f"INSERT INTO {line_log.name} ({columns}) SELECT shop, order_no, {{version:UInt64}}, line_no, sku, product, category, quantity,"
            f" price_minor, discount_minor, total_minor, {{import_id:String}} FROM ({lines})",
            piece.params,
        )
        return
    ws.log.command(
        f"INSERT INTO {line_log.name} ({columns}) SELECT l.shop, l.order_no, s.version, l.line_no, l.sku, l.product, l.category,"
        " l.quantity,"
        f" l.price_minor, l.discount_minor, l.total_minor, {{import_id:String}} FROM ({lines}) AS l"
        f" INNER JOIN (SELECT shop, order_no, version FROM {stage} WHERE is_changed) AS s ON l.shop = s.shop AND l.order_no = s.order_no",
        piece.params,
    )


def write_orders(ws: Workspace, stage: str) -> None:
    """Appends the changed orders."""
    changed = f"SELECT shop, order_no FROM {stage} WHERE is_changed AND previous > 0"
    past = (
        f"SELECT shop, order_no, member_no FROM {order_past_log.name} WHERE (shop, order_no) IN ({changed})"
        " ORDER BY version DESC LIMIT 1 BY shop, order_no"
    )
    purchases.mark_gone(
        ws,
        "SELECT p.member_no AS member_no, s.shop AS shop, s.order_no AS number, s.version AS version, s.import_id AS import_id"
        f" FROM (SELECT * FROM {stage} WHERE is_changed AND previous > 0) AS s INNER JOIN ({past}) AS p"
        " ON p.shop = s.shop AND p.order_no = s.order_no WHERE p.member_no > 0 AND p.member_no != s.member_no",
    )
    columns = ", ".join(order_log.column_names)
    # The stage holds one row per order: nothing to replace within the insert, and looking for it costs more than the insert.
    ws.log.command(
        f"INSERT INTO {order_log.name} ({columns}) SELECT {columns} FROM {stage} WHERE is_changed SETTINGS optimize_on_insert = 0"
    )


def write_order_events(ws: Workspace, stage: str, piece: Piece, *, asks: bool) -> None:
    """Appends the events that the staged orders of known buyers owe; `asks` when some orders were stored before."""
    kinds = (
        "[('Order Placed', 'placed', placed_at, 1), ('Order Completed', 'completed', paid_at, is_paid),"
        " ('Order Cancelled', 'cancelled', cancelled_at, state = 'cancelled')]"
    )
    owed = f"SELECT *, arrayJoin({kinds}) AS owed FROM {stage} WHERE member_no > 0"
    told = ""
    if asks:
        members = f"SELECT member_no FROM {stage} WHERE previous > 0"
        told = (
            f" AND (previous = 0 OR message_id NOT IN (SELECT message_id FROM {event_log.name}"
            f" WHERE kind IN ('Order Placed', 'Order Completed', 'Order Cancelled') AND member_no IN ({members})))"
        )
    _insert_events(
        ws,
        "SELECT member_no, owed.1 AS kind, owed.3 AS at, concat('order:', owed.2, ':', shop, ':', order_no) AS message_id, order_no, shop,"
        " round(if(is_paid, paid_minor, total_minor) / exp10({digits:UInt8}), {digits:UInt8}) AS total, currency, store_code AS store,"
        f" staff_code AS staff, event_lines AS lines FROM ({owed}) WHERE owed.4{told}",
        piece,
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
        f" AND member_no IN (SELECT member_no FROM ({stored})))",
        piece,
    )


def _insert_events(ws: Workspace, select: str, piece: Piece) -> None:
    columns = ", ".join(event_log.column_names)
    ws.log.command(
        f"INSERT INTO {event_log.name} ({columns}) SELECT {{arrival_no:UInt64}} + rowNumberInAllBlocks(), member_no, kind, 'order', at,"
        " fromUnixTimestamp64Milli({received:Int64}, 'UTC'), message_id, {source:String}, {import_id:String}, {flags:UInt8}, '{}',"
        " '{}', order_no, shop, total, currency, store, staff, lines"
        f" FROM ({select})",
        piece.params,
    )


def _staging(ws: Workspace, orders: str, lines: str) -> str:
    content = ", ".join(f"o.{name.strip()} AS {name.strip()}" for name in _CONTENT.split(","))
    line_digest = f"LEFT JOIN ({_line_sums(lines)}) AS d ON o.shop = d.shop AND o.order_no = d.order_no" if lines else ""
    arrays = "d.lines" if lines else _NO_LINES
    digest = f"cityHash64({', '.join('o.' + name.strip() for name in _CONTENT.split(','))}, {'d.digest' if lines else '0'})"
    has_orders = int(scalar(ws.log, f"SELECT count() FROM (SELECT 1 FROM {order_log.name} LIMIT 1)")) > 0
    known = (
        f"LEFT JOIN (SELECT shop, order_no, version, digest FROM {order_log.name} FINAL WHERE (shop, order_no) IN (SELECT shop,"
        f" order_no FROM ({orders}))) AS p"
        " ON o.shop = p.shop AND o.order_no = p.order_no"
        if has_orders
        else ""
    )
    previous, same = ("p.version", f"p.version > 0 AND p.digest = {digest}") if has_orders else ("toUInt64(0)", "0")
    selected = (
        f"SELECT {content}, {digest} AS digest, {previous} AS previous, NOT ({same}) AS is_changed, {arrays} AS event_lines FROM"
        f" ({orders}) AS o {line_digest}"
        f" {known}"
    )
    names = [
        name
        for name in order_log.column_names
        if name not in ("version", "arrival_no", "received_at", "source", "import_id", "flags", "digest")
    ]
    values = {name: name for name in names} | {
        "version": "if(is_changed, greatest({version:UInt64}, previous + 1), previous)",
        "arrival_no": "{arrival_no:UInt64} + rowNumberInAllBlocks()",
        "received_at": "fromUnixTimestamp64Milli({received:Int64}, 'UTC')",
        "source": "{source:String}",
        "import_id": "{import_id:String}",
        "flags": "{flags:UInt8}",
        "digest": "digest",
    }
    return f"SELECT {', '.join(values[name] for name in order_log.column_names)}, previous, is_changed, event_lines FROM ({selected})"


def _line_sums(lines: str) -> str:
    """Each order's lines as one digest and as the array that its events carry: one grouping for both."""
    entry = "tuple(sku, product, category, quantity, price_minor / exp10({digits:UInt8}), total_minor / exp10({digits:UInt8}))"
    return (
        f"SELECT shop, order_no, groupBitXor(cityHash64(line_no, {_LINE})) AS digest,"
        f" CAST(arraySort(line -> line.1, groupArray(tuple(line_no, {entry}))).2, '{_LINES_TYPE}') AS lines"
        f" FROM ({lines}) GROUP BY shop, order_no"
    )
