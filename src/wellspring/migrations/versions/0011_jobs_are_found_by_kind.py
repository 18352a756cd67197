"""jobs are found by kind."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step up."""
    op.create_index("kernel_job_last", "kernel_job", ["kind", "run_at"])


def downgrade() -> None:
    """One step down."""
    op.drop_index("kernel_job_last", "kernel_job")
