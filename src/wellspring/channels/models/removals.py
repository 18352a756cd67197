"""What ad platforms have yet to be told of people who were erased: sealed until they have heard, then gone."""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, metadata

removal_table = sa.Table(
    "channels_removal",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    # As the platform calls its audience; empty is the account's own.
    sa.Column("audience_id", sa.String(120), nullable=False),
    # The addresses to be taken off; emptied once the platform has heard.
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    # waiting, done or failed.
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("problem", sa.String(80), nullable=False, server_default=""),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Index("channels_removal_due", "state", "due_at"),
)
