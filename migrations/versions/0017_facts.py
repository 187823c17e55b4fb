"""Facts that are settled and kept up: snapshots, marks of what changed, and the triggers that set and keep them."""

import sqlalchemy as sa
from alembic import op

from caseapp.models.statistics import triggers

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PATH = sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql")


def upgrade() -> None:
    """Three tables, two columns, three indexes, triggers."""
    op.create_table(
        "stat_snapshot",
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("catalogue_version", sa.String(length=20), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cut_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=True),
        sa.Column("part_of", sa.String(length=10), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stat_snapshot")),
        sa.UniqueConstraint("period", name=op.f("uq_stat_snapshot_period")),
    )
    op.create_table(
        "stat_mark",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("station_path", PATH, nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stat_mark")),
    )
    op.create_index("ix_stat_mark_station_path", "stat_mark", ["station_path", "what"])
    op.create_table(
        "stat_due",
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("station_path", PATH, nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("period", "station_path", "what", name=op.f("pk_stat_due")),
    )
    op.add_column("stat_fact", sa.Column("largest", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("ix_stat_fact_period_station_id", "stat_fact", ["period", "station_id"])
    op.add_column("enrolment", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_visit_person_station_path_happened_on", "visit_person", ["station_path", "happened_on"])
    op.create_index("ix_target_tag_station_path", "target_tag", ["station_path"])
    triggers.make(op.get_bind())


def downgrade() -> None:
    """None of them."""
    triggers.drop(op.get_bind())
    op.drop_index("ix_target_tag_station_path", table_name="target_tag")
    op.drop_index("ix_visit_person_station_path_happened_on", table_name="visit_person")
    with op.batch_alter_table("enrolment") as batch:
        batch.drop_column("ended_at")
    op.drop_index("ix_stat_fact_period_station_id", table_name="stat_fact")
    with op.batch_alter_table("stat_fact") as batch:
        batch.drop_column("largest")
    op.drop_table("stat_due")
    op.drop_index("ix_stat_mark_station_path", table_name="stat_mark")
    op.drop_table("stat_mark")
    op.drop_table("stat_snapshot")
