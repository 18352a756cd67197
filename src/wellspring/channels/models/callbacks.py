"""Callbacks as they came: kept before they are answered, worked afterwards."""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, metadata

callback_table = sa.Table(
    "channels_callback",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    # No foreign key: what is refused at the door may name an account that is not there.
    sa.Column("account_id", sa.String(40), nullable=False),
    # Of the content, so that a repetition is seen whatever it was encrypted with.
    sa.Column("digest", sa.LargeBinary(16), nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("event", sa.String(40), nullable=False, server_default=""),
    sa.Column("change", sa.String(40), nullable=False, server_default=""),
    # One contact's, one group's callbacks: `external_userid` or `chat_id`.
    sa.Column("subject", sa.String(64), nullable=False, server_default=""),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False, server_default=""),
    sa.Column("times", sa.Integer, nullable=False, server_default="1"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("happened_at", Instant),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("retry_at", Instant),
    sa.Column("held_by", sa.String(40)),
    sa.Column("held_until", Instant),
    sa.Column("done_at", Instant),
    sa.UniqueConstraint("account_id", "digest"),
    sa.Index(
        "channels_callback_waiting",
        "id",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    sa.Index("channels_callback_state", "state", "id"),
    sa.Index("channels_callback_received", "received_at"),
)
