"""The tables of audiences: definitions with their versions, what entered and left, and the mirror of attributes.

Who is in an audience is a kernel set named after it. The mirror stands in the analytical store, where leaves are asked.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, LogTable, metadata

_INSTANT = "DateTime64(3, 'UTC')"
_WORD = "LowCardinality(String)"

# The values in force by name, one row per member that ever had one; a value that is gone stays as kind "null".
attribute_log = LogTable(
    name="audiences_attribute",
    columns=(
        ("name", _WORD),
        ("member_no", "UInt32"),
        ("version", "UInt64"),
        ("kind", _WORD),
        ("text", "String"),
        ("number", "Float64"),
        ("texts", "Array(String)"),
    ),
    order_by="name, member_no",
    engine="ReplacingMergeTree(version)",
    arrival="",
)

# Every observation, under the number it was told about: what "as of" stands on.
observation_log = LogTable(
    name="audiences_observation",
    columns=(
        ("name", _WORD),
        ("member_no", "UInt32"),
        ("at", _INSTANT),
        ("digest", "FixedString(32)"),
        ("version", "UInt64"),
        ("recorded_at", _INSTANT),
        ("kind", _WORD),
        ("text", "String"),
        ("number", "Float64"),
        ("texts", "Array(String)"),
    ),
    order_by="name, member_no, at, digest",
    engine="ReplacingMergeTree(version)",
    arrival="",
)

LOG_TABLES = [attribute_log, observation_log]

audience_table = sa.Table(
    "audiences_audience",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False, unique=True),
    sa.Column("description", sa.Text, nullable=False, default=""),
    # NULL for a list that somebody brought: its members are the set, and nothing computes it.
    sa.Column("definition", Json),
    sa.Column("definition_hash", sa.String(64), nullable=False),
    sa.Column("refresh", sa.String(12), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("members", sa.BigInteger, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    # The instant and the arrival that the present set speaks of.
    sa.Column("computed_at", Instant),
    sa.Column("watermark", sa.BigInteger, nullable=False, default=0),
    sa.Column("due_at", Instant),
    sa.Column("failed_since", Instant),
    sa.Column("problem", Json),
    sa.Column("drift", sa.BigInteger, nullable=False, default=0),
)

# One row per change of who is in it: counts for the curve, the two sets for whoever follows the audience.
version_table = sa.Table(
    "audiences_version",
    metadata,
    sa.Column("audience_id", sa.String(40), sa.ForeignKey("audiences_audience.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("cause", sa.String(12), nullable=False),
    sa.Column("members", sa.BigInteger, nullable=False),
    sa.Column("entered", sa.BigInteger, nullable=False),
    sa.Column("left", sa.BigInteger, nullable=False),
    sa.Column("entered_set", sa.LargeBinary, nullable=False),
    sa.Column("left_set", sa.LargeBinary, nullable=False),
    sa.Column("definition_hash", sa.String(64), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("audiences_version_by_time", "audience_id", "at"),
)

# Who is told of every version: in order, each once, from the version after `version` on (`part` of a long one).
webhook_table = sa.Table(
    "audiences_webhook",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("audience_id", sa.String(40), sa.ForeignKey("audiences_audience.id", ondelete="CASCADE"), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("part", sa.Integer, nullable=False, default=0),
    # A job is queued for it; the job that holds it, and until when.
    sa.Column("is_queued", sa.Boolean, nullable=False, default=False),
    sa.Column("held_by", sa.String(40)),
    sa.Column("held_until", Instant),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("delivered_at", Instant),
    sa.Column("failed_since", Instant),
    sa.Column("problem", sa.String(200), nullable=False, default=""),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Index("audiences_webhook_of_audience", "audience_id"),
)

# The mirror's place in what people told, and what it was made for.
place_table = sa.Table(
    "audiences_place",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("told_id", sa.BigInteger, nullable=False),
    sa.Column("last_no", sa.BigInteger, nullable=False),
)

# The last ticks, for the page of the heartbeat; older ones are dropped.
tick_table = sa.Table(
    "audiences_tick",
    metadata,
    sa.Column("no", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("watermark", sa.BigInteger, nullable=False),
    sa.Column("took_ms", sa.BigInteger, nullable=False),
    sa.Column("arrived", sa.BigInteger, nullable=False),
    sa.Column("aged", sa.BigInteger, nullable=False),
    sa.Column("audiences", sa.Integer, nullable=False),
    sa.Column("changed", sa.Integer, nullable=False),
    sa.Column("rebuilt", sa.Integer, nullable=False),
)
