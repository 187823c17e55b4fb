"""Own words of a bureau in the documents that are drafted from figures."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "stat_document",
        sa.Column(
            "path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("recipients", sa.String(length=200), nullable=True),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["written_by_id"], ["user.id"], name=op.f("fk_stat_document_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stat_document")),
        sa.UniqueConstraint("path", "kind", "period", "area", name=op.f("uq_stat_document_path_kind_period_area")),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table("stat_document")
