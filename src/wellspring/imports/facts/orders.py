"""From flat order rows to buyers, cancellations, whole orders, their lines and refunds, all in sets.

Tables of a run: `…_flat` (rows of the file), `…_who` (buyers resolved to member numbers), `…_match` (which sale a
cancelled line takes back), `…_orders` (one row per order). Grouping spills to disk beyond a limit.
"""

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import orjson

from wellspring.activity import api as activity
from wellspring.imports.facts.flat import BUYER_NAMES, MONEY_FIELDS
from wellspring.imports.facts.staging import ROW, drop, exists
from wellspring.imports.facts.texts import quoted
from wellspring.imports.rules.cancellations import Match, Movement
from wellspring.kernel.stores.log import LogStore, rows, scalar

# What one grouping or sort may hold before it spills to disk, for small machines.
SPILL = "max_bytes_before_external_group_by = 400000000, max_bytes_before_external_sort = 400000000"
_NOTHING = "CAST(map(), 'Map(String, String)')"
_NO_TIME = "toDateTime64(0, 3, 'UTC')"
_PAID_STATES = "('paid', 'shipped', 'completed')"
# Fewer rows than this are one piece; the number of a piece's rows that are looked at to find where the next one begins.
_ONE_PIECE = 100_000
_SAMPLES = 1_000
# Columns of the flat form that many files leave empty.
OPTIONAL = (
    *("state", "paid_at", "cancelled_at", "refund_at", "order_total", "order_paid", "refund", "order_discount", "line_discount"),
    *("shipping", "line_total", "store_code", "staff_code", "payment_method", "properties"),
)
_ORDER_COLUMNS = {
    "shop": "LowCardinality(String)",
    "order_no": "String",
    "who": "String",
    "state": "LowCardinality(String)",
    "is_paid": "UInt8",
    **dict.fromkeys(("placed_at", "paid_at", "cancelled_at"), "DateTime64(3, 'UTC')"),
    **dict.fromkeys(("total_minor", "discount_minor", "shipping_minor", "paid_minor", "held_minor"), "Int64"),
    **dict.fromkeys(("store_code", "staff_code", "payment_method"), "String"),
    "properties": "Map(String, String)",
    "refund_minor": "Int64",
    "refund_at": "DateTime64(3, 'UTC')",
    "lines": activity.LINES_TYPE,
}


@dataclasses.dataclass(frozen=True)
class Shape:
    """What the mapping says about the file, as the SQL needs it."""

    paid_is_net: bool
    has_state: bool
    has_paid_at: bool
    has_cancels: bool
    money: tuple[str, ...]
    # The columns that hold anything: an aggregate over what is always empty costs as much as any other.
    filled: frozenset[str]


@dataclasses.dataclass(frozen=True)
class Kept:
    """Which readable rows stay: not those of refused buyers, nor what took back a sale, nor what the mode leaves out."""

    has_refused: bool = False
    has_cancels: bool = False
    # SQL over (shop, order_no) that must hold, and the reason code where it does not.
    mode: str = ""
    mode_code: str = ""


class OrderTables:
    """The staging tables of one run by name."""

    def __init__(self, prefix: str) -> None:
        self.flat, self.who, self.match, self.orders = (f"{prefix}_{part}" for part in ("flat", "who", "match", "orders"))
        self.raw, self.known = f"{prefix}_raw", f"{prefix}_known"


def keep_known(log: LogStore, tables: OrderTables, stored_orders: str) -> None:
    """Writes down which of the file's orders were there before the import wrote any; kept by a second try."""
    if exists(log, tables.known):
        return
    drop(log, f"{tables.known}_new")
    inside = f"(shop, order_no) IN (SELECT shop, order_no FROM {tables.flat} WHERE reject = '')"
    log.command(
        f"CREATE TABLE {tables.known}_new ENGINE = MergeTree() ORDER BY (shop, order_no) AS SELECT shop, order_no FROM {stored_orders}"
        f" WHERE {inside}"
    )
    # Renaming is atomic, so a table of this name is always whole.
    log.command(f"RENAME TABLE {tables.known}_new TO {tables.known}")


def known_select(tables: OrderTables) -> str:
    """The orders that were there before, for use behind IN."""
    return f"(SELECT shop, order_no FROM {tables.known})"


