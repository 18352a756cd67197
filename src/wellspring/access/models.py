"""Tables of access. Tokens and keys are kept as hashes only, second factors sealed, passwords as argon2id.

E-mails and names here are those of the brand's own staff and stand in plain.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

user_table = sa.Table(
    "access_user",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("locale", sa.String(10), nullable=False),
    sa.Column("password_hash", sa.String(255)),
    sa.Column("role_ids", Json, nullable=False),
    sa.Column("unit_ids", Json, nullable=False),
    sa.Column("staff_id", sa.String(40)),
    sa.Column("disabled_at", Instant),
    sa.Column("totp_sealed", sa.LargeBinary),
    sa.Column("totp_pending", sa.LargeBinary),
    sa.Column("totp_step", sa.BigInteger, nullable=False, default=0),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("last_seen_at", Instant),
)
session_table = sa.Table(
    "access_session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.String(40), nullable=False, index=True),
    sa.Column("method", sa.String(10), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("idle_seconds", sa.BigInteger, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)
role_table = sa.Table(
    "access_role",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("zh", sa.String(60), nullable=False),
    sa.Column("en", sa.String(60), nullable=False),
    sa.Column("grants", Json, nullable=False),
    sa.Column("is_builtin", sa.Boolean, nullable=False),
    sa.Column("needs_units", sa.Boolean, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
)
key_table = sa.Table(
    "access_key",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("previous_hash", sa.String(64), index=True),
    sa.Column("overlap_until", Instant),
    sa.Column("hint", sa.String(60), nullable=False),
    sa.Column("permissions", Json, nullable=False),
    sa.Column("unit_ids", Json, nullable=False),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    sa.Column("last_used_at", Instant),
    sa.Column("disabled_at", Instant),
)
link_table = sa.Table(
    "access_link",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.String(40), nullable=False, index=True),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
)
# One row per account name tried (as a blind hash, known or not) and per address that tried.
attempt_table = sa.Table(
    "access_attempt",
    metadata,
    sa.Column("subject", sa.String(80), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("blocked_until", Instant),
)
