"""Ways in and uploaded media.

Of an entrance `draft` at `revision` is what is wished; the platform has the draft of `applied_revision`. The row is
committed before the call that makes it, and `called_at` says since when that call may have been accepted.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

entrance_table = sa.Table(
    "channels_entrance",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("mark", sa.String(64), nullable=False),
    sa.Column("draft", Json, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("applied_revision", sa.Integer, nullable=False),
    sa.Column("remote_id", sa.String(255)),
    sa.Column("address", sa.String(2048)),
    sa.Column("error_code", sa.Integer),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("called_at", Instant),
    sa.Column("lease_token", sa.String(32)),
    sa.Column("lease_until", Instant),
    # When the pump looks at the row; empty when nothing is to do.
    sa.Column("due_at", Instant),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    # Empty once deleted, so that the mark can be used again.
    sa.Column("mark_held", sa.String(64)),
    sa.UniqueConstraint("account_id", "kind", "mark_held"),
    sa.Index("channels_entrance_remote", "account_id", "kind", "remote_id"),
    sa.Index("channels_entrance_due", "due_at"),
)

media_table = sa.Table(
    "channels_media",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("file_id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("media_id", sa.String(2048), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
)

# Who came through acquisition links, as the platform lists them.
link_customer_table = sa.Table(
    "channels_link_customer",
    metadata,
    sa.Column("entrance_id", sa.String(40), primary_key=True),
    sa.Column("external_userid", sa.String(64), primary_key=True),
    sa.Column("userid", sa.String(64), primary_key=True),
    sa.Column("state", sa.String(64), nullable=False),
    sa.Column("has_written", sa.Boolean),
    sa.Column("seen_at", Instant, nullable=False),
)

# What is left of the corp's acquisition quota, and the last word about it.
quota_table = sa.Table(
    "channels_link_quota",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("balance", sa.Integer, nullable=False),
    sa.Column("expiring", Json, nullable=False),
    sa.Column("word", sa.String(20), nullable=False),
    sa.Column("at", Instant, nullable=False),
)
