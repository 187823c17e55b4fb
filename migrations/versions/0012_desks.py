"""Desks: days that an auditor looked at, filters kept by name, orders of what happened lately and of files opened lately."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPENED = {"sqlite_where": sa.text("opened > 0"), "postgresql_where": sa.text("opened > 0")}


def upgrade() -> None:
    """Two tables, three indexes."""
    op.create_table(
        "audit_review",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sign", sa.String(length=20), nullable=False),
        sa.Column(
            "station_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("finding", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_audit_review_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_audit_review_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_review")),
        sa.UniqueConstraint("user_id", "day", "sign", "by_id", name=op.f("uq_audit_review_user_id_day_sign_by_id")),
    )
    op.create_table(
        "saved_filter",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("listing", sa.String(length=12), nullable=False),
        sa.Column("domain", sa.String(length=20), nullable=True),
        sa.Column("name_enc", sa.LargeBinary(), nullable=False),
        sa.Column("chosen", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_saved_filter_grant_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_filter_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
    )
    op.create_index("ix_saved_filter_user_id_grant_id", "saved_filter", ["user_id", "grant_id", "made_at"])
    op.create_index("ix_case_event_station_path_at", "case_event", ["station_path", "at"])
    op.create_index("ix_audit_seen_user_id_last_at", "audit_seen", ["user_id", "last_at"], **OPENED)
    op.create_index("ix_audit_seen_seen_on_user_id", "audit_seen", ["seen_on", "user_id"], **OPENED)


def downgrade() -> None:
    """None of them."""
    op.drop_index("ix_audit_seen_seen_on_user_id", table_name="audit_seen")
    op.drop_index("ix_audit_seen_user_id_last_at", table_name="audit_seen")
    op.drop_index("ix_case_event_station_path_at", table_name="case_event")
    op.drop_table("saved_filter")
    op.drop_table("audit_review")
