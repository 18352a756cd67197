"""Printed cards and their batches; codes on packages, those scanned, and draws."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step up."""
    op.create_table(
        "acquisition_design",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "acquisition_guess",
        sa.Column("address", sa.LargeBinary(length=16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address"),
    )
    op.create_table(
        "acquisition_item_batch",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("product", sa.String(length=120), nullable=False),
        sa.Column("sku", sa.String(length=80), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.Column("codes", sa.BigInteger(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("code_id", sa.String(length=40), nullable=True),
        sa.Column("code_cost_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("no"),
    )
    op.create_table(
        "acquisition_item_code",
        sa.Column("batch_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("serial", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.Column("others", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scanner", sa.LargeBinary(length=16), nullable=True),
        sa.Column("holder", sa.LargeBinary(length=16), nullable=True),
        sa.Column("bound_at", sa.BigInteger(), nullable=True),
        sa.Column("member_no", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=True),
        sa.Column("prize_id", sa.String(length=40), nullable=True),
        sa.Column("handed_at", sa.BigInteger(), nullable=True),
        sa.Column("handed_by", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("batch_no", "serial"),
    )
    with op.batch_alter_table("acquisition_item_code", schema=None) as batch_op:
        batch_op.create_index("acquisition_item_code_first", ["batch_no", "first_at"], unique=False)
        batch_op.create_index("acquisition_item_code_member", ["member_no"], unique=False)
        batch_op.create_index("acquisition_item_code_prize", ["prize_id", "drawn_at"], unique=False)

    op.create_table(
        "acquisition_card_batch",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("design_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("code_id", sa.String(length=40), nullable=True),
        sa.Column("shipped", sa.BigInteger(), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("card_cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("gift_cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.Column("standing", sa.String(length=8), nullable=False),
        sa.Column("printed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["design_id"],
            ["acquisition_design.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_id"),
        sa.UniqueConstraint("token"),
    )
    with op.batch_alter_table("acquisition_card_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acquisition_card_batch_design_id"), ["design_id"], unique=False)

    op.create_table(
        "acquisition_draw",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("batch_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("tickets", sa.BigInteger(), nullable=False),
        sa.Column("budget_minor", sa.BigInteger(), nullable=False),
        sa.Column("spent_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("drawn", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed_seed", sa.LargeBinary(), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("revealed_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("drawn >= 0 AND drawn <= tickets", name="acquisition_draw_within_tickets"),
        sa.CheckConstraint("spent_minor >= 0 AND spent_minor <= budget_minor", name="acquisition_draw_within_budget"),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["acquisition_item_batch.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("batch_id"),
    )
    op.create_table(
        "acquisition_card_scan",
        sa.Column("batch_id", sa.String(length=40), nullable=False),
        sa.Column("scanner", sa.LargeBinary(length=16), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["acquisition_card_batch.id"],
        ),
        sa.PrimaryKeyConstraint("batch_id", "scanner"),
    )
    with op.batch_alter_table("acquisition_card_scan", schema=None) as batch_op:
        batch_op.create_index("acquisition_card_scan_first", ["batch_id", "first_at"], unique=False)

    op.create_table(
        "acquisition_prize",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("draw_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("pieces", sa.BigInteger(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("won", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("won >= 0 AND won <= pieces", name="acquisition_prize_within_pieces"),
        sa.ForeignKeyConstraint(
            ["draw_id"],
            ["acquisition_draw.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("acquisition_prize", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acquisition_prize_draw_id"), ["draw_id"], unique=False)


def downgrade() -> None:
    """One step down."""
    with op.batch_alter_table("acquisition_prize", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acquisition_prize_draw_id"))

    op.drop_table("acquisition_prize")
    with op.batch_alter_table("acquisition_card_scan", schema=None) as batch_op:
        batch_op.drop_index("acquisition_card_scan_first")

    op.drop_table("acquisition_card_scan")
    op.drop_table("acquisition_draw")
    with op.batch_alter_table("acquisition_card_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acquisition_card_batch_design_id"))

    op.drop_table("acquisition_card_batch")
    with op.batch_alter_table("acquisition_item_code", schema=None) as batch_op:
        batch_op.drop_index("acquisition_item_code_prize")
        batch_op.drop_index("acquisition_item_code_member")
        batch_op.drop_index("acquisition_item_code_first")

    op.drop_table("acquisition_item_code")
    op.drop_table("acquisition_item_batch")
    op.drop_table("acquisition_guess")
    op.drop_table("acquisition_design")
