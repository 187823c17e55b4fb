"""Former passwords; sessions with the limits that held when they began, and why one ended."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """A table, and columns of sessions."""
    op.create_table(
        "former_password",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("given_up_at", WHEN, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_former_password_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_password")),
    )
    op.create_index(op.f("ix_former_password_user_id"), "former_password", ["user_id"])
    op.add_column("user_session", sa.Column("idle_minutes", sa.Integer(), nullable=True))
    op.add_column("user_session", sa.Column("ends_at", WHEN, nullable=True))
    op.add_column("user_session", sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("user_session", sa.Column("ended_why", sa.String(10), nullable=True))


def downgrade() -> None:
    """Without them: sessions have the limits of the program."""
    for column in ("ended_why", "must_change", "ends_at", "idle_minutes"):
        op.drop_column("user_session", column)
    op.drop_table("former_password")
