"""What analytics derives every day and keeps: RFM cells, lifecycle stages, repurchase cycles; all of it can be made again.

A run is complete once its row in `run_log` stands; rows of a run without one are never read.
"""

from wellspring.kernel.stores.log import LogTable

_INSTANT = "DateTime64(3, 'UTC')"
_WORD = "LowCardinality(String)"
_KEY = (("run", "UInt64"), ("day", "Date"), ("member_no", "UInt32"))

run_log = LogTable(
    name="analytics_run",
    columns=(("kind", _WORD), ("day", "Date"), ("run", "UInt64"), ("at", _INSTANT), ("orders", "UInt64"), ("summary", "String")),
    order_by="kind, day, run",
    shard_by="run",
    arrival="",
)

rfm_log = LogTable(
    name="analytics_rfm",
    columns=(
        *_KEY,
        ("recency", "UInt8"),
        ("frequency", "UInt8"),
        ("monetary", "UInt8"),
        ("last_at", _INSTANT),
        ("orders", "UInt32"),
        ("net_minor", "Int64"),
    ),
    order_by="run, member_no",
    partition_by="day",
    arrival="",
)

stage_log = LogTable(
    name="analytics_stage",
    columns=(*_KEY, ("stage", _WORD), ("cycle_days", "Float64"), ("next_at", _INSTANT)),
    order_by="run, member_no",
    partition_by="day",
    arrival="",
)

# Kept of the newest day only: what is due is a question about now.
rhythm_log = LogTable(
    name="analytics_category_rhythm",
    columns=(*_KEY, ("category", _WORD), ("n", "UInt16"), ("own", "Float64"), ("last_at", _INSTANT)),
    order_by="run, member_no, category",
    partition_by="day",
    arrival="",
)

# What one piece of an article costs; told by people, so it is no derived table, but it is joined with lines of orders.
cost_log = LogTable(
    name="analytics_unit_cost",
    columns=(("sku", "String"), ("cost_minor", "Int64"), ("version", "UInt64")),
    order_by="sku",
    engine="ReplacingMergeTree(version)",
    shard_by="cityHash64(sku)",
    arrival="",
)

LOG_TABLES = [run_log, rfm_log, stage_log, rhythm_log, cost_log]
