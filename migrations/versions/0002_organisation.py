"""Sign-in: from where an account signs in; the trail in the order of its time; the history of divisions and changes to come."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, one column, one index."""
    op.create_table(
        "division_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column(
            "path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("parent_code", sa.String(length=12), nullable=True),
        sa.Column("now_code", sa.String(length=12), nullable=True),
        sa.Column("counts_for_coverage", sa.Boolean(), nullable=True),
        sa.Column("name_before", sa.String(length=80), nullable=True),
        sa.Column("parent_before", sa.String(length=12), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entered_by_id"], ["user.id"], name=op.f("fk_division_change_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_change")),
    )
    with op.batch_alter_table("division_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_division_change_code"), ["code"], unique=False)
        batch_op.create_index("ix_division_change_state_effective_on", ["state", "effective_on"], unique=False)
    with op.batch_alter_table("sign_in_guard", schema=None) as batch_op:
        batch_op.add_column(sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_at_id", ["at", "id"], unique=False)


def downgrade() -> None:
    """The way back."""
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_at_id")
    with op.batch_alter_table("sign_in_guard", schema=None) as batch_op:
        batch_op.drop_column("passed_at")
    with op.batch_alter_table("division_change", schema=None) as batch_op:
        batch_op.drop_index("ix_division_change_state_effective_on")
        batch_op.drop_index(batch_op.f("ix_division_change_code"))
    op.drop_table("division_change")
