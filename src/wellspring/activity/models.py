"""Activity's tables: the log and the orders in the analytical store; catalogue, rejects and arrival blocks in the other.

The log is never updated. Orders keep one current row per shop and number (ReplacingMergeTree, read through
`facts`); versions that an import replaced are kept beside, so that the import can be undone exactly.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, LogTable, metadata

_INSTANT = "DateTime64(3, 'UTC')"
_WORD = "LowCardinality(String)"
# Fewer, wider merges: half of their cost while much is written, for some parts more. Not where single members are read or versions
# are told apart: there every part costs each reader.
_WIDE_MERGES = "merge_selector_base = 12"

# What the timeline shows of an event, packed into one text: every further column costs a point read 0.2 ms, JSON most.
# Put together word by word, because JSON of a whole tuple costs four times as much; and one of two texts is picked from an
# array, because `if` would cut the JSON column into pieces, which costs more than writing both.
_ORDER_PROPS = (
    """concat('{"order_no":', toJSONString(order_no), ',"shop":', toJSONString(shop), ',"total":"', toString(total), '","currency":',"""
    """ toJSONString(currency), ',"store":', toJSONString(store), ',"staff":', toJSONString(staff), '}')"""
)
PACKED = (
    "concat('[', toString(toUnixTimestamp64Milli(at)), ',', toString(arrival_no), ',', toString(member_no), ',', toJSONString(kind), ',',"
    " toJSONString(type), ',', toJSONString(message_id), ',', toJSONString(source), ',', toJSONString(import_id), ',', toString(flags),"
    f" ',', toString(toUnixTimestamp64Milli(received_at)), ',', [toJSONString(props), {_ORDER_PROPS}][1 + (type = 'order')], ']')"
)

event_log = LogTable(
    name="activity_event",
    columns=(
        ("arrival_no", "UInt64"),
        ("member_no", "UInt32"),
        ("kind", _WORD),
        ("type", _WORD),
        ("at", _INSTANT),
        ("received_at", _INSTANT),
        ("message_id", "String"),
        ("source", _WORD),
        ("import_id", _WORD),
        ("flags", "UInt8"),
        ("props", "JSON"),
        # Text on purpose: it is opened for explanations only, and a second JSON column doubles the cost of intake.
        ("context", "String CODEC(ZSTD(1))"),
        # The properties of an order's events, typed: as JSON, 333,000 of them took 18 s to import, typed next to nothing.
        ("order_no", "String"),
        ("shop", _WORD),
        ("total", "Float64"),
        ("currency", _WORD),
        ("store", _WORD),
        ("staff", _WORD),
        # Few distinct words, named again with every sale: as numbers they cost a fifth less to write and to keep.
        ("lines", f"Array(Tuple(sku {_WORD}, product {_WORD}, category {_WORD}, qty Int64, price Float64, total Float64))"),
    ),
    order_by="kind, member_no, at",
    extras=(
        # The second way in: who did a kind of thing in some months, and what leaves a window with the next minute, is one range
        # of narrow rows. A projection, so that whatever is deleted is deleted there too.
        "PROJECTION by_time (SELECT kind, at, member_no, arrival_no, type, total ORDER BY kind, at)",
        # Parts are made in order of arrival, so these two skip every old part when the newest rows are asked for.
        "INDEX by_arrival arrival_no TYPE minmax GRANULARITY 1",
        "INDEX by_receipt received_at TYPE minmax GRANULARITY 1",
    ),
    settings=f"{_WIDE_MERGES}, lightweight_mutation_projection_mode = 'rebuild'",
)
# What intake appends; the columns of orders stay empty then.
EVENT_COLUMNS = event_log.column_names[:12]


class FedTable(LogTable):
    """A table that a materialized view fills from the log, within the same insert."""

    def ddl(self, *, cluster: str | None = None) -> list[str]:
        """The table, and the view on each shard that feeds it."""
        suffix = "" if cluster is None else "_local"
        feed = (
            f"CREATE MATERIALIZED VIEW IF NOT EXISTS {self.name}_feed TO {self.name}{suffix} AS"
            f" SELECT member_no, at, arrival_no, {PACKED} AS body FROM {event_log.name}{suffix}"
        )
        return [*super().ddl(cluster=cluster), feed]


# The timeline's way in. Small granules and blocks: a member's newest events are 1 to 2 ms at 5 million, against 20 ms by projection.
timeline_log = FedTable(
    name="activity_timeline_row",
    columns=(("member_no", "UInt32"), ("at", _INSTANT), ("arrival_no", "UInt64"), ("body", "String")),
    order_by="member_no, at",
    settings="index_granularity = 64, min_compress_block_size = 4096, max_compress_block_size = 16384",
)

_ORDER_COLUMNS = (
    ("shop", _WORD),
    ("order_no", "String"),
    ("version", "UInt64"),
    ("arrival_no", "UInt64"),
    ("member_no", "UInt32"),
    ("state", _WORD),
    ("is_paid", "UInt8"),
    ("placed_at", _INSTANT),
    ("paid_at", _INSTANT),
    ("cancelled_at", _INSTANT),
    ("received_at", _INSTANT),
    ("currency", _WORD),
    ("total_minor", "Int64"),
    ("discount_minor", "Int64"),
    ("shipping_minor", "Int64"),
    ("paid_minor", "Int64"),
    ("store_code", _WORD),
    ("staff_code", _WORD),
    ("source", _WORD),
    ("import_id", _WORD),
    ("flags", "UInt8"),
    ("payments", "String CODEC(ZSTD(1))"),
    ("digest", "UInt64"),
)
_MEMBER_WAY_IN = "PROJECTION by_member (SELECT _part_offset ORDER BY member_no)"
_REBUILD = "deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild'"

order_log = LogTable(
    name="activity_order",
    columns=_ORDER_COLUMNS,
    order_by="shop, order_no",
    engine="ReplacingMergeTree(version)",
    shard_by="cityHash64(shop, order_no)",
    extras=(_MEMBER_WAY_IN,),
    settings=_REBUILD,
)

# What an import replaced, kept until the import can no longer be undone.
order_past_log = LogTable(
    name="activity_order_past",
    columns=_ORDER_COLUMNS,
    order_by="shop, order_no, version",
    shard_by="cityHash64(shop, order_no)",
)

line_log = LogTable(
    name="activity_order_line",
    columns=(
        ("shop", _WORD),
        ("order_no", "String"),
        ("version", "UInt64"),
        ("line_no", "UInt32"),
        ("sku", _WORD),
        ("product", _WORD),
        ("category", _WORD),
        ("quantity", "Int64"),
        ("price_minor", "Int64"),
        ("discount_minor", "Int64"),
        ("total_minor", "Int64"),
        ("import_id", _WORD),
    ),
    order_by="shop, order_no, version, line_no",
    shard_by="cityHash64(shop, order_no)",
    settings=_WIDE_MERGES,
)

_REFUND_COLUMNS = (
    ("shop", _WORD),
    ("refund_no", "String"),
    ("version", "UInt64"),
    ("arrival_no", "UInt64"),
    ("order_no", "String"),
    ("member_no", "UInt32"),
    ("amount_minor", "Int64"),
    ("currency", _WORD),
    ("at", _INSTANT),
    ("received_at", _INSTANT),
    ("reason", "String"),
    ("lines", "String CODEC(ZSTD(1))"),
    ("source", _WORD),
    ("import_id", _WORD),
    ("flags", "UInt8"),
    ("digest", "UInt64"),
)

refund_log = LogTable(
    name="activity_refund",
    columns=_REFUND_COLUMNS,
    order_by="shop, refund_no",
    engine="ReplacingMergeTree(version)",
    shard_by="cityHash64(shop, refund_no)",
    extras=(_MEMBER_WAY_IN, "PROJECTION by_order (SELECT _part_offset ORDER BY shop, order_no)"),
    settings=_REBUILD,
)

refund_past_log = LogTable(
    name="activity_refund_past",
    columns=_REFUND_COLUMNS,
    order_by="shop, refund_no, version",
    shard_by="cityHash64(shop, refund_no)",
)

# A merged number and the one that holds its past now; a row that names itself was un-merged.
holder_log = LogTable(
    name="activity_member_holder",
    columns=(("member_no", "UInt32"), ("holder_no", "UInt32"), ("version", "UInt64")),
    order_by="member_no",
    engine="ReplacingMergeTree(version)",
)

PURCHASED = (
    "toJSONString(tuple('order', shop, order_no, version, toUnixTimestamp64Milli(placed_at), state, is_paid, currency, total_minor,"
    " paid_minor, store_code))"
)
RETURNED = "toJSONString(tuple('refund', shop, refund_no, version, toUnixTimestamp64Milli(at), order_no, amount_minor, currency))"


class PurchaseTable(LogTable):
    """A table that two materialized views fill, from orders and from refunds, within the same insert."""

    def ddl(self, *, cluster: str | None = None) -> list[str]:
        """The table, and the views on each shard that feed it."""
        suffix = "" if cluster is None else "_local"
        into, kept = f"TO {self.name}{suffix} AS SELECT member_no", "version, import_id"
        bought = f"{into}, 'order' AS kind, shop, order_no AS number, {kept}, {PURCHASED} AS body FROM {order_log.name}{suffix}"
        returned = f"{into}, 'refund' AS kind, shop, refund_no AS number, {kept}, {RETURNED} AS body FROM {refund_log.name}{suffix}"
        feeds = ((f"{self.name}_order_feed", bought), (f"{self.name}_refund_feed", returned))
        views = [f"CREATE MATERIALIZED VIEW IF NOT EXISTS {name} {chosen} WHERE member_no > 0" for name, chosen in feeds]
        return [*super().ddl(cluster=cluster), *views]


# A member's orders and refunds in one point read, two columns wide: the lists' and the member page's way in. An order
# that changes hands leaves a row of state "gone" with the member who had it.
purchase_log = PurchaseTable(
    name="activity_purchase",
    columns=(
        ("member_no", "UInt32"),
        ("kind", _WORD),
        ("shop", _WORD),
        ("number", "String"),
        ("version", "UInt64"),
        ("import_id", _WORD),
        ("body", "String"),
    ),
    order_by="member_no, kind, shop, number",
    engine="ReplacingMergeTree(version)",
    arrival="",
    settings="index_granularity = 64, min_compress_block_size = 4096, max_compress_block_size = 16384",
)

# Under whom an order was told before it changed hands: the log is asked by member, and tells each event once for ever.
former_log = LogTable(
    name="activity_former_buyer",
    columns=(("shop", _WORD), ("order_no", "String"), ("member_no", "UInt32")),
    order_by="shop, order_no, member_no",
    engine="ReplacingMergeTree()",
    shard_by="cityHash64(shop, order_no)",
    arrival="",
)

LOG_TABLES = [
    event_log,
    timeline_log,
    order_log,
    order_past_log,
    line_log,
    refund_log,
    refund_past_log,
    purchase_log,
    former_log,
    holder_log,
]

# Orders in sum per number they were told under, and the newest of them: what lists and the member page ask all day.
# Made from the log and never told by anybody; `owed` counts the writers whose orders are not in the row yet. The row of
# number 0 stands for everybody: missing, or owing, it sends every reader to the log.
sales_table = sa.Table(
    "activity_sales",
    metadata,
    sa.Column("member_no", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("orders", sa.Integer, nullable=False),
    sa.Column("paid_orders", sa.Integer, nullable=False),
    sa.Column("revenue_minor", sa.BigInteger, nullable=False),
    sa.Column("refunds_minor", sa.BigInteger, nullable=False),
    sa.Column("first_order_at", Instant),
    sa.Column("last_order_at", Instant),
    sa.Column("newest", sa.Text, nullable=False),
    sa.Column("owed", sa.BigInteger, nullable=False),
    info={"derived": True},
)

property_table = sa.Table(
    "activity_property",
    metadata,
    sa.Column("kind", sa.String(200), primary_key=True),
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("type", sa.String(10), primary_key=True),
    sa.Column("times", sa.BigInteger, nullable=False),
    sa.Column("first_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("samples", Json, nullable=False),
)

rejected_table = sa.Table(
    "activity_rejected",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("source", sa.String(120), nullable=False, index=True),
    sa.Column("type", sa.String(12), nullable=False),
    sa.Column("code", sa.String(60), nullable=False, index=True),
    sa.Column("zh", sa.Text, nullable=False),
    sa.Column("en", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("times", sa.Integer, nullable=False, default=1),
    sa.Column("state", sa.String(12), nullable=False, default="open"),
    sa.Column("replayed_at", Instant),
)

# Arrival numbers in the hands of a writer. The row with first_no 0 is the counter: its last_no is the highest number taken.
block_table = sa.Table(
    "activity_block",
    metadata,
    sa.Column("first_no", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("last_no", sa.BigInteger, nullable=False),
    sa.Column("owner", sa.String(40), nullable=False),
    sa.Column("taken_at_wall", sa.Float, nullable=False),
)
