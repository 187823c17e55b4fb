"""Extracts of closed cases: orders, the cases each one spent, downloads; the last two never change."""

import sqlalchemy as sa
from alembic import op

from caseapp.models import ddl


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

UNCHANGING = ("stat_extract_case", "stat_extract_fetch")


def upgrade() -> None:
    """Three tables, triggers that refuse every change of two of them."""
    op.create_table('stat_extract',
    sa.Column('path', sa.String(length=160).with_variant(sa.String(length=160, collation='C'), 'postgresql'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('rules', sa.String(length=20), nullable=False),
    sa.Column('years', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('recipient', sa.String(length=12), nullable=False),
    sa.Column('recipient_name', sa.String(length=120), nullable=False),
    sa.Column('purpose', sa.String(length=300), nullable=False),
    sa.Column('attributes', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('sensitive', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('file_days', sa.Integer(), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('made_by', sa.String(length=80), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('job_id', sa.Uuid(), nullable=True),
    sa.Column('levels', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('report', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('measured', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lapses_on', sa.Date(), nullable=True),
    sa.Column('checked_by_id', sa.Uuid(), nullable=True),
    sa.Column('checked_by', sa.String(length=80), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(length=300), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rows', sa.Integer(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('content_enc', sa.LargeBinary(), nullable=True),
    sa.Column('kept_enc', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['checked_by_id'], ['user.id'], name=op.f('fk_stat_extract_checked_by_id')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_stat_extract_job_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['user.id'], name=op.f('fk_stat_extract_made_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stat_extract')),
    sa.UniqueConstraint('number', name=op.f('uq_stat_extract_number'))
    )
    op.create_table('stat_extract_case',
    sa.Column('case_mark', sa.LargeBinary(length=16), nullable=False),
    sa.Column('extract_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['extract_id'], ['stat_extract.id'], name=op.f('fk_stat_extract_case_extract_id')),
    sa.PrimaryKeyConstraint('case_mark', name=op.f('pk_stat_extract_case'))
    )
    with op.batch_alter_table('stat_extract_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stat_extract_case_extract_id'), ['extract_id'], unique=False)

    op.create_table('stat_extract_fetch',
    sa.Column('extract_id', sa.Uuid(), nullable=False),
    sa.Column('path', sa.String(length=160).with_variant(sa.String(length=160, collation='C'), 'postgresql'), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('user_name', sa.String(length=80), nullable=False),
    sa.Column('purpose', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['extract_id'], ['stat_extract.id'], name=op.f('fk_stat_extract_fetch_extract_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_stat_extract_fetch_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stat_extract_fetch'))
    )
    with op.batch_alter_table('stat_extract_fetch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stat_extract_fetch_extract_id'), ['extract_id'], unique=False)

    ddl.freeze(op.get_bind(), UNCHANGING)


def downgrade() -> None:
    """And back."""
    ddl.thaw(op.get_bind(), UNCHANGING)
    with op.batch_alter_table('stat_extract_fetch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stat_extract_fetch_extract_id'))

    op.drop_table('stat_extract_fetch')
    with op.batch_alter_table('stat_extract_case', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stat_extract_case_extract_id'))

    op.drop_table('stat_extract_case')
    op.drop_table('stat_extract')
