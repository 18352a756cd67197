"""Groups, tags, every putting and lifting, and what staff decided against a rule.

Who carries a tag now is a kernel set named after it; it holds the numbers of the rows with `verb` put and no `ended_at`.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, metadata

group_table = sa.Table(
    "tags_group",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(60), nullable=False, unique=True),
    sa.Column("source", sa.String(80), nullable=False, default=""),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("kind", sa.String(12), nullable=False, server_default="static"),
    sa.Column("is_exclusive", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("description", sa.String(200), nullable=False, server_default=""),
    sa.Column("color", sa.String(20), nullable=False, server_default=""),
    sa.Column("state", sa.String(8), nullable=False, server_default="active"),
)

tag_table = sa.Table(
    "tags_tag",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("group_id", sa.String(40), sa.ForeignKey("tags_group.id"), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("source", sa.String(80), nullable=False, default=""),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("description", sa.String(200), nullable=False, server_default=""),
    sa.Column("expires_after_days", sa.Integer),
    # In a group of levels the rank: the higher the number, the higher the level.
    sa.Column("position", sa.Integer, nullable=False, server_default="0"),
    sa.Column("state", sa.String(8), nullable=False, server_default="active"),
    sa.Column("rule_audience_id", sa.String(40)),
    sa.UniqueConstraint("group_id", "name"),
)

# `at` is the time that a statement claims, `recorded_at` the server's when it was written, `ended_at` the server's when
# another one took its place. A statement that never came into force ended before it was recorded.
change_table = sa.Table(
    "tags_change",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("tag_id", sa.String(40), sa.ForeignKey("tags_tag.id"), nullable=False),
    sa.Column("member_no", sa.BigInteger, nullable=False),
    sa.Column("verb", sa.String(4), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("source", sa.String(80), nullable=False, index=True),
    sa.Column("reason", sa.String(200), nullable=False, default=""),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("expires_at", Instant),
    sa.Column("cause", sa.String(12), nullable=False, server_default="said"),
    sa.Index("tags_change_member", "member_no", "tag_id"),
    sa.Index("tags_change_tag", "tag_id", "recorded_at"),
    sa.Index(
        "tags_change_due",
        "expires_at",
        sqlite_where=sa.text("ended_at IS NULL AND expires_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND expires_at IS NOT NULL"),
    ),
)

# What staff said of a member against the rule of a tag: it holds until they say otherwise or it is cleared.
exception_table = sa.Table(
    "tags_exception",
    metadata,
    sa.Column("tag_id", sa.String(40), sa.ForeignKey("tags_tag.id"), primary_key=True),
    sa.Column("member_no", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("verb", sa.String(4), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("source", sa.String(80), nullable=False, index=True),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
)
