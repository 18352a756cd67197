"""accounts of further channels, what was sent through them and its receipts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step up."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("channels_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("options", json, server_default="{}", nullable=False))
    op.create_table(
        "channels_parcel",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("sender", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("provider_id", sa.String(length=120), server_default="", nullable=False),
        sa.Column("made_id", sa.String(length=120), server_default="", nullable=False),
        sa.Column("problem", sa.String(length=80), server_default="", nullable=False),
        sa.Column("refused", json, nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("recalled_at", sa.BigInteger(), nullable=True),
        sa.Column("text_mark", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("channels_parcel", schema=None) as batch_op:
        batch_op.create_index("channels_parcel_called", ["called_at"], unique=False)
        batch_op.create_index(
            "channels_parcel_open",
            ["called_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('calling', 'unknown')"),
            postgresql_where=sa.text("state IN ('calling', 'unknown')"),
        )
        batch_op.create_index("channels_parcel_provider", ["account_id", "provider_id"], unique=False)
    op.create_table(
        "channels_receipt",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("provider_id", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=80), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "provider_id", "address", "state"),
    )
    with op.batch_alter_table("channels_receipt", schema=None) as batch_op:
        batch_op.create_index(
            "channels_receipt_dead",
            ["address"],
            unique=False,
            sqlite_where=sa.text("reason = 'channels.bounced'"),
            postgresql_where=sa.text("reason = 'channels.bounced'"),
        )
        batch_op.create_index("channels_receipt_received", ["received_at"], unique=False)
    op.create_table(
        "channels_reply",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("member_no", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("userid", sa.String(length=64), server_default="", nullable=False),
        sa.Column("parcel_key", sa.String(length=80), server_default="", nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("is_stop", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("is_logged", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "digest"),
    )
    with op.batch_alter_table("channels_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channels_reply_member_no"), ["member_no"], unique=False)
        batch_op.create_index("channels_reply_received", ["received_at"], unique=False)
        batch_op.create_index(
            "channels_reply_unlogged",
            ["id"],
            unique=False,
            sqlite_where=sa.text("is_logged = 0"),
            postgresql_where=sa.text("NOT is_logged"),
        )
    op.create_table(
        "channels_leaving",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("member_no", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("is_logged", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("channels_leaving", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channels_leaving_member_no"), ["member_no"], unique=False)
        batch_op.create_index(
            "channels_leaving_unlogged",
            ["id"],
            unique=False,
            sqlite_where=sa.text("is_logged = 0"),
            postgresql_where=sa.text("NOT is_logged"),
        )


def downgrade() -> None:
    """One step down."""
    for name in ("channels_leaving", "channels_reply", "channels_receipt", "channels_parcel"):
        op.drop_table(name)
    with op.batch_alter_table("channels_account", schema=None) as batch_op:
        batch_op.drop_column("options")
