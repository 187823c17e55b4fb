"""Results of a class of their own in any case, and tasks that say which result asked for them."""

from alembic import op
import sqlalchemy as sa


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case") as batch_op:
        batch_op.add_column(sa.Column("holds_restricted", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("task") as batch_op:
        batch_op.add_column(sa.Column("assessment_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_task_assessment_id"), "assessment", ["assessment_id"], ["id"])
        batch_op.create_index(op.f("ix_task_assessment_id"), ["assessment_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("task") as batch_op:
        batch_op.drop_index(op.f("ix_task_assessment_id"))
        batch_op.drop_constraint(op.f("fk_task_assessment_id"), type_="foreignkey")
        batch_op.drop_column("assessment_id")
    with op.batch_alter_table("case") as batch_op:
        batch_op.drop_column("holds_restricted")
