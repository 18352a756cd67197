"""Groups, tags and every putting and lifting. Who carries a tag now is a kernel set named after it."""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, metadata

group_table = sa.Table(
    "tags_group",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(60), nullable=False, unique=True),
    sa.Column("source", sa.String(80), nullable=False, default=""),
    sa.Column("created_at", Instant, nullable=False),
)

tag_table = sa.Table(
    "tags_tag",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("group_id", sa.String(40), sa.ForeignKey("tags_group.id"), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("source", sa.String(80), nullable=False, default=""),
    sa.Column("created_at", Instant, nullable=False),
    sa.UniqueConstraint("group_id", "name"),
)

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
    sa.Index("tags_change_member", "member_no", "tag_id"),
)
