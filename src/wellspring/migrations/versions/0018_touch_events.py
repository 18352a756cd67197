"""what the log of activity has heard of touches."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

_OWED = sa.text("told IN (1, 3)")


def upgrade() -> None:
    """One step up. Touches of before are not told: nothing that stands on events is to be woken by the past."""
    with op.batch_alter_table("engagement_send", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told", sa.SmallInteger(), nullable=False, server_default="0"))
        batch_op.create_index("engagement_send_owed", ["id"], unique=False, sqlite_where=_OWED, postgresql_where=_OWED)


def downgrade() -> None:
    """One step down."""
    with op.batch_alter_table("engagement_send", schema=None) as batch_op:
        batch_op.drop_index("engagement_send_owed", sqlite_where=_OWED, postgresql_where=_OWED)
        batch_op.drop_column("told")
