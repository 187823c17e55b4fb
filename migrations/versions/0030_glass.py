"""A restricted file that somebody opened in an emergency closes after hours, not days."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column."""
    op.add_column("file_access", sa.Column("until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Without hours: what was opened in an emergency is closed at once."""
    op.execute("DELETE FROM file_access WHERE kind = 'glass'")
    op.drop_column("file_access", "until")
