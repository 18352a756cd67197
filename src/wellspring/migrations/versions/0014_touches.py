"""plans, reservations, the send ledger, campaigns and the calendar."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step up."""
    op.create_table(
        "engagement_batch",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("origin_kind", sa.String(length=10), nullable=False),
        sa.Column("origin_id", sa.String(length=40), nullable=False),
        sa.Column("origin_version", sa.Integer(), nullable=False),
        sa.Column("origin_node", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("content_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("sender", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("senders", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_held_out_checked", sa.Boolean(), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("keys", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("release_at", sa.BigInteger(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("charged_at", sa.BigInteger(), nullable=True),
        sa.Column("days", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=20), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("engagement_batch", schema=None) as batch_op:
        batch_op.create_index("engagement_batch_due", ["state", "release_at"], unique=False)
        batch_op.create_index("engagement_batch_of_origin", ["origin_kind", "origin_id"], unique=False)
    op.create_table(
        "engagement_body",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "engagement_calendar",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("nodes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "engagement_campaign",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("occurrences", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("launched_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("engagement_campaign", schema=None) as batch_op:
        batch_op.create_index("engagement_campaign_due", ["state", "next_at"], unique=False)
        batch_op.create_index("engagement_campaign_shown", ["kind", "changed_at"], unique=False)
    op.create_table(
        "engagement_drop",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("origin_kind", sa.String(length=10), nullable=False),
        sa.Column("origin_id", sa.String(length=40), nullable=False),
        sa.Column("origin_version", sa.Integer(), nullable=False),
        sa.Column("origin_node", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("content_id", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("engagement_drop", schema=None) as batch_op:
        batch_op.create_index("engagement_drop_of_origin", ["origin_kind", "origin_id"], unique=False)
    op.create_table(
        "engagement_parcel",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("batch_id", sa.String(length=40), nullable=False),
        sa.Column("origin_kind", sa.String(length=10), nullable=False),
        sa.Column("origin_id", sa.String(length=40), nullable=False),
        sa.Column("origin_version", sa.Integer(), nullable=False),
        sa.Column("origin_node", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("sender", sa.String(length=80), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("provider_id", sa.String(length=120), server_default="", nullable=False),
        sa.Column("problem", sa.String(length=200), server_default="", nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=True),
        sa.Column("ask_at", sa.BigInteger(), nullable=True),
        sa.Column("deadline_at", sa.BigInteger(), nullable=True),
        sa.Column("reminders", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("is_dead", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("resolution", sa.String(length=12), server_default="", nullable=False),
        sa.Column("resolved_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("engagement_parcel", schema=None) as batch_op:
        batch_op.create_index("engagement_parcel_ask", ["ask_at"], unique=False)
        batch_op.create_index("engagement_parcel_dead", ["is_dead", "called_at"], unique=False)
        batch_op.create_index("engagement_parcel_due", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_parcel_batch_id"), ["batch_id"], unique=False)
    op.create_table(
        "engagement_rule",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "engagement_send",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parcel_key", sa.String(length=40), nullable=False),
        sa.Column("batch_id", sa.String(length=40), nullable=False),
        sa.Column("origin_kind", sa.String(length=10), nullable=False),
        sa.Column("origin_id", sa.String(length=40), nullable=False),
        sa.Column("origin_version", sa.Integer(), nullable=False),
        sa.Column("origin_node", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("instance", sa.String(length=120), server_default="", nullable=False),
        sa.Column("member_no", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("content_id", sa.String(length=40), nullable=False),
        sa.Column("sender", sa.String(length=80), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=80), server_default="", nullable=False),
        sa.Column("is_charged", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("engagement_send", schema=None) as batch_op:
        batch_op.create_index(
            "engagement_send_address",
            ["scope", "address", "instance"],
            unique=True,
            sqlite_where=sa.text("fate != 'dropped'"),
            postgresql_where=sa.text("fate != 'dropped'"),
        )
        batch_op.create_index("engagement_send_of_member", ["member_no", "at"], unique=False)
        batch_op.create_index("engagement_send_of_origin", ["origin_kind", "origin_id", "fate"], unique=False)
        batch_op.create_index(
            "engagement_send_once",
            ["scope", "member_no", "instance"],
            unique=True,
            sqlite_where=sa.text("fate != 'dropped'"),
            postgresql_where=sa.text("fate != 'dropped'"),
        )
        batch_op.create_index(batch_op.f("ix_engagement_send_parcel_key"), ["parcel_key"], unique=False)
    op.create_table(
        "engagement_occurrence",
        sa.Column("campaign_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["engagement_campaign.id"],
        ),
        sa.PrimaryKeyConstraint("campaign_id", "number"),
    )
    with op.batch_alter_table("engagement_occurrence", schema=None) as batch_op:
        batch_op.create_index("engagement_occurrence_at", ["at"], unique=False)


def downgrade() -> None:
    """One step down."""
    with op.batch_alter_table("engagement_occurrence", schema=None) as batch_op:
        batch_op.drop_index("engagement_occurrence_at")
    op.drop_table("engagement_occurrence")
    with op.batch_alter_table("engagement_send", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_send_parcel_key"))
        batch_op.drop_index(
            "engagement_send_once", sqlite_where=sa.text("fate != 'dropped'"), postgresql_where=sa.text("fate != 'dropped'")
        )
        batch_op.drop_index("engagement_send_of_origin")
        batch_op.drop_index("engagement_send_of_member")
        batch_op.drop_index(
            "engagement_send_address", sqlite_where=sa.text("fate != 'dropped'"), postgresql_where=sa.text("fate != 'dropped'")
        )
    op.drop_table("engagement_send")
    op.drop_table("engagement_rule")
    with op.batch_alter_table("engagement_parcel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_parcel_batch_id"))
        batch_op.drop_index("engagement_parcel_due")
        batch_op.drop_index("engagement_parcel_dead")
        batch_op.drop_index("engagement_parcel_ask")
    op.drop_table("engagement_parcel")
    with op.batch_alter_table("engagement_drop", schema=None) as batch_op:
        batch_op.drop_index("engagement_drop_of_origin")
    op.drop_table("engagement_drop")
    with op.batch_alter_table("engagement_campaign", schema=None) as batch_op:
        batch_op.drop_index("engagement_campaign_shown")
        batch_op.drop_index("engagement_campaign_due")
    op.drop_table("engagement_campaign")
    op.drop_table("engagement_calendar")
    op.drop_table("engagement_body")
    with op.batch_alter_table("engagement_batch", schema=None) as batch_op:
        batch_op.drop_index("engagement_batch_of_origin")
        batch_op.drop_index("engagement_batch_due")
    op.drop_table("engagement_batch")
