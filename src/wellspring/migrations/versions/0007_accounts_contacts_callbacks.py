"""Accounts of platforms, their contacts and callbacks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step up."""
    op.create_table(
        "channels_account",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("corp_id", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=32), server_default="", nullable=False),
        sa.Column("host", sa.String(length=200), server_default="", nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("has_secret", sa.Boolean(), nullable=False),
        sa.Column("has_callback", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("problem_code", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "corp_id", "agent_id"),
    )
    op.create_table(
        "channels_callback",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("event", sa.String(length=40), server_default="", nullable=False),
        sa.Column("change", sa.String(length=40), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=64), server_default="", nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("retry_at", sa.BigInteger(), nullable=True),
        sa.Column("held_by", sa.String(length=40), nullable=True),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "digest"),
    )
    with op.batch_alter_table("channels_callback", schema=None) as batch:
        batch.create_index("channels_callback_received", ["received_at"], unique=False)
        batch.create_index("channels_callback_state", ["state", "id"], unique=False)
        batch.create_index(
            "channels_callback_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "channels_contact",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("member_no", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("name_masked", sa.String(length=60), nullable=True),
        sa.Column("kind", sa.Integer(), server_default="0", nullable=False),
        sa.Column("gender", sa.Integer(), server_default="0", nullable=False),
        sa.Column("avatar", sa.String(length=500), server_default="", nullable=False),
        sa.Column("unionid", sa.String(length=64), server_default="", nullable=False),
        sa.Column("corp_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("mark", sa.LargeBinary(length=16), nullable=True),
        sa.Column("is_following", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("first_added_at", sa.BigInteger(), nullable=True),
        sa.Column("last_added_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_real", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("taken_no", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "external_userid"),
    )
    with op.batch_alter_table("channels_contact", schema=None) as batch:
        batch.create_index("channels_contact_added", ["last_added_at"], unique=False)
        batch.create_index("ix_channels_contact_member_no", ["member_no"], unique=False)

    op.create_table(
        "channels_relation",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("is_half", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_followed", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=True),
        sa.Column("half_at", sa.BigInteger(), nullable=True),
        sa.Column("lost_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.Column("transferred_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("state_text", sa.String(length=64), server_default="", nullable=False),
        sa.Column("add_way", sa.Integer(), server_default="0", nullable=False),
        sa.Column("oper_userid", sa.String(length=64), server_default="", nullable=False),
        sa.Column("notes", sa.LargeBinary(), nullable=True),
        sa.Column("notes_mark", sa.LargeBinary(length=16), nullable=True),
        sa.Column("remark_masked", sa.String(length=60), nullable=True),
        sa.Column("tag_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_in", sa.String(length=40), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "external_userid", "userid"),
    )
    with op.batch_alter_table("channels_relation", schema=None) as batch:
        batch.create_index("channels_relation_ended", ["ended_at"], unique=False)
        batch.create_index("channels_relation_staff", ["account_id", "userid", "state"], unique=False)

    op.create_table(
        "channels_relation_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("is_found", sa.Boolean(), nullable=False),
        sa.Column("state_text", sa.String(length=64), server_default="", nullable=False),
        sa.Column("add_way", sa.Integer(), server_default="0", nullable=False),
        sa.Column("member_no", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("is_logged", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "external_userid", "userid", "verb", "at"),
    )
    with op.batch_alter_table("channels_relation_change", schema=None) as batch:
        batch.create_index("channels_relation_change_recorded", ["verb", "recorded_at"], unique=False)
        batch.create_index(
            "channels_relation_change_unlogged",
            ["id"],
            unique=False,
            sqlite_where=sa.text("is_logged = 0"),
            postgresql_where=sa.text("NOT is_logged"),
        )

    op.create_table(
        "channels_staff",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=True),
        sa.Column("is_chosen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("name", sa.String(length=64), server_default="", nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("can_contact", sa.Boolean(), nullable=False),
        sa.Column("synced_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "userid"),
    )
    with op.batch_alter_table("channels_staff", schema=None) as batch:
        batch.create_index("ix_channels_staff_staff_id", ["staff_id"], unique=False)

    op.create_table(
        "channels_sync",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("phase", sa.String(length=12), nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("contacts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("relations", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("job_id", sa.String(length=40), server_default="", nullable=False),
        sa.Column("problem_code", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("channels_sync", schema=None) as batch:
        batch.create_index("ix_channels_sync_account_id", ["account_id"], unique=False)

    op.create_table(
        "channels_welcome",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("external_userid", sa.String(length=64), nullable=False),
        sa.Column("userid", sa.String(length=64), nullable=False),
        sa.Column("code_mark", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("variant", sa.String(length=60), server_default="", nullable=False),
        sa.Column("answer_code", sa.Integer(), server_default="0", nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("latency_millis", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "code_mark"),
    )
    with op.batch_alter_table("channels_welcome", schema=None) as batch:
        batch.create_index(
            "channels_welcome_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state IN ('planned', 'calling')"),
            postgresql_where=sa.text("state IN ('planned', 'calling')"),
        )
        batch.create_index("channels_welcome_planned", ["planned_at"], unique=False)

    op.create_table(
        "channels_call",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("path", sa.String(length=120), nullable=False),
        sa.Column("given_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hour_at", sa.BigInteger(), nullable=True),
        sa.Column("hour_calls", sa.Integer(), server_default="0", nullable=False),
        sa.Column("day_at", sa.BigInteger(), nullable=True),
        sa.Column("day_calls", sa.Integer(), server_default="0", nullable=False),
        sa.Column("blocked_until", sa.BigInteger(), nullable=True),
        sa.Column("blocks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem_code", sa.Integer(), nullable=True),
        sa.Column("problem_at", sa.BigInteger(), nullable=True),
        sa.Column("succeeded_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["channels_account.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "path"),
    )
    op.create_table(
        "channels_token",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("held_by", sa.String(length=40), nullable=True),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("refused_until", sa.BigInteger(), nullable=True),
        sa.Column("refused_code", sa.Integer(), nullable=True),
        sa.Column("refusals", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["channels_account.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "kind"),
    )
    op.create_table(
        "channels_sync_place",
        sa.Column("sync_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("userids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("cursor", sa.Text(), server_default="", nullable=False),
        sa.Column("is_done", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["sync_id"], ["channels_sync.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sync_id", "number"),
    )


def downgrade() -> None:
    """One step down."""
    op.drop_table("channels_sync_place")
    op.drop_table("channels_token")
    op.drop_table("channels_call")
    with op.batch_alter_table("channels_welcome", schema=None) as batch:
        batch.drop_index("channels_welcome_planned")
        batch.drop_index(
            "channels_welcome_open",
            sqlite_where=sa.text("state IN ('planned', 'calling')"),
            postgresql_where=sa.text("state IN ('planned', 'calling')"),
        )

    op.drop_table("channels_welcome")
    with op.batch_alter_table("channels_sync", schema=None) as batch:
        batch.drop_index("ix_channels_sync_account_id")

    op.drop_table("channels_sync")
    with op.batch_alter_table("channels_staff", schema=None) as batch:
        batch.drop_index("ix_channels_staff_staff_id")

    op.drop_table("channels_staff")
    with op.batch_alter_table("channels_relation_change", schema=None) as batch:
        batch.drop_index(
            "channels_relation_change_unlogged", sqlite_where=sa.text("is_logged = 0"), postgresql_where=sa.text("NOT is_logged")
        )
        batch.drop_index("channels_relation_change_recorded")

    op.drop_table("channels_relation_change")
    with op.batch_alter_table("channels_relation", schema=None) as batch:
        batch.drop_index("channels_relation_staff")
        batch.drop_index("channels_relation_ended")

    op.drop_table("channels_relation")
    with op.batch_alter_table("channels_contact", schema=None) as batch:
        batch.drop_index("ix_channels_contact_member_no")
        batch.drop_index("channels_contact_added")

    op.drop_table("channels_contact")
    with op.batch_alter_table("channels_callback", schema=None) as batch:
        batch.drop_index(
            "channels_callback_waiting", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")
        )
        batch.drop_index("channels_callback_state")
        batch.drop_index("channels_callback_received")

    op.drop_table("channels_callback")
    op.drop_table("channels_account")
