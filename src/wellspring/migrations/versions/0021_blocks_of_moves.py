"""who is in which moves of a journey, in blocks."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step up. Moves of before are folded by the hour."""
    op.create_table(
        "engagement_move_block",
        sa.Column("journey_id", sa.String(length=40), nullable=False),
        sa.Column("first_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("journey_id", "first_id", name=op.f("engagement_move_block_pkey")),
    )


def downgrade() -> None:
    """One step down."""
    op.drop_table("engagement_move_block")