def derive_numbers(log: LogStore, tables: OrderTables, columns: Sequence[str]) -> None:
    """Gives orders without a number one of their own: buyer, day, and the place among that buyer's rows of that day."""
    names = ", ".join(f"`{name}`" for name in columns)
    number = "concat(order_no, '-', toString(row_number() OVER (PARTITION BY order_no ORDER BY place)))"
    picked = ", ".join(f"{number} AS order_no" if name == "order_no" else f"`{name}`" for name in columns)
    source = f"SELECT *, {ROW} AS place FROM {tables.raw}"
    # One thread: the order of insertion is the order of the file.
    log.command(
        f"INSERT INTO {tables.flat} ({names}) SELECT {picked} FROM ({source}) ORDER BY place SETTINGS {SPILL}, max_insert_threads = 1,"
        f" parallelize_output_from_storages = 0"
    )


def buyers(log: LogStore, tables: OrderTables) -> Iterator[dict[str, Any]]:
    """Every distinct buyer with identifiers, attributes as last told, and the first and last time of an order."""
    named = ", ".join(f"argMax({'buyer_' + name}, placed_at) AS {name}" for name in BUYER_NAMES)
    sql = (
        f"SELECT who, {named}, argMax(attributes, placed_at) AS attributes, toUnixTimestamp64Milli(min(assumeNotNull(placed_at))) AS"
        f" first_ms"
        f" FROM {tables.flat} WHERE reject = '' AND who != '' GROUP BY who ORDER BY who SETTINGS {SPILL}"
    )
    yield from _streamed(log, sql)


def bare_buyers(log: LogStore, tables: OrderTables, *, size: int) -> Iterator[tuple[list[str], int]]:
    """Distinct buyers of one identifier each, in pieces, with the earliest time of an order in the piece."""
    sql = (
        f"SELECT who, toUnixTimestamp64Milli(min(assumeNotNull(placed_at))) AS first FROM {tables.flat}"
        f" WHERE reject = '' AND who != '' GROUP BY who ORDER BY who SETTINGS {SPILL}"
    )
    keys: list[str] = []
    first = 0
    for row in _streamed(log, sql):
        first = min(first, int(row["first"])) if keys else int(row["first"])
        keys.append(str(row["who"]))
        if len(keys) == size:
            yield keys, first
            keys = []
    if keys:
        yield keys, first


def make_who(log: LogStore, tables: OrderTables) -> None:
    """Makes the table of resolved buyers, empty."""
    drop(log, tables.who)
    log.command(f"CREATE TABLE {tables.who} (who String, member_no UInt32, code LowCardinality(String)) ENGINE = MergeTree() ORDER BY who")


def put_who(log: LogStore, tables: OrderTables, resolved: Iterable[tuple[str, int, str]]) -> None:
    """Adds buyers with their member number, or the code of why they were refused."""
    log.insert(tables.who, ["who", "member_no", "code"], [b"\n".join(orjson.dumps(row) for row in resolved)], fmt="JSONCompactEachRow")


def refused_buyers(log: LogStore, tables: OrderTables) -> int:
    """How many buyers may not be taken."""
    return int(scalar(log, f"SELECT count() FROM {tables.who} WHERE code != ''") or 0)


def movements(log: LogStore, tables: OrderTables) -> Iterator[Movement]:
    """Sales and cancellations of whatever was ever cancelled, by buyer, product and price, in the order of time."""
    key = "who, sku, ifNull(price, 0)"
    sql = (
        f"SELECT who, sku, ifNull(price, 0) AS unit, {ROW} AS place, order_no, abs(ifNull(quantity, 0)) AS pieces, cancels FROM"
        f" {tables.flat}"
        f" WHERE reject = '' AND who != '' AND ({key}) IN (SELECT {key} FROM {tables.flat} WHERE reject = '' AND who != '' AND cancels)"
        f" ORDER BY who, sku, unit, placed_at, cancels, place SETTINGS {SPILL}"
    )
    for row in _streamed(log, sql):
        yield Movement((row["who"], row["sku"], row["unit"]), row["place"], row["order_no"], row["pieces"], bool(row["cancels"]))


def put_matches(log: LogStore, tables: OrderTables, found: Iterable[Match]) -> int:
    """Writes down which sale each cancelled line takes back; gives their number."""
    drop(log, tables.match)
    log.command(f"CREATE TABLE {tables.match} (place UInt64, sale_no String) ENGINE = MergeTree() ORDER BY place")
    pieces = (orjson.dumps((match.row, match.order_no)) + b"\n" for match in found)
    return log.insert(tables.match, ["place", "sale_no"], _batched(pieces), fmt="JSONCompactEachRow")


