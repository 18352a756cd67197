"""Customer groups with everybody who is and was in them, and what happened there.

A callback only says that a group has to be fetched (`wanted_no` grows); the fetch tells who is in it. So callbacks
may come in any order and any number of times.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

chat_table = sa.Table(
    "channels_chat",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("chat_id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False, server_default=""),
    sa.Column("owner", sa.String(64), nullable=False, server_default=""),
    sa.Column("state", sa.String(12), nullable=False),
    # A notice is written by staff, and may name a customer.
    sa.Column("notice", sa.LargeBinary),
    sa.Column("admins", Json, nullable=False),
    sa.Column("member_version", sa.String(64), nullable=False, server_default=""),
    sa.Column("members_count", sa.Integer, nullable=False, server_default="0"),
    sa.Column("customers_count", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_at", Instant),
    # Fetched because of word number `fetched_no`; the group is stale while a newer one came.
    sa.Column("wanted_no", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("fetched_no", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("fetched_at", Instant),
    sa.Column("due_at", Instant),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_token", sa.String(32)),
    sa.Column("lease_until", Instant),
    sa.Column("dissolved_at", Instant),
    sa.Column("seen_in", sa.String(40), nullable=False, server_default=""),
    sa.Index("channels_chat_due", "due_at"),
    sa.Index("channels_chat_owner", "account_id", "owner"),
)

# One row per stay: somebody who left and came back has two.
chat_member_table = sa.Table(
    "channels_chat_member",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("chat_id", sa.String(64), primary_key=True),
    sa.Column("userid", sa.String(64), primary_key=True),
    sa.Column("joined_at", Instant, primary_key=True),
    sa.Column("is_staff", sa.Boolean, nullable=False),
    sa.Column("member_no", sa.BigInteger, nullable=False, index=True),
    sa.Column("name", sa.LargeBinary),
    sa.Column("name_masked", sa.String(60)),
    sa.Column("unionid", sa.String(64), nullable=False, server_default=""),
    sa.Column("join_scene", sa.Integer, nullable=False, server_default="0"),
    sa.Column("state", sa.String(64), nullable=False, server_default=""),
    sa.Column("invited_by", sa.String(64)),
    sa.Column("left_at", Instant),
    # Removed by staff, or left; empty where a fetch found that they were gone.
    sa.Column("was_removed", sa.Boolean),
    sa.Index("channels_chat_member_here", "account_id", "chat_id", "left_at"),
)

# What a callback said of people that joined or left, until the fetch is held against it: who left when, and how.
chat_word_table = sa.Table(
    "channels_chat_word",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("callback_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("chat_id", sa.String(64), nullable=False),
    sa.Column("verb", sa.String(12), nullable=False),
    sa.Column("userids", Json, nullable=False),
    sa.Column("scene", sa.Integer, nullable=False),
    # The version of the list of members that this led to; empty for what does not change it.
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("channels_chat_word_chat", "account_id", "chat_id"),
)

chat_change_table = sa.Table(
    "channels_chat_change",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("chat_id", sa.String(64), nullable=False),
    sa.Column("verb", sa.String(12), nullable=False),
    sa.Column("userid", sa.String(64), nullable=False, server_default=""),
    sa.Column("member_no", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("scene", sa.Integer, nullable=False, server_default="0"),
    sa.Column("state", sa.String(64), nullable=False, server_default=""),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("is_logged", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("account_id", "chat_id", "verb", "userid", "at"),
    sa.Index(
        "channels_chat_change_unlogged",
        "id",
        sqlite_where=sa.text("is_logged = 0"),
        postgresql_where=sa.text("NOT is_logged"),
    ),
)

chat_day_table = sa.Table(
    "channels_chat_day",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("owner", sa.String(64), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("counts", Json, nullable=False),
    sa.Column("fetched_at", Instant, nullable=False),
)
