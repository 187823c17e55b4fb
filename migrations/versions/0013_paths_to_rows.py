"""Ways to rows that were sought through a whole scope: people of a household, what was read at night or refused in a day.

The trail had its order by time as an index twice; one goes.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two indexes come, one goes."""
    op.create_index("ix_client_household_id", "client", ["household_id"])
    op.create_index("ix_audit_entry_kind_at", "audit_entry", ["kind", "at", "user_id"])
    op.drop_index("ix_audit_entry_at_id", table_name="audit_entry")


def downgrade() -> None:
    """And back."""
    op.create_index("ix_audit_entry_at_id", "audit_entry", ["at", "id"])
    op.drop_index("ix_audit_entry_kind_at", table_name="audit_entry")
    op.drop_index("ix_client_household_id", table_name="client")
