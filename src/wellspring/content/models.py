"""Materials with their versions and tags, personas, folders, links and where they were sent from, uses, openings on their way.

What was opened is in the log of activity; a row of `content_opening` only waits until it stands there.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

group_table = sa.Table(
    "content_group",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("shelf", sa.String(10), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("parent_id", sa.String(40), sa.ForeignKey("content_group.id")),
    sa.Column("position", sa.Integer, nullable=False),
)

persona_table = sa.Table(
    "content_persona",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("name", sa.String(80), nullable=False, unique=True),
    sa.Column("tone", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    # Topic and its share of posts in per cent; the topics are tags of materials.
    sa.Column("mix", Json, nullable=False),
    sa.Column("staff_ids", Json, nullable=False),
    sa.Column("accounts", Json, nullable=False),
    sa.Column("avatar_file_id", sa.String(40), nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

# `version` is the approved one that is sent, 0 while there is none; `latest` the newest that was written.
material_table = sa.Table(
    "content_material",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("shelf", sa.String(10), nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("latest", sa.Integer, nullable=False),
    sa.Column("latest_state", sa.String(10), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("group_id", sa.String(40), sa.ForeignKey("content_group.id")),
    sa.Column("persona_id", sa.String(40), sa.ForeignKey("content_persona.id")),
    sa.Column("excerpt", sa.String(200), nullable=False),
    sa.Column("cover_file_id", sa.String(40), nullable=False),
    sa.Column("created_by", sa.String(80), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("uses", sa.Integer, nullable=False, server_default="0"),
    sa.Column("opens", sa.Integer, nullable=False, server_default="0"),
    sa.Index("content_material_shelf", "shelf", "updated_at"),
)

version_table = sa.Table(
    "content_version",
    metadata,
    sa.Column("content_id", sa.String(40), sa.ForeignKey("content_material.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("draft", Json, nullable=False),
    sa.Column("author_id", sa.String(64), nullable=False),
    sa.Column("author", sa.String(80), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("note", sa.String(200), nullable=False),
    sa.Column("reviewer", sa.String(80), nullable=False),
    sa.Column("reviewed_at", Instant),
    sa.Column("reason", sa.String(200), nullable=False),
)

tag_table = sa.Table(
    "content_tag",
    metadata,
    sa.Column("content_id", sa.String(40), sa.ForeignKey("content_material.id"), primary_key=True),
    sa.Column("dimension", sa.String(10), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Index("content_tag_name", "name"),
)

# Links and origins have short numbers, because both stand in every address that a member is sent.
link_table = sa.Table(
    "content_link",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("content_id", sa.String(40), sa.ForeignKey("content_material.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary(16), nullable=False, unique=True),
    # Machines that opened it: crawlers, previews, scanners. They are counted here and nowhere else.
    sa.Column("machines", sa.Integer, nullable=False, server_default="0"),
    sa.Index("content_link_content", "content_id"),
)

origin_table = sa.Table(
    "content_origin",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
)

opening_table = sa.Table(
    "content_opening",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("key", sa.String(40), nullable=False, unique=True),
    sa.Column("link_id", sa.BigInteger, nullable=False),
    sa.Column("origin_id", sa.BigInteger, nullable=False),
    sa.Column("member_no", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("seconds", sa.Integer, nullable=False),
    sa.Column("percent", sa.Integer, nullable=False),
)

use_table = sa.Table(
    "content_use",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("content_id", sa.String(40), sa.ForeignKey("content_material.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("channel", sa.String(30), nullable=False),
    sa.Column("origin", sa.String(200), nullable=False),
    sa.Column("members", sa.LargeBinary, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Index("content_use_content", "content_id", "at"),
)

# A poster that was drawn once is a file for everybody who gets the same words on it.
rendition_table = sa.Table(
    "content_rendition",
    metadata,
    sa.Column("digest", sa.LargeBinary(16), primary_key=True),
    sa.Column("content_id", sa.String(40), sa.ForeignKey("content_material.id"), nullable=False),
    sa.Column("file_id", sa.String(40), nullable=False),
    sa.Column("at", Instant, nullable=False),
)
