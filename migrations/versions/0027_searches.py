"""What was searched for stands in the trail as a keyed digest."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SOUGHT = sa.text("sought IS NOT NULL")


def upgrade() -> None:
    """One column, which changes no digest of an entry without it, and the way to it."""
    op.add_column("audit_entry", sa.Column("sought", sa.String(length=32), nullable=True))
    op.create_index("ix_audit_entry_sought_at", "audit_entry", ["sought", "at", "id"], sqlite_where=SOUGHT, postgresql_where=SOUGHT)


def downgrade() -> None:
    """Neither."""
    op.drop_index("ix_audit_entry_sought_at", table_name="audit_entry")
    op.drop_column("audit_entry", "sought")
