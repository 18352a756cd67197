"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

# The audit log refuses changes by itself.
_GROWS_ONLY = {
    "sqlite": [
        f"""CREATE TRIGGER IF NOT EXISTS kernel_audit_no_{verb} BEFORE {verb} ON kernel_audit
            BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"""
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION kernel_audit_refuse() RETURNS trigger AS
           $$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$ LANGUAGE plpgsql""",
        """CREATE TRIGGER kernel_audit_grows BEFORE UPDATE OR DELETE ON kernel_audit
           FOR EACH ROW EXECUTE FUNCTION kernel_audit_refuse()""",
    ],
}


def upgrade() -> None:
    """One step up."""
    op.create_table('access_attempt',
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.Column('blocked_until', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('subject')
    )
    op.create_table('access_key',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=True),
    sa.Column('overlap_until', sa.BigInteger(), nullable=True),
    sa.Column('hint', sa.String(length=60), nullable=False),
    sa.Column('permissions', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('unit_ids', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=True),
    sa.Column('last_used_at', sa.BigInteger(), nullable=True),
    sa.Column('disabled_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('secret_hash')
    )
    with op.batch_alter_table('access_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_key_previous_hash'), ['previous_hash'], unique=False)

    op.create_table('access_link',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.String(length=40), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('used_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('token_hash')
    )
    with op.batch_alter_table('access_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_link_user_id'), ['user_id'], unique=False)

    op.create_table('access_role',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('zh', sa.String(length=60), nullable=False),
    sa.Column('en', sa.String(length=60), nullable=False),
    sa.Column('grants', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('is_builtin', sa.Boolean(), nullable=False),
    sa.Column('needs_units', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('access_session',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.String(length=40), nullable=False),
    sa.Column('method', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.Column('idle_seconds', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('token_hash')
    )
    with op.batch_alter_table('access_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_session_user_id'), ['user_id'], unique=False)

    op.create_table('access_user',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('locale', sa.String(length=10), nullable=False),
    sa.Column('password_hash', sa.String(length=255), nullable=True),
    sa.Column('role_ids', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('unit_ids', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('staff_id', sa.String(length=40), nullable=True),
    sa.Column('disabled_at', sa.BigInteger(), nullable=True),
    sa.Column('totp_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('totp_pending', sa.LargeBinary(), nullable=True),
    sa.Column('totp_step', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('last_seen_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('email')
    )
    op.create_table('activity_block',
    sa.Column('first_no', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('last_no', sa.BigInteger(), nullable=False),
    sa.Column('owner', sa.String(length=40), nullable=False),
    sa.Column('taken_at_wall', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('first_no')
    )
    op.create_table('activity_property',
    sa.Column('kind', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('type', sa.String(length=10), nullable=False),
    sa.Column('times', sa.BigInteger(), nullable=False),
    sa.Column('first_at', sa.BigInteger(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.Column('samples', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'name', 'type')
    )
    op.create_table('activity_rejected',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('type', sa.String(length=12), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('zh', sa.Text(), nullable=False),
    sa.Column('en', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', sa.BigInteger(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('replayed_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('activity_rejected', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_rejected_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_rejected_source'), ['source'], unique=False)

    op.create_table('imports_before',
    sa.Column('import_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    sa.Column('made', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('import_id', 'kind', 'key')
    )
    op.create_table('imports_mapping',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('signature', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('mapping', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('used_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'signature')
    )
    op.create_table('imports_reject',
    sa.Column('import_id', sa.String(length=40), nullable=False),
    sa.Column('row_no', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('zh', sa.Text(), nullable=False),
    sa.Column('en', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('import_id', 'row_no')
    )
    op.create_table('imports_run',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('files', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('mapping', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    sa.Column('options', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('started_at', sa.BigInteger(), nullable=True),
    sa.Column('finished_at', sa.BigInteger(), nullable=True),
    sa.Column('job_id', sa.String(length=40), nullable=True),
    sa.Column('report', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    sa.Column('dry_report', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    sa.Column('rejects_file_id', sa.String(length=40), nullable=True),
    sa.Column('replay_of', sa.String(length=40), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('rows_done', sa.BigInteger(), nullable=False),
    sa.Column('tally', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('imports_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_imports_run_state'), ['state'], unique=False)

    op.create_table('kernel_audit',
    sa.Column('sequence', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('actor_kind', sa.String(length=10), nullable=False),
    sa.Column('actor_id', sa.String(length=64), nullable=False),
    sa.Column('actor_name', sa.String(length=120), nullable=False),
    sa.Column('action', sa.String(length=80), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('detail', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('sequence')
    )
    with op.batch_alter_table('kernel_audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kernel_audit_action'), ['action'], unique=False)
        batch_op.create_index(batch_op.f('ix_kernel_audit_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_kernel_audit_subject'), ['subject'], unique=False)

    op.create_table('kernel_event_aside',
    sa.Column('subscriber', sa.String(length=80), nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('subscriber', 'event_id')
    )
    op.create_table('kernel_file',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('media_type', sa.String(length=120), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('purpose', sa.String(length=60), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('kernel_job',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=80), nullable=False),
    sa.Column('body', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('run_at', sa.BigInteger(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_token', sa.String(length=32), nullable=True),
    sa.Column('lease_until', sa.BigInteger(), nullable=True),
    sa.Column('done', sa.BigInteger(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('result', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    sa.Column('error', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('finished_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('kernel_job', schema=None) as batch_op:
        batch_op.create_index('kernel_job_due', ['state', 'run_at'], unique=False)

    op.create_table('kernel_outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('body', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('kernel_set',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('base', sa.LargeBinary(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('deltas', sa.Integer(), nullable=False),
    sa.Column('delta_bytes', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('kernel_set_delta',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('added', sa.LargeBinary(), nullable=False),
    sa.Column('removed', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('name', 'version')
    )
    op.create_table('kernel_setting',
    sa.Column('group', sa.String(length=40), nullable=False),
    sa.Column('value', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.PrimaryKeyConstraint('group')
    )
    op.create_table('kernel_subscriber',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('last_id', sa.BigInteger(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('retry_at', sa.BigInteger(), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('organization_move',
    sa.Column('subject_id', sa.String(length=40), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('parent_id', sa.String(length=40), nullable=True),
    sa.Column('recorded_at', sa.BigInteger(), nullable=False),
    sa.Column('recorded_by', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('subject_id', 'effective_on')
    )
    with op.batch_alter_table('organization_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organization_move_parent_id'), ['parent_id'], unique=False)

    op.create_table('organization_placement',
    sa.Column('subject_id', sa.String(length=40), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('parent_id', sa.String(length=40), nullable=False),
    sa.Column('recorded_at', sa.BigInteger(), nullable=False),
    sa.Column('recorded_by', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('subject_id', 'effective_on')
    )
    with op.batch_alter_table('organization_placement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organization_placement_parent_id'), ['parent_id'], unique=False)

    op.create_table('organization_revision',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('organization_staff',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=True),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('phone_blind', sa.LargeBinary(), nullable=True),
    sa.Column('phone_masked', sa.String(length=24), nullable=True),
    sa.Column('wecom_userid', sa.String(length=64), nullable=True),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code')
    )
    with op.batch_alter_table('organization_staff', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organization_staff_phone_blind'), ['phone_blind'], unique=False)
        batch_op.create_index(batch_op.f('ix_organization_staff_wecom_userid'), ['wecom_userid'], unique=False)

    op.create_table('organization_unit',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('coordinates', sa.String(length=8), nullable=True),
    sa.Column('opening_hours', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    sa.Column('special_days', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code')
    )
    op.create_table('people_attribute',
    sa.Column('member_no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('value', sa.Text(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('mask', sa.String(length=120), nullable=True),
    sa.Column('blind', sa.LargeBinary(length=16), nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('member_no', 'name'),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('people_attribute', schema=None) as batch_op:
        batch_op.create_index('people_attribute_by_blind', ['blind'], unique=False, sqlite_where=sa.text('blind IS NOT NULL'), postgresql_where=sa.text('blind IS NOT NULL'))

    op.create_table('people_attribute_change',
    sa.Column('member_no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.LargeBinary(length=16), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('value', sa.Text(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('mask', sa.String(length=120), nullable=True),
    sa.Column('recorded_at', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('import_id', sa.String(length=40), nullable=True),
    sa.PrimaryKeyConstraint('member_no', 'name', 'at', 'digest'),
    sqlite_with_rowid=False
    )
    op.create_table('people_attribute_name',
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('times', sa.BigInteger(), nullable=False),
    sa.Column('first_at', sa.BigInteger(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', 'kind')
    )
    op.create_table('people_conflict',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('key', sa.LargeBinary(length=16), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('holder_no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('claimant_no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('opened_at', sa.BigInteger(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('decision', sa.String(length=16), nullable=True),
    sa.Column('decided_by', sa.String(length=64), nullable=True),
    sa.Column('decided_at', sa.BigInteger(), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('people_conflict', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_conflict_claimant_no'), ['claimant_no'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_conflict_holder_no'), ['holder_no'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_conflict_state'), ['state'], unique=False)

    op.create_table('people_consent',
    sa.Column('address', sa.LargeBinary(length=16), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('explicit', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('version', sa.String(length=60), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('address', 'purpose', 'channel')
    )
    op.create_table('people_consent_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('address', sa.LargeBinary(length=16), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('member_no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('explicit', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('version', sa.String(length=60), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('recorded_at', sa.BigInteger(), nullable=False),
    sa.Column('import_id', sa.String(length=40), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('people_consent_change', schema=None) as batch_op:
        batch_op.create_index('people_consent_change_by_address', ['address', 'purpose', 'channel'], unique=False)

    op.create_table('people_epoch',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('people_erasure',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('member_nos', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('asked_at', sa.BigInteger(), nullable=False),
    sa.Column('finished_at', sa.BigInteger(), nullable=True),
    sa.Column('removed', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('job_id', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('people_identity',
    sa.Column('key', sa.LargeBinary(length=16), nullable=False),
    sa.Column('member_no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('namespace', sa.String(length=64), nullable=False),
    sa.Column('value', sa.Text(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('mask', sa.String(length=120), nullable=True),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('import_id', sa.String(length=40), nullable=True),
    sa.PrimaryKeyConstraint('key')
    )
    with op.batch_alter_table('people_identity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_identity_member_no'), ['member_no'], unique=False)

    op.create_table('people_member',
    sa.Column('member_no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('merged_into', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('home_unit_id', sa.String(length=40), nullable=True),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('identified', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('first_seen_at', sa.BigInteger(), nullable=False),
    sa.Column('last_seen_at', sa.BigInteger(), nullable=False),
    sa.Column('import_id', sa.String(length=40), nullable=True),
    sa.PrimaryKeyConstraint('member_no'),
    sa.UniqueConstraint('id')
    )
    with op.batch_alter_table('people_member', schema=None) as batch_op:
        batch_op.create_index('people_member_by_created', ['created_at', 'member_no'], unique=False)
        batch_op.create_index('people_member_by_holder', ['merged_into'], unique=False, sqlite_where=sa.text('merged_into IS NOT NULL'), postgresql_where=sa.text('merged_into IS NOT NULL'))
        batch_op.create_index('people_member_by_seen', ['last_seen_at', 'member_no'], unique=False)
        batch_op.create_index('people_member_by_source', ['source', 'member_no'], unique=False)
        batch_op.create_index('people_member_by_unit', ['home_unit_id', 'member_no'], unique=False, sqlite_where=sa.text('home_unit_id IS NOT NULL'), postgresql_where=sa.text('home_unit_id IS NOT NULL'))
        batch_op.create_index('people_member_departed', ['state', 'member_no'], unique=False, sqlite_where=sa.text("state != 'active'"), postgresql_where=sa.text("state != 'active'"))

    op.create_table('people_merge',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('survivor_no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('loser_no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('survivor_first_seen_at', sa.BigInteger(), nullable=False),
    sa.Column('survivor_last_seen_at', sa.BigInteger(), nullable=False),
    sa.Column('import_id', sa.String(length=40), nullable=True),
    sa.Column('undone_at', sa.BigInteger(), nullable=True),
    sa.Column('undone_by', sa.String(length=64), nullable=True),
    sa.Column('undo_reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('people_merge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_merge_loser_no'), ['loser_no'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_merge_survivor_no'), ['survivor_no'], unique=False)

    op.create_table('people_namespace',
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('namespace', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'namespace')
    )
    op.create_table('people_suppression',
    sa.Column('key', sa.LargeBinary(length=16), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('receipt_id', sa.String(length=40), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('tags_group',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('name')
    )
    op.create_table('tags_tag',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('group_id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['tags_group.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('group_id', 'name')
    )
    op.create_table('tags_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tag_id', sa.String(length=40), nullable=False),
    sa.Column('member_no', sa.BigInteger(), nullable=False),
    sa.Column('verb', sa.String(length=4), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['tag_id'], ['tags_tag.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('tags_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tags_change_source'), ['source'], unique=False)
        batch_op.create_index('tags_change_member', ['member_no', 'tag_id'], unique=False)
    for statement in _GROWS_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)



def downgrade() -> None:
    """One step down."""
    with op.batch_alter_table('tags_change', schema=None) as batch_op:
        batch_op.drop_index('tags_change_member')
        batch_op.drop_index(batch_op.f('ix_tags_change_source'))

    op.drop_table('tags_change')
    op.drop_table('tags_tag')
    op.drop_table('tags_group')
    op.drop_table('people_suppression')
    op.drop_table('people_namespace')
    with op.batch_alter_table('people_merge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_merge_survivor_no'))
        batch_op.drop_index(batch_op.f('ix_people_merge_loser_no'))

    op.drop_table('people_merge')
    with op.batch_alter_table('people_member', schema=None) as batch_op:
        batch_op.drop_index('people_member_departed', sqlite_where=sa.text("state != 'active'"), postgresql_where=sa.text("state != 'active'"))
        batch_op.drop_index('people_member_by_unit', sqlite_where=sa.text('home_unit_id IS NOT NULL'), postgresql_where=sa.text('home_unit_id IS NOT NULL'))
        batch_op.drop_index('people_member_by_source')
        batch_op.drop_index('people_member_by_seen')
        batch_op.drop_index('people_member_by_holder', sqlite_where=sa.text('merged_into IS NOT NULL'), postgresql_where=sa.text('merged_into IS NOT NULL'))
        batch_op.drop_index('people_member_by_created')

    op.drop_table('people_member')
    with op.batch_alter_table('people_identity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_identity_member_no'))

    op.drop_table('people_identity')
    op.drop_table('people_erasure')
    op.drop_table('people_epoch')
    with op.batch_alter_table('people_consent_change', schema=None) as batch_op:
        batch_op.drop_index('people_consent_change_by_address')

    op.drop_table('people_consent_change')
    op.drop_table('people_consent')
    with op.batch_alter_table('people_conflict', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_conflict_state'))
        batch_op.drop_index(batch_op.f('ix_people_conflict_holder_no'))
        batch_op.drop_index(batch_op.f('ix_people_conflict_claimant_no'))

    op.drop_table('people_conflict')
    op.drop_table('people_attribute_name')
    op.drop_table('people_attribute_change')
    with op.batch_alter_table('people_attribute', schema=None) as batch_op:
        batch_op.drop_index('people_attribute_by_blind', sqlite_where=sa.text('blind IS NOT NULL'), postgresql_where=sa.text('blind IS NOT NULL'))

    op.drop_table('people_attribute')
    op.drop_table('organization_unit')
    with op.batch_alter_table('organization_staff', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organization_staff_wecom_userid'))
        batch_op.drop_index(batch_op.f('ix_organization_staff_phone_blind'))

    op.drop_table('organization_staff')
    op.drop_table('organization_revision')
    with op.batch_alter_table('organization_placement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organization_placement_parent_id'))

    op.drop_table('organization_placement')
    with op.batch_alter_table('organization_move', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organization_move_parent_id'))

    op.drop_table('organization_move')
    op.drop_table('kernel_subscriber')
    op.drop_table('kernel_setting')
    op.drop_table('kernel_set_delta')
    op.drop_table('kernel_set')
    op.drop_table('kernel_outbox')
    with op.batch_alter_table('kernel_job', schema=None) as batch_op:
        batch_op.drop_index('kernel_job_due')

    op.drop_table('kernel_job')
    op.drop_table('kernel_file')
    op.drop_table('kernel_event_aside')
    with op.batch_alter_table('kernel_audit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kernel_audit_subject'))
        batch_op.drop_index(batch_op.f('ix_kernel_audit_actor_id'))
        batch_op.drop_index(batch_op.f('ix_kernel_audit_action'))

    op.drop_table('kernel_audit')
    with op.batch_alter_table('imports_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_imports_run_state'))

    op.drop_table('imports_run')
    op.drop_table('imports_reject')
    op.drop_table('imports_mapping')
    op.drop_table('imports_before')
    with op.batch_alter_table('activity_rejected', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_activity_rejected_source'))
        batch_op.drop_index(batch_op.f('ix_activity_rejected_code'))

    op.drop_table('activity_rejected')
    op.drop_table('activity_property')
    op.drop_table('activity_block')
    op.drop_table('access_user')
    with op.batch_alter_table('access_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_session_user_id'))

    op.drop_table('access_session')
    op.drop_table('access_role')
    with op.batch_alter_table('access_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_link_user_id'))

    op.drop_table('access_link')
    with op.batch_alter_table('access_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_key_previous_hash'))

    op.drop_table('access_key')
    op.drop_table('access_attempt')
