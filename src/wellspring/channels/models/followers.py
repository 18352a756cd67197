"""Followers of Official Accounts, people who opened a Mini Program, and what was sent to either.

A callback tells the instant of following or leaving and the newest one counts; what the account's list says fills in
what callbacks did not.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

follower_table = sa.Table(
    "channels_follower",
    metadata,
    sa.Column("account_id", sa.String(40), primary_key=True),
    sa.Column("openid", sa.String(64), primary_key=True),
    sa.Column("unionid", sa.String(64), nullable=False, server_default=""),
    sa.Column("member_no", sa.BigInteger, nullable=False, index=True),
    sa.Column("is_following", sa.Boolean, nullable=False),
    # The newest instants told; whichever is later counts.
    sa.Column("followed_at", Instant),
    sa.Column("unfollowed_at", Instant),
    # How they came first, as the account counts it, and the scene of the code, where there was one.
    sa.Column("subscribe_scene", sa.String(40), nullable=False, server_default=""),
    sa.Column("scene", sa.String(64), nullable=False, server_default=""),
    # Template ids with how many messages each was allowed, as events told (Mini Program and notices).
    sa.Column("allowed", Json, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("fetched_at", Instant),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("channels_follower_due", "due_at"),
)

follower_change_table = sa.Table(
    "channels_follower_change",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("appid", sa.String(64), nullable=False),
    sa.Column("openid", sa.String(64), nullable=False),
    # followed, unfollowed, scanned.
    sa.Column("verb", sa.String(12), nullable=False),
    sa.Column("scene", sa.String(64), nullable=False, server_default=""),
    sa.Column("at", Instant, nullable=False),
    sa.Column("member_no", sa.BigInteger, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("is_logged", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("account_id", "openid", "verb", "at", "scene"),
    sa.Index(
        "channels_follower_change_unlogged",
        "id",
        sqlite_where=sa.text("is_logged = 0"),
        postgresql_where=sa.text("NOT is_logged"),
    ),
)

# Messages by template: the intent is committed before the call, and an unanswered one is not sent again.
notice_table = sa.Table(
    "channels_notice",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("account_id", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("openid", sa.String(64), nullable=False),
    sa.Column("template_id", sa.String(64), nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("remote_id", sa.String(64)),
    sa.Column("error_code", sa.Integer),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("called_at", Instant),
    sa.Column("ended_at", Instant),
    sa.Index("channels_notice_remote", "account_id", "remote_id"),
)
