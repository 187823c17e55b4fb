"""A way to rows that were sought through a whole scope: the people of a household."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index."""
    op.create_index("ix_client_household_id", "client", ["household_id"])


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_client_household_id", table_name="client")
