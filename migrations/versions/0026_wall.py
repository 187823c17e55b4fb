"""A second wall in PostgreSQL: roles, and policies on every table of persons. SQLite has neither."""

from alembic import op

from caseapp.models import wall

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The schema with the secret; `migrations/env.py` then builds the rest, as after every migration."""
    if op.get_bind().dialect.name == "postgresql":
        wall.begin(op.get_bind())


def downgrade() -> None:
    """Without it the row rules of the program stand alone."""
    if op.get_bind().dialect.name == "postgresql":
        wall.take_down(op.get_bind())
