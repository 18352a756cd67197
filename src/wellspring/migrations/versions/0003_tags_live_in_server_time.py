"""Tags have kinds, states and expiry; their history runs on the server's time, each row with its end."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# Older rows know only the time that they claim; each ends where the next of its member and tag begins.
_FILL = (
    "UPDATE tags_change SET recorded_at = at",
    "UPDATE tags_change SET ended_at = (SELECT MIN(later.at) FROM tags_change later WHERE later.tag_id = tags_change.tag_id"
    " AND later.member_no = tags_change.member_no"
    " AND (later.at > tags_change.at OR (later.at = tags_change.at AND later.id > tags_change.id)))",
)


def upgrade() -> None:
    """One step up."""
    op.create_table('tags_exception',
    sa.Column('tag_id', sa.String(length=40), nullable=False),
    sa.Column('member_no', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('verb', sa.String(length=4), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['tag_id'], ['tags_tag.id'], ),
    sa.PrimaryKeyConstraint('tag_id', 'member_no')
    )
    with op.batch_alter_table('tags_exception', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tags_exception_source'), ['source'], unique=False)

    with op.batch_alter_table('tags_change', schema=None) as batch_op:
        batch_op.add_column(sa.Column('recorded_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('ended_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('expires_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('cause', sa.String(length=12), server_default='said', nullable=False))
    for statement in _FILL:
        op.execute(statement)
    with op.batch_alter_table('tags_change', schema=None) as batch_op:
        batch_op.alter_column('recorded_at', existing_type=sa.BigInteger(), nullable=False)
        batch_op.create_index('tags_change_due', ['expires_at'], unique=False, sqlite_where=sa.text('ended_at IS NULL AND expires_at IS NOT NULL'), postgresql_where=sa.text('ended_at IS NULL AND expires_at IS NOT NULL'))
        batch_op.create_index('tags_change_tag', ['tag_id', 'recorded_at'], unique=False)

    with op.batch_alter_table('tags_group', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=12), server_default='static', nullable=False))
        batch_op.add_column(sa.Column('is_exclusive', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('description', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('color', sa.String(length=20), server_default='', nullable=False))
        batch_op.add_column(sa.Column('state', sa.String(length=8), server_default='active', nullable=False))

    with op.batch_alter_table('tags_tag', schema=None) as batch_op:
        batch_op.add_column(sa.Column('description', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('expires_after_days', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('position', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('state', sa.String(length=8), server_default='active', nullable=False))
        batch_op.add_column(sa.Column('rule_audience_id', sa.String(length=40), nullable=True))



def downgrade() -> None:
    """One step down."""
    with op.batch_alter_table('tags_tag', schema=None) as batch_op:
        batch_op.drop_column('rule_audience_id')
        batch_op.drop_column('state')
        batch_op.drop_column('position')
        batch_op.drop_column('expires_after_days')
        batch_op.drop_column('description')

    with op.batch_alter_table('tags_group', schema=None) as batch_op:
        batch_op.drop_column('state')
        batch_op.drop_column('color')
        batch_op.drop_column('description')
        batch_op.drop_column('is_exclusive')
        batch_op.drop_column('kind')

    with op.batch_alter_table('tags_change', schema=None) as batch_op:
        batch_op.drop_index('tags_change_tag')
        batch_op.drop_index('tags_change_due', sqlite_where=sa.text('ended_at IS NULL AND expires_at IS NOT NULL'), postgresql_where=sa.text('ended_at IS NULL AND expires_at IS NOT NULL'))
        batch_op.drop_column('cause')
        batch_op.drop_column('expires_at')
        batch_op.drop_column('ended_at')
        batch_op.drop_column('recorded_at')

    with op.batch_alter_table('tags_exception', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tags_exception_source'))

    op.drop_table('tags_exception')
