"""Certificates of releases: witness tables, sealed, beside the release."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, which no bureau reads."""
    op.create_table(
        "stat_certificate",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["stat_release.id"], name=op.f("fk_stat_certificate_release_id")),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_stat_certificate")),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table("stat_certificate")
