"""Where a bureau stood before it moved, and the number of a copy to be looked up by."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, one index."""
    op.create_table(
        "former_place",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_former_place_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_place")),
    )
    op.create_index(op.f("ix_former_place_organisation_id"), "former_place", ["organisation_id"])
    op.create_index(op.f("ix_stat_export_watermark"), "stat_export", ["watermark"])


def downgrade() -> None:
    """Without them."""
    op.drop_index(op.f("ix_stat_export_watermark"), table_name="stat_export")
    op.drop_table("former_place")
