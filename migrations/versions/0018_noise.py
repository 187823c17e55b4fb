"""Exploration with noise: stored answers, which bureaus read, and who asked what; neither ever changes."""

import sqlalchemy as sa
from alembic import op

from caseapp.models import ddl

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UNCHANGING = ("stat_noise", "stat_question")


def upgrade() -> None:
    """Two tables; the role that reads figures may read the answers."""
    op.create_table(
        "stat_noise",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=30), nullable=False),
        sa.Column("dims", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column(
            "area_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["stat_release.id"], name=op.f("fk_stat_noise_release_id")),
        sa.PrimaryKeyConstraint("release_id", "measure", "dims", "area", name=op.f("pk_stat_noise")),
    )
    op.create_table(
        "stat_question",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=30), nullable=False),
        sa.Column("dims", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["stat_release.id"], name=op.f("fk_stat_question_release_id")),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_stat_question_grant_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_stat_question_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stat_question")),
        sa.UniqueConstraint(
            "user_id", "release_id", "measure", "dims", "area",
            name=op.f("uq_stat_question_user_id_release_id_measure_dims_area"),
        ),
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        ddl.make_figures_role(connection)
    ddl.freeze(connection, UNCHANGING)


def downgrade() -> None:
    """Without them."""
    ddl.thaw(op.get_bind(), UNCHANGING)
    op.drop_table("stat_question")
    op.drop_table("stat_noise")
