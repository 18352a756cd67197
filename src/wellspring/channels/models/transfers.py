"""Hand-overs with every customer of theirs, and what the platform counted of staff by day."""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, metadata

transfer_table = sa.Table(
    "channels_transfer",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("handover_userid", sa.String(64), nullable=False),
    sa.Column("takeover_userid", sa.String(64), nullable=False),
    sa.Column("message", sa.String(200), nullable=False),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("due_at", Instant),
    sa.Column("lease_token", sa.String(32)),
    sa.Column("lease_until", Instant),
    sa.Index("channels_transfer_due", "due_at"),
)

transfer_customer_table = sa.Table(
    "channels_transfer_customer",
    metadata,
    sa.Column("transfer_id", sa.String(40), primary_key=True),
    sa.Column("external_userid", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("error_code", sa.Integer),
    sa.Column("called_at", Instant),
    sa.Column("takeover_at", Instant),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("channels_transfer_customer_state", "transfer_id", "state"),
    sa.Index("channels_transfer_customer_of", "account_id", "external_userid"),
)

staff_day_table = sa.Table(
    "channels_staff_day",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("userid", sa.String(64), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("new_applications", sa.Integer, nullable=False),
    sa.Column("new_contacts", sa.Integer, nullable=False),
    sa.Column("chats", sa.Integer, nullable=False),
    sa.Column("messages", sa.Integer, nullable=False),
    sa.Column("negative_feedback", sa.Integer, nullable=False),
    sa.Column("reply_percentage", sa.Float),
    sa.Column("reply_minutes", sa.Float),
    sa.Column("fetched_at", Instant, nullable=False),
)
