"""Releases by two persons, in a chain that the database itself lets nobody change; long work beside the requests."""

import sqlalchemy as sa
from alembic import op

from caseapp.models import ddl

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

UNCHANGING = ("stat_release", "stat_cell", "stat_export", "stat_certificate")


def upgrade() -> None:
    """Three tables, the registry's columns, triggers that refuse every change."""
    op.create_table(
        "job_queue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority", sa.Double(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_queue")),
        sa.UniqueConstraint("queue", "kind", "key", name=op.f("uq_job_queue_queue_kind_key")),
    )
    op.create_table(
        "job",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=True),
        sa.Column("fault", sa.String(length=60), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_job_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_table(
        "stat_preparation",
        sa.Column("path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("catalogue_version", sa.String(length=20), nullable=True),
        sa.Column("cut_off_on", sa.Date(), nullable=True),
        sa.Column("facts_mark", sa.String(length=64), nullable=True),
        sa.Column("past_head", sa.String(length=64), nullable=True),
        sa.Column("params", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("areas", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("gate", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cells", sa.Integer(), nullable=True),
        sa.Column("hidden", sa.Integer(), nullable=True),
        sa.Column("cells_sha256", sa.String(length=64), nullable=True),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("certificate_enc", sa.LargeBinary(), nullable=True),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_by", sa.String(length=80), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=True),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["checked_by_id"], ["user.id"], name=op.f("fk_stat_preparation_checked_by_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_stat_preparation_job_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_stat_preparation_made_by_id")),
        sa.ForeignKeyConstraint(["release_id"], ["stat_release.id"], name=op.f("fk_stat_preparation_release_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["stat_release.id"], name=op.f("fk_stat_preparation_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stat_preparation")),
    )
    with op.batch_alter_table("stat_preparation", schema=None) as batch_op:
        batch_op.create_index(
            "uq_stat_preparation_open",
            ["period"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'running', 'ready')"),
            postgresql_where=sa.text("state IN ('waiting', 'running', 'ready')"),
        )

    with op.batch_alter_table("stat_export", schema=None) as batch_op:
        batch_op.add_column(sa.Column("watermark", sa.String(length=20), nullable=True))

    with op.batch_alter_table("stat_release", schema=None) as batch_op:
        batch_op.add_column(sa.Column("supersedes_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("made_by", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("checked_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("checked_by", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("gate", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("catalogue_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("certificate_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("facts_mark", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("previous_head", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("head", sa.String(length=64), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_stat_release_period"), type_="unique")
        batch_op.create_index(
            "uq_stat_release_first",
            ["period"],
            unique=True,
            sqlite_where=sa.text("supersedes_id IS NULL"),
            postgresql_where=sa.text("supersedes_id IS NULL"),
        )
        batch_op.create_unique_constraint(batch_op.f("uq_stat_release_number"), ["number"])
        batch_op.create_unique_constraint(batch_op.f("uq_stat_release_supersedes_id"), ["supersedes_id"])
        batch_op.create_foreign_key(batch_op.f("fk_stat_release_checked_by_id"), "user", ["checked_by_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_stat_release_supersedes_id"), "stat_release", ["supersedes_id"], ["id"])

    ddl.freeze(op.get_bind(), UNCHANGING)


def downgrade() -> None:
    """And back."""
    ddl.thaw(op.get_bind(), UNCHANGING)
    with op.batch_alter_table("stat_release", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_stat_release_supersedes_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_stat_release_checked_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_stat_release_supersedes_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_stat_release_number"), type_="unique")
        batch_op.drop_index(
            "uq_stat_release_first",
            sqlite_where=sa.text("supersedes_id IS NULL"),
            postgresql_where=sa.text("supersedes_id IS NULL"),
        )
        batch_op.create_unique_constraint(batch_op.f("uq_stat_release_period"), ["period"])
        batch_op.drop_column("head")
        batch_op.drop_column("previous_head")
        batch_op.drop_column("facts_mark")
        batch_op.drop_column("certificate_sha256")
        batch_op.drop_column("catalogue_sha256")
        batch_op.drop_column("gate")
        batch_op.drop_column("reason")
        batch_op.drop_column("checked_by")
        batch_op.drop_column("checked_by_id")
        batch_op.drop_column("made_by")
        batch_op.drop_column("supersedes_id")

    with op.batch_alter_table("stat_export", schema=None) as batch_op:
        batch_op.drop_column("watermark")

    with op.batch_alter_table("stat_preparation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stat_preparation_open",
            sqlite_where=sa.text("state IN ('waiting', 'running', 'ready')"),
            postgresql_where=sa.text("state IN ('waiting', 'running', 'ready')"),
        )

    op.drop_table("stat_preparation")
    op.drop_table("job")
    op.drop_table("job_queue")
