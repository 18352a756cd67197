"""Accounts with their sealed secrets, their tokens, and what is known of every API that is called with them."""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

account_table = sa.Table(
    "channels_account",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("corp_id", sa.String(64), nullable=False),
    sa.Column("agent_id", sa.String(32), nullable=False, server_default=""),
    # Empty is the platform's own.
    sa.Column("host", sa.String(200), nullable=False, server_default=""),
    sa.Column("state", sa.String(8), nullable=False),
    # Secret, callback token and key, and whatever else the kind needs: one sealed JSON text.
    sa.Column("secrets", sa.LargeBinary, nullable=False),
    sa.Column("has_secret", sa.Boolean, nullable=False),
    sa.Column("has_callback", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("checked_at", Instant),
    sa.Column("problem_code", sa.Integer),
    sa.Column("options", Json, nullable=False, server_default="{}"),
    sa.UniqueConstraint("kind", "corp_id", "agent_id"),
)

# `generation` grows with every token fetched: whoever was refused names the one it had used, so one expiry costs one fetch.
token_table = sa.Table(
    "channels_token",
    metadata,
    sa.Column("account_id", sa.String(40), sa.ForeignKey("channels_account.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("expires_at", Instant),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("held_by", sa.String(40)),
    sa.Column("held_until", Instant),
    # After a refusal nobody asks again before this instant: a wrong secret that is tried often gets the address banned.
    sa.Column("refused_until", Instant),
    sa.Column("refused_code", sa.Integer),
    sa.Column("refusals", sa.Integer, nullable=False, server_default="0"),
)

call_table = sa.Table(
    "channels_call",
    metadata,
    sa.Column("account_id", sa.String(40), sa.ForeignKey("channels_account.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("path", sa.String(120), primary_key=True),
    # The pace that all workers share: microseconds since 1970 up to which calls are given out.
    sa.Column("given_until", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("hour_at", Instant),
    sa.Column("hour_calls", sa.Integer, nullable=False, server_default="0"),
    sa.Column("day_at", Instant),
    sa.Column("day_calls", sa.Integer, nullable=False, server_default="0"),
    # The platform said "limit": nobody calls before, and then one call finds out.
    sa.Column("blocked_until", Instant),
    sa.Column("blocks", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("problem_code", sa.Integer),
    sa.Column("problem_at", Instant),
    sa.Column("succeeded_at", Instant),
)
