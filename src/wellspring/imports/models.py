"""The runs with their files, mappings and reports; remembered mappings; rejected rows until their file is written.

Rejected rows are sealed. What a file says of an order beyond what orders have (its province) is kept beside, in plain.
Staging tables of running imports live in the analytical store and are made and dropped by `facts`.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, LogTable, metadata

run_table = sa.Table(
    "imports_run",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("stage", sa.String(20), nullable=False, default=""),
    sa.Column("files", Json, nullable=False),
    sa.Column("mapping", Json),
    sa.Column("options", Json, nullable=False),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("started_at", Instant),
    sa.Column("finished_at", Instant),
    sa.Column("job_id", sa.String(40)),
    sa.Column("report", Json),
    sa.Column("dry_report", Json),
    sa.Column("rejects_file_id", sa.String(40)),
    sa.Column("replay_of", sa.String(40)),
    # Milliseconds of the start: what this import writes is newer than what was there, and a second try is the same.
    sa.Column("version", sa.BigInteger, nullable=False, default=0),
    # How many rows of the file have been taken in for good, and what became of them (row by row imports).
    sa.Column("rows_done", sa.BigInteger, nullable=False, default=0),
    sa.Column("tally", Json, nullable=False),
)

mapping_table = sa.Table(
    "imports_mapping",
    metadata,
    sa.Column("kind", sa.String(12), primary_key=True),
    sa.Column("signature", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("mapping", Json, nullable=False),
    sa.Column("used_at", Instant, nullable=False),
)

reject_table = sa.Table(
    "imports_reject",
    metadata,
    sa.Column("import_id", sa.String(40), primary_key=True),
    sa.Column("row_no", sa.BigInteger, primary_key=True),
    sa.Column("code", sa.String(60), nullable=False),
    sa.Column("zh", sa.Text, nullable=False),
    sa.Column("en", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

# What stood before an import in domains that keep no history of their own (units, staff), for its undoing.
before_table = sa.Table(
    "imports_before",
    metadata,
    sa.Column("import_id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(12), primary_key=True),
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("before", Json),
    sa.Column("made", sa.Boolean, nullable=False),
)

# The newest version of a name counts; those of an import go with it.
property_log = LogTable(
    name="imports_order_property",
    columns=(
        ("shop", "LowCardinality(String)"),
        ("order_no", "String"),
        ("name", "LowCardinality(String)"),
        ("value", "String"),
        ("version", "UInt64"),
        ("import_id", "LowCardinality(String)"),
    ),
    order_by="shop, order_no, name, version",
    shard_by="cityHash64(shop, order_no)",
)

LOG_TABLES = [property_log]
