"""Handovers inside a station with their files, absences that are covered, and in whose place an entry of the trail was made."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables, one column."""
    op.create_table('cover',
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('path', sa.String(length=160).with_variant(sa.String(length=160, collation='C'), 'postgresql'), nullable=False),
    sa.Column('absent_id', sa.Uuid(), nullable=False),
    sa.Column('cover_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('with_restricted', sa.Boolean(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_cover_created_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_cover_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cover'))
    )
    with op.batch_alter_table('cover', schema=None) as batch_op:
        batch_op.create_index('ix_cover_cover_id_to_on', ['cover_id', 'to_on'], unique=False)
        batch_op.create_index('ix_cover_path_to_on', ['path', 'to_on'], unique=False)

    op.create_table('handover',
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('path', sa.String(length=160).with_variant(sa.String(length=160, collation='C'), 'postgresql'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('from_id', sa.Uuid(), nullable=True),
    sa.Column('to_id', sa.Uuid(), nullable=True),
    sa.Column('reason_enc', sa.LargeBinary(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_handover_created_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_handover_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover'))
    )
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.create_index('ix_handover_path_created_at', ['path', 'created_at', 'id'], unique=False)

    op.create_table('handover_item',
    sa.Column('handover_id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=True),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('from_id', sa.Uuid(), nullable=True),
    sa.Column('to_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('answer_enc', sa.LargeBinary(), nullable=True),
    sa.Column('tasks', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('station_path', sa.String(length=160).with_variant(sa.String(length=160, collation='C'), 'postgresql'), nullable=False),
    sa.Column('class', sa.String(length=5), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_handover_item_case_id')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_handover_item_client_id')),
    sa.ForeignKeyConstraint(['handover_id'], ['handover.id'], name=op.f('fk_handover_item_handover_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover_item'))
    )
    with op.batch_alter_table('handover_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handover_item_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handover_item_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handover_item_file_id'), ['file_id'], unique=False)
        batch_op.create_index('ix_handover_item_from_id_state', ['from_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_handover_item_handover_id'), ['handover_id'], unique=False)
        batch_op.create_index('ix_handover_item_station_path_state', ['station_path', 'state'], unique=False)
        batch_op.create_index('ix_handover_item_to_id_state', ['to_id', 'state'], unique=False)
        batch_op.create_index('uq_handover_item_waiting', ['file_id'], unique=True, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('in_place_of', sa.JSON(none_as_null=True), nullable=True))



def downgrade() -> None:
    """None of them."""
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_column('in_place_of')

    with op.batch_alter_table('handover_item', schema=None) as batch_op:
        batch_op.drop_index('uq_handover_item_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index('ix_handover_item_to_id_state')
        batch_op.drop_index('ix_handover_item_station_path_state')
        batch_op.drop_index(batch_op.f('ix_handover_item_handover_id'))
        batch_op.drop_index('ix_handover_item_from_id_state')
        batch_op.drop_index(batch_op.f('ix_handover_item_file_id'))
        batch_op.drop_index(batch_op.f('ix_handover_item_client_id'))
        batch_op.drop_index(batch_op.f('ix_handover_item_case_id'))

    op.drop_table('handover_item')
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.drop_index('ix_handover_path_created_at')

    op.drop_table('handover')
    with op.batch_alter_table('cover', schema=None) as batch_op:
        batch_op.drop_index('ix_cover_path_to_on')
        batch_op.drop_index('ix_cover_cover_id_to_on')

    op.drop_table('cover')
