"""Codes, their ways, who came through them and who was lost."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step up."""
    op.create_table(
        "acquisition_arrival",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("external_userid", sa.String(length=80), nullable=False),
        sa.Column("userid", sa.String(length=80), nullable=False),
        sa.Column("chat_id", sa.String(length=80), server_default="", nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=True),
        sa.Column("unit_id", sa.String(length=40), nullable=True),
        sa.Column("member_no", sa.BigInteger(), nullable=False),
        sa.Column("code_id", sa.String(length=40), nullable=True),
        sa.Column("way_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=64), server_default="", nullable=False),
        sa.Column("add_way", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_returning", sa.Boolean(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("left_day", sa.Date(), nullable=True),
        sa.Column("left_reason", sa.String(length=20), server_default="", nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )

    with op.batch_alter_table("acquisition_arrival", schema=None) as batch:
        batch.create_index("acquisition_arrival_of_code", ["code_id", "day"], unique=False)
        batch.create_index("acquisition_arrival_of_day", ["day", "userid"], unique=False)
        batch.create_index("acquisition_arrival_of_member", ["member_no"], unique=False)
        batch.create_index("acquisition_arrival_of_pair", ["external_userid", "userid"], unique=False)
        batch.create_index("acquisition_arrival_untold", ["told_at", "id"], unique=False)

    op.create_table(
        "acquisition_code",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("folder", sa.String(length=60), server_default="", nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("tend_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("media", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("token"),
    )

    with op.batch_alter_table("acquisition_code", schema=None) as batch:
        batch.create_index("acquisition_code_due", ["due_at"], unique=False)
        batch.create_index("acquisition_code_tend", ["tend_at"], unique=False)

    op.create_table(
        "acquisition_loss",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("external_userid", sa.String(length=80), nullable=False),
        sa.Column("userid", sa.String(length=80), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=True),
        sa.Column("unit_id", sa.String(length=40), nullable=True),
        sa.Column("member_no", sa.BigInteger(), nullable=False),
        sa.Column("code_id", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("handled_at", sa.BigInteger(), nullable=True),
        sa.Column("handled_by", sa.String(length=120), server_default="", nullable=False),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )

    with op.batch_alter_table("acquisition_loss", schema=None) as batch:
        batch.create_index("acquisition_loss_at", ["at", "id"], unique=False)
        batch.create_index("acquisition_loss_of_day", ["day", "userid"], unique=False)
        batch.create_index("acquisition_loss_of_member", ["member_no"], unique=False)

    op.create_table(
        "acquisition_report",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("userid", sa.String(length=80), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=True),
        sa.Column("staff_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("newcomers", sa.Integer(), nullable=False),
        sa.Column("came_back", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("staying", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "account_id", "userid"),
    )

    op.create_table(
        "acquisition_scan",
        sa.Column("code_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("located", sa.BigInteger(), nullable=False),
        sa.Column("picked", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code_id", "day"),
    )

    op.create_table(
        "acquisition_way",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("code_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("standing", sa.String(length=8), nullable=False),
        sa.Column("entrance_id", sa.String(length=40), server_default="", nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("picture_id", sa.String(length=40), server_default="", nullable=False),
        sa.Column("staff_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("duty", sa.String(length=10), server_default="", nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("turned_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["code_id"],
            ["acquisition_code.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("state"),
    )

    with op.batch_alter_table("acquisition_way", schema=None) as batch:
        batch.create_index(batch.f("ix_acquisition_way_code_id"), ["code_id"], unique=False)
        batch.create_index(batch.f("ix_acquisition_way_entrance_id"), ["entrance_id"], unique=False)


def downgrade() -> None:
    """One step down."""
    with op.batch_alter_table("acquisition_way", schema=None) as batch:
        batch.drop_index(batch.f("ix_acquisition_way_entrance_id"))
        batch.drop_index(batch.f("ix_acquisition_way_code_id"))

    op.drop_table("acquisition_way")

    op.drop_table("acquisition_scan")

    op.drop_table("acquisition_report")

    with op.batch_alter_table("acquisition_loss", schema=None) as batch:
        batch.drop_index("acquisition_loss_of_member")
        batch.drop_index("acquisition_loss_of_day")
        batch.drop_index("acquisition_loss_at")

    op.drop_table("acquisition_loss")

    with op.batch_alter_table("acquisition_code", schema=None) as batch:
        batch.drop_index("acquisition_code_tend")
        batch.drop_index("acquisition_code_due")

    op.drop_table("acquisition_code")

    with op.batch_alter_table("acquisition_arrival", schema=None) as batch:
        batch.drop_index("acquisition_arrival_untold")
        batch.drop_index("acquisition_arrival_of_pair")
        batch.drop_index("acquisition_arrival_of_member")
        batch.drop_index("acquisition_arrival_of_day")
        batch.drop_index("acquisition_arrival_of_code")

    op.drop_table("acquisition_arrival")