@dataclasses.dataclass(frozen=True)
class Span:
    """Orders whose number lies above `after` and up to `until`; an empty end is open."""

    after: str = ""
    until: str = ""

    def holds(self, column: str) -> str:
        """The condition on a column of order numbers."""
        ends = [f"{column} > {quoted(self.after)}"] if self.after else []
        ends += [f"{column} <= {quoted(self.until)}"] if self.until else []
        return " AND ".join(ends) or "1"


def spans(log: LogStore, tables: OrderTables, *, rows_max: int) -> list[Span]:
    """Spans of about equally many rows, in order of their numbers and in an even number: they are worked on in pairs."""
    found = rows(log, f"SELECT count() AS rows FROM {tables.flat} WHERE reject = ''")[0]["rows"]
    if found <= _ONE_PIECE:
        return [Span()]
    pieces = 2 * -(-int(found) // (2 * rows_max))
    every = max(int(found) // (pieces * _SAMPLES), 1)
    sample = f"SELECT order_no FROM {tables.flat} WHERE reject = '' AND ({ROW}) % {every} = 0 ORDER BY order_no SETTINGS {SPILL}"
    numbers = [str(row["order_no"]) for row in rows(log, sample)]
    ends = sorted({numbers[len(numbers) * piece // pieces] for piece in range(1, pieces)}) if numbers else []
    return [Span(after, until) for after, until in zip(["", *ends], [*ends, ""], strict=True)]


def make_orders(log: LogStore, tables: OrderTables) -> None:
    """Makes the table of whole orders, empty."""
    drop(log, tables.orders)
    columns = ", ".join(f"{name} {kind}" for name, kind in _ORDER_COLUMNS.items())
    log.command(f"CREATE TABLE {tables.orders} ({columns}) ENGINE = MergeTree() ORDER BY (shop, order_no)")


def group(log: LogStore, tables: OrderTables, keeps: Kept, shape: Shape, span: Span) -> None:
    """One row per order of the span, with its sums, its state and its lines; cancelled lines that found their sale are left out."""
    paid_state = f"told IN {_PAID_STATES}" if shape.has_state else "paid_ms > 0" if shape.has_paid_at else "1"
    gross = "ifNull(order_paid, total) + ifNull(refund, 0)" if shape.paid_is_net else "ifNull(order_paid, total)"
    line = (
        f"toUInt32({ROW} + 1), sku, product, category, ifNull(quantity, 0), ifNull(price, 0), ifNull(line_discount, 0),"
        " ifNull(line_total, 0)"
    )
    sums = (
        f"SELECT shop, order_no, {_sums(shape.filled)},"
        # The line's number is its place in the file.
        f" CAST(arraySort(line -> line.1, groupArrayIf(tuple({line}), has_line)), '{activity.LINES_TYPE}') AS lines"
        f" FROM {tables.flat} AS flat{_kept(tables, keeps)} AND {span.holds('order_no')} GROUP BY shop, order_no"
    )
    log.command(
        f"INSERT INTO {tables.orders} ({', '.join(_ORDER_COLUMNS)}) SELECT shop, order_no, who,"
        f" multiIf(told != '', told, is_paid, 'paid', 'placed') AS state, toUInt8({paid_state}) AS is_paid, placed AS placed_at,"
        f" multiIf(paid_ms > 0, fromUnixTimestamp64Milli(paid_ms, 'UTC'), is_paid, placed, {_NO_TIME}) AS paid_at,"
        f" multiIf(cancelled_ms > 0, fromUnixTimestamp64Milli(cancelled_ms, 'UTC'), told = 'cancelled', placed, {_NO_TIME}) AS"
        f" cancelled_at, total, discount, shipping,"
        f" if(is_paid, {gross}, 0), if(is_paid, 0, ifNull(order_paid, 0)), store_code, staff_code, payment_method, properties,"
        f" ifNull(refund, 0), fromUnixTimestamp64Milli(if(refund_ms > 0, refund_ms, toUnixTimestamp64Milli(if(paid_ms"
        f" > 0, paid_at, placed))), 'UTC'), lines FROM ({sums}) AS grouped SETTINGS {SPILL}, max_insert_threads = 1"
    )


def _sums(filled: Collection[str]) -> str:
    def either(name: str, made: str, otherwise: str) -> str:
        return made if name in filled else otherwise

    def latest(name: str) -> str:
        return either(name, f"max(ifNull(toUnixTimestamp64Milli({name}), 0))", "toInt64(0)")

    def highest(name: str) -> str:
        return either(name, f"max({name})", "CAST(NULL, 'Nullable(Int64)')")

    def summed(name: str) -> str:
        return either(name, f"ifNull(sum({name}), 0)", "toInt64(0)")

    texts = ", ".join(f"{either(name, f'any({name})', quoted(''))} AS {name}" for name in ("store_code", "staff_code", "payment_method"))
    return (
        f"any(flat.who) AS who, {either('state', 'anyLast(state)', quoted(''))} AS told, min(assumeNotNull(placed_at)) AS placed,"
        f" {latest('paid_at')} AS paid_ms, {latest('cancelled_at')} AS cancelled_ms, {latest('refund_at')} AS refund_ms,"
        f" {highest('order_total')} AS order_total, {highest('order_paid')} AS order_paid, {highest('refund')} AS refund,"
        f" ifNull({highest('order_discount')}, 0) AS off, off + {summed('line_discount')} AS discount,"
        f" ifNull({highest('shipping')}, 0) AS shipping, {summed('line_total')} AS lines_total, {texts},"
        f" {either('properties', 'any(properties)', _NOTHING)} AS properties, ifNull(order_total, lines_total + shipping - off) AS total"
    )


def orders_select(tables: OrderTables, span: Span, *, currency: str) -> str:
    """Whole orders with their lines, as activity takes them."""
    payment = "toJSONString([CAST(tuple(payment_method, paid_minor), 'Tuple(method String, amount_minor Int64)')])"
    return (
        "SELECT shop, order_no, member_no, state, is_paid, placed_at, paid_at, cancelled_at,"
        f" {quoted(currency)} AS currency, total_minor, discount_minor, shipping_minor, paid_minor, store_code, staff_code,"
        f" if(payment_method = '' OR NOT is_paid, '[]', {payment}) AS payments, lines FROM {_owned(tables, span.holds('order_no'))}"
    )


def sizes(log: LogStore, tables: OrderTables, span: Span) -> tuple[int, int]:
    """How many orders and lines a span holds."""
    found = rows(log, f"SELECT count() AS orders, sum(length(lines)) AS lines FROM {tables.orders} WHERE {span.holds('order_no')}")[0]
    return int(found["orders"]), int(found["lines"])


def _owned(tables: OrderTables, condition: str = "1", columns: str = "*") -> str:
    whole = f"(SELECT {columns} FROM {tables.orders} WHERE {condition}) AS whole"
    return f"{whole} LEFT ANY JOIN (SELECT who, member_no FROM {tables.who}) AS buyer USING (who)"


def refunds_select(tables: OrderTables, *, currency: str, has_cancels: bool) -> str:
    """Refunds told with their orders, and cancelled lines that took back a sale (one refund per cancellation and sale)."""
    told = (
        "SELECT shop, concat(order_no, '-R') AS refund_no, order_no, member_no, refund_minor AS amount_minor, refund_at AS at, '' AS reason"
        f", {quoted(currency)} AS currency FROM {_owned(tables, 'refund_minor > 0')}"
    )
    if not has_cancels:
        return told
    cancelled = (
        "SELECT line.shop AS shop, concat(line.order_no, '/', sale_no) AS refund_no, sale_no AS order_no, any(buyer.member_no) AS"
        " member_no,"
        " -sum(assumeNotNull(line.line_total)) AS amount_minor, min(assumeNotNull(line.placed_at)) AS at, 'cancellation' AS reason"
        f", {quoted(currency)} AS currency FROM (SELECT shop, order_no, who, line_total, placed_at, {ROW} AS place FROM {tables.flat}"
        f" WHERE cancels AND reject = '') AS line"
        f" INNER JOIN {tables.match} AS taken USING (place) LEFT ANY JOIN {tables.who} AS buyer ON line.who = buyer.who"
        " WHERE buyer.code = '' GROUP BY line.shop, line.order_no, sale_no"
    )
    return f"{told} UNION ALL {cancelled}"


def _kept(tables: OrderTables, keeps: Kept) -> str:
    conditions = ["reject = ''"]
    if keeps.has_refused:
        conditions.append(f"flat.who NOT IN (SELECT who FROM {tables.who} WHERE code != '')")
    if keeps.has_cancels:
        conditions.append(f"NOT (cancels AND ({ROW}) IN (SELECT place FROM {tables.match}))")
    if keeps.mode:
        conditions.append(keeps.mode)
    return f" WHERE {' AND '.join(conditions)}"


def sums(log: LogStore, tables: OrderTables, fields: Sequence[str]) -> dict[str, dict[str, int]]:
    """Rows and money of every money column, by reject code ('' is what is kept)."""
    wanted = ", ".join(f"ifNull(sum({name}), 0) AS {name}" for name in MONEY_FIELDS if name in fields)
    sql = f"SELECT toString(reject) AS code, count() AS rows{', ' + wanted if wanted else ''} FROM {tables.flat} GROUP BY code"
    return {str(row.pop("code")): {name: int(value) for name, value in row.items()} for row in rows(log, sql)}


def refused_sums(log: LogStore, tables: OrderTables, keeps: Kept, fields: Sequence[str]) -> dict[str, dict[str, int]]:
    """The same for rows that could be read and are refused: for their buyer, or for the mode."""
    wanted = ", ".join(f"ifNull(sum({name}), 0) AS {name}" for name in MONEY_FIELDS if name in fields)
    sql = (
        f"SELECT why AS code, count() AS rows{', ' + wanted if wanted else ''} FROM ({_refused(tables, keeps)}) WHERE why != '' GROUP"
        f" BY code"
    )
    return {str(row.pop("code")): {name: int(value) for name, value in row.items()} for row in rows(log, sql)}


def _refused(tables: OrderTables, keeps: Kept) -> str:
    mode = f"NOT ({keeps.mode}), {quoted(keeps.mode_code)}, " if keeps.mode else ""
    money = ", ".join(MONEY_FIELDS)
    return (
        f"SELECT {money}, {ROW} AS place, multiIf(buyer.code != '', toString(buyer.code), {mode}'') AS why"
        f" FROM (SELECT shop, order_no, who, {money}, _part_starting_offset, _part_offset FROM {tables.flat} WHERE reject = '') AS line"
        f" LEFT ANY JOIN (SELECT who, code FROM {tables.who}) AS buyer USING (who)"
    )


def order_counts(log: LogStore, tables: OrderTables) -> dict[str, int]:
    """What the grouped orders come to: the numbers that a result is reconciled with."""
    sql = (
        "SELECT count() AS orders, countIf(is_paid AND total_minor >= 0) AS paid_orders, countIf(member_no = 0) AS unattributed_orders,"
        " sumIf(paid_minor, is_paid AND total_minor >= 0) AS revenue_minor, countIf(total_minor < 0) AS negative_orders,"
        " -sumIf(total_minor, total_minor < 0) AS negative_minor,"
        f" sum(held_minor) AS held_minor FROM {_owned(tables, columns='who, is_paid, total_minor, paid_minor, held_minor')}"
    )
    return {name: int(value) for name, value in rows(log, sql)[0].items()}


def rejected(log: LogStore, table: str) -> Iterator[tuple[int, str, list[str]]]:
    """Place, code and original cells of every row that could not be read."""
    for row in _streamed(
        log, f"SELECT {ROW} AS place, toString(reject) AS code, raw FROM {table} WHERE reject != '' ORDER BY place SETTINGS {SPILL}"
    ):
        yield int(row["place"]), str(row["code"]), list(row["raw"])


def refused_rows(log: LogStore, tables: OrderTables, keeps: Kept) -> dict[int, str]:
    """Places in the file of readable rows that are refused, with the code."""
    return {
        int(row["place"]): str(row["why"]) for row in _streamed(log, f"SELECT place, why FROM ({_refused(tables, keeps)}) WHERE why != ''")
    }


def _streamed(log: LogStore, sql: str) -> Iterator[dict[str, Any]]:
    held = b""
    for piece in log.stream(sql, fmt="JSONEachRow"):
        whole = (held + piece).split(b"\n")
        held = whole.pop()
        yield from (orjson.loads(line) for line in whole if line)
    if held.strip():
        yield orjson.loads(held)


def _batched(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    for piece in pieces:
        held.append(piece)
        if len(held) == 10_000:
            yield b"".join(held)
            held.clear()
    if held:
        yield b"".join(held)


def refund_sum(log: LogStore, select: str) -> int:
    """What the refunds of a select come to."""
    return int(scalar(log, f"SELECT sum(amount_minor) FROM ({select})") or 0)
