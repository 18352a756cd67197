"""exposures, holdouts and read-outs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step up."""
    op.create_table(
        "engagement_experiment",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("origin_kind", sa.String(length=12), nullable=False),
        sa.Column("origin_id", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("design", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("started_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("origin_kind", "origin_id", "revision", name="engagement_experiment_revision"),
    )
    op.create_table(
        "engagement_exposure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("experiment_id", sa.String(length=40), nullable=False),
        sa.Column("arm", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["experiment_id"], ["engagement_experiment.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("engagement_exposure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_exposure_experiment_id"), ["experiment_id"], unique=False)


def downgrade() -> None:
    """One step down."""
    op.drop_table("engagement_exposure")
    op.drop_table("engagement_experiment")
