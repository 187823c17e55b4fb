"""What is entered late: applications counted by the day they were first handed in; visits moved more than once; triggers anew."""

import sqlalchemy as sa
from alembic import op

from caseapp.models.statistics import triggers

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOVED = sa.text("moved_from_id IS NOT NULL")


def upgrade() -> None:
    """Two columns, filled for what was handed in; one index; triggers that read the columns and look once for each statement."""
    op.add_column("aid_request", sa.Column("first_handed_in_on", sa.Date(), nullable=True))
    op.add_column("aid_request", sa.Column("first_handed_in_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE aid_request SET first_handed_in_on = handed_in_on, first_handed_in_at = created_at WHERE handed_in_on IS NOT NULL"
    )
    op.create_index("ix_visit_moved_from_id", "visit", ["moved_from_id"], sqlite_where=MOVED, postgresql_where=MOVED)
    triggers.drop(op.get_bind())
    triggers.make(op.get_bind())


def downgrade() -> None:
    """None of them."""
    triggers.drop(op.get_bind())
    op.drop_index("ix_visit_moved_from_id", table_name="visit")
    with op.batch_alter_table("aid_request") as batch:
        batch.drop_column("first_handed_in_at")
        batch.drop_column("first_handed_in_on")
    triggers.make(op.get_bind())
