"""Parcels that were handed to providers, what these told of them by themselves, and what people wrote back.

A parcel's row is written before its call, so that the same key never goes out twice by whoever hands it over again.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

parcel_table = sa.Table(
    "channels_parcel",
    metadata,
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("sender", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("provider_id", sa.String(120), nullable=False, server_default=""),
    # What the provider made of it later: the moment of a job.
    sa.Column("made_id", sa.String(120), nullable=False, server_default=""),
    sa.Column("problem", sa.String(80), nullable=False, server_default=""),
    # Numbers with the code of why each was not taken.
    sa.Column("refused", Json, nullable=False),
    sa.Column("recipients", sa.Integer, nullable=False),
    sa.Column("called_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("recalled_at", Instant),
    # Of the text, for whoever looks at the provider for a call that was never answered.
    sa.Column("text_mark", sa.LargeBinary(16)),
    sa.Index("channels_parcel_provider", "account_id", "provider_id"),
    sa.Index("channels_parcel_called", "called_at"),
    sa.Index(
        "channels_parcel_open",
        "called_at",
        sqlite_where=sa.text("state IN ('calling', 'unknown')"),
        postgresql_where=sa.text("state IN ('calling', 'unknown')"),
    ),
)

# Each state of each address once, however often a provider tells it.
receipt_table = sa.Table(
    "channels_receipt",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("provider_id", sa.String(120), primary_key=True),
    sa.Column("address", sa.String(80), primary_key=True),
    sa.Column("state", sa.String(10), primary_key=True),
    sa.Column("reason", sa.String(80), nullable=False, server_default=""),
    sa.Column("at", Instant, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Index("channels_receipt_received", "received_at"),
    # Addresses that are dead: nothing is sent to them again.
    sa.Index(
        "channels_receipt_dead",
        "address",
        sqlite_where=sa.text("reason = 'channels.bounced'"),
        postgresql_where=sa.text("reason = 'channels.bounced'"),
    ),
)

reply_table = sa.Table(
    "channels_reply",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("digest", sa.LargeBinary(16), nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("member_no", sa.BigInteger, nullable=False, index=True),
    sa.Column("address", sa.String(80), nullable=False),
    sa.Column("userid", sa.String(64), nullable=False, server_default=""),
    sa.Column("parcel_key", sa.String(80), nullable=False, server_default=""),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("is_stop", sa.Boolean, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("is_logged", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("account_id", "digest"),
    sa.Index("channels_reply_received", "received_at"),
    sa.Index(
        "channels_reply_unlogged",
        "id",
        sqlite_where=sa.text("is_logged = 0"),
        postgresql_where=sa.text("NOT is_logged"),
    ),
)

# Who left a channel, when, and by what: the page, one click of a mail program, a word, a complaint.
leaving_table = sa.Table(
    "channels_leaving",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("member_no", sa.BigInteger, nullable=False, index=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("is_logged", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index(
        "channels_leaving_unlogged",
        "id",
        sqlite_where=sa.text("is_logged = 0"),
        postgresql_where=sa.text("NOT is_logged"),
    ),
)
