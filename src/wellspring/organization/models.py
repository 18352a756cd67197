"""Tables of organization. Where something belongs is never a column of its own but the latest of its dated rows.

So a move that lies ahead takes effect by itself, and last month's tree can be read as it was.
"""

import sqlalchemy as sa

from wellspring.kernel.stores import Instant, Json, metadata

unit_table = sa.Table(
    "organization_unit",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("code", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("address", sa.String(300)),
    sa.Column("phone", sa.String(40)),
    sa.Column("longitude", sa.Float),
    sa.Column("latitude", sa.Float),
    sa.Column("coordinates", sa.String(8)),
    sa.Column("opening_hours", Json),
    sa.Column("special_days", Json),
    sa.Column("closed_on", sa.Date),
    sa.Column("created_at", Instant, nullable=False),
)
# Under which unit a unit belongs, from a day on.
move_table = sa.Table(
    "organization_move",
    metadata,
    sa.Column("subject_id", sa.String(40), primary_key=True),
    sa.Column("effective_on", sa.Date, primary_key=True),
    sa.Column("parent_id", sa.String(40), index=True),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.String(64), nullable=False),
)
staff_table = sa.Table(
    "organization_staff",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("code", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("title", sa.String(60)),
    sa.Column("phone_sealed", sa.LargeBinary),
    sa.Column("phone_blind", sa.LargeBinary, index=True),
    sa.Column("phone_masked", sa.String(24)),
    sa.Column("wecom_userid", sa.String(64), index=True),
    sa.Column("left_on", sa.Date),
    sa.Column("created_at", Instant, nullable=False),
)
# In which unit somebody works, from a day on.
placement_table = sa.Table(
    "organization_placement",
    metadata,
    sa.Column("subject_id", sa.String(40), primary_key=True),
    sa.Column("effective_on", sa.Date, primary_key=True),
    sa.Column("parent_id", sa.String(40), nullable=False, index=True),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.String(64), nullable=False),
)
# One row, counted up by every change of units: tells other processes that their tree is old.
revision_table = sa.Table(
    "organization_revision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
)
