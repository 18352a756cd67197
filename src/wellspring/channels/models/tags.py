"""Corp tags and groups with what they are here, what was last agreed on, and whose comparison is due.

A row of `channels_tag_seen` stands where either side had the tag when both were last compared. Comparisons are by
customer, one at a time, because the platform refuses two changes of one customer at once (45035).
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, metadata

tag_group_table = sa.Table(
    "channels_tag_group",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("group_id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(60), nullable=False),
    # The name on which both sides last agreed.
    sa.Column("seen_name", sa.String(60), nullable=False),
    sa.Column("our_group_id", sa.String(40), index=True),
    sa.Column("winner", sa.String(12), nullable=False),
    sa.Column("is_linked", sa.Boolean, nullable=False),
    sa.Column("is_gone", sa.Boolean, nullable=False),
    sa.Column("synced_at", Instant, nullable=False),
)

tag_table = sa.Table(
    "channels_tag",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("tag_id", sa.String(64), primary_key=True),
    sa.Column("group_id", sa.String(64), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("seen_name", sa.String(60), nullable=False),
    sa.Column("our_tag_id", sa.String(40), index=True),
    sa.Column("is_gone", sa.Boolean, nullable=False),
    sa.Column("synced_at", Instant, nullable=False),
    sa.Index("channels_tag_of_group", "account_id", "group_id"),
)

tag_difference_table = sa.Table(
    "channels_tag_difference",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("group_id", sa.String(64), nullable=False),
    sa.Column("tag_id", sa.String(64)),
    sa.Column("our_tag_id", sa.String(40)),
    sa.Column("group_name", sa.String(60), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("decision", sa.String(8)),
    sa.Column("decided_by", sa.String(64)),
    sa.Column("decided_at", Instant),
    sa.Index("channels_tag_difference_open", "account_id", "decided_at"),
)

tag_seen_table = sa.Table(
    "channels_tag_seen",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("external_userid", sa.String(64), primary_key=True),
    # Empty: the person here; else the relation's member of staff.
    sa.Column("userid", sa.String(64), primary_key=True),
    sa.Column("tag_id", sa.String(64), primary_key=True),
)

tag_turn_table = sa.Table(
    "channels_tag_turn",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("external_userid", sa.String(64), primary_key=True),
    sa.Column("wanted_no", sa.BigInteger, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error_code", sa.Integer),
    sa.Column("lease_token", sa.String(32)),
    sa.Column("lease_until", Instant),
    sa.Index("channels_tag_turn_due", "due_at"),
)
