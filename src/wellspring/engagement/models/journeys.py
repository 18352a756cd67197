"""The tables of journeys: definitions with versions, where subjects wait, what moved, and what is owed to the outside.

A subject is a member's number, or in a keyed journey the dense number of an instance. Sets that are asked whole (who is
in, who ever was, who is at a node) are kernel sets named after the journey; here stand those that are found by time.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

journey_table = sa.Table(
    "engagement_journey",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False, unique=True),
    sa.Column("description", sa.Text, nullable=False, default=""),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    # 0 until it was published once.
    sa.Column("version", sa.Integer, nullable=False),
    # What is being edited; `revision` is the optimistic lock of its editors (V08).
    sa.Column("draft", Json, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    # What a simple editor edits instead, from which the draft is made.
    sa.Column("sop", Json),
    # How far it has followed each audience, and the last day on which a date came round.
    sa.Column("cursor", Json, nullable=False),
    sa.Column("instances", sa.BigInteger, nullable=False, default=0),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("started_at", Instant),
    sa.Column("ended_at", Instant),
)

journey_version_table = sa.Table(
    "engagement_journey_version",
    metadata,
    sa.Column("journey_id", sa.String(40), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("graph", Json, nullable=False),
    # For each node of the version before: stay, move to, or exit.
    sa.Column("plan", Json, nullable=False),
    sa.Column("note", sa.String(200), nullable=False, default=""),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.String(64), nullable=False),
)

# Who waits at a node until a minute (whole minutes since 1970).
place_table = sa.Table(
    "engagement_place",
    metadata,
    sa.Column("journey_id", sa.String(40), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("node", sa.String(60), primary_key=True),
    sa.Column("due", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("members", sa.LargeBinary, nullable=False),
    sa.Index("engagement_place_by_due", "due"),
)

# Appended once and never changed: counts, a person's history and replay all derive from it.
move_table = sa.Table(
    "engagement_move",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("journey_id", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("tick", sa.BigInteger, nullable=False),
    sa.Column("minute", sa.BigInteger, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("from_node", sa.String(60), nullable=False),
    sa.Column("to_node", sa.String(60), nullable=False),
    sa.Column("reason", sa.String(60), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("members", sa.LargeBinary, nullable=False),
    sa.Index("engagement_move_of_journey", "journey_id", "id"),
    sa.Index("engagement_move_entries", "journey_id", "from_node", "minute"),
)

# Who is in some hundreds of moves that follow each other: so that one person's way is found among millions of moves.
move_block_table = sa.Table(
    "engagement_move_block",
    metadata,
    sa.Column("journey_id", sa.String(40), primary_key=True),
    sa.Column("first_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("last_id", sa.BigInteger, nullable=False),
    sa.Column("members", sa.LargeBinary, nullable=False),
)

# The sums of the moves, so that a canvas need not add them up.
flow_table = sa.Table(
    "engagement_flow",
    metadata,
    sa.Column("journey_id", sa.String(40), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("from_node", sa.String(60), primary_key=True),
    sa.Column("to_node", sa.String(60), primary_key=True),
    sa.Column("reason", sa.String(60), primary_key=True),
    sa.Column("times", sa.BigInteger, nullable=False),
)

# One run of a keyed journey (one per order, say): the same key never enters twice.
instance_table = sa.Table(
    "engagement_instance",
    metadata,
    sa.Column("journey_id", sa.String(40), primary_key=True),
    sa.Column("no", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("member_no", sa.BigInteger, nullable=False),
    sa.Column("key", sa.String(200), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("engagement_instance_of_member", "journey_id", "member_no", "key", unique=True),
    sa.Index("engagement_instance_of_key", "journey_id", "key"),
)

# What a node does besides sending: written by the tick, done by a pump, or (coupons, points) kept for who gives them.
effect_table = sa.Table(
    "engagement_effect",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("journey_id", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("node", sa.String(60), nullable=False),
    sa.Column("tick", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("content", Json, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("members", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    # How many of the members, in order of their numbers, are done.
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("retry_at", Instant),
    sa.Column("problem", sa.String(200), nullable=False, default=""),
    sa.Column("at", Instant, nullable=False),
    sa.Index("engagement_effect_by_state", "state", "retry_at"),
)

# How far the tick of journeys has come: in the log, in what people told, and in time.
journey_clock_table = sa.Table(
    "engagement_journey_clock",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("tick", sa.BigInteger, nullable=False),
    sa.Column("watermark", sa.BigInteger, nullable=False),
    sa.Column("told_id", sa.BigInteger, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("took_ms", sa.BigInteger, nullable=False),
)
