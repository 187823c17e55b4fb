"""Acts that need two people in one table, those of a lost second factor among them; when a session or a token was last proved."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PATH = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
WHEN = sa.DateTime(timezone=True)
USERS = ("about_user_id", "asked_by_id", "decided_by_id")


def upgrade() -> None:
    """The table; wishes about a second factor move into it."""
    op.create_table(
        "asked_act",
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("about_user_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_role", sa.String(30), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_role", sa.String(30), nullable=True),
        sa.Column("decided_at", WHEN, nullable=True),
        sa.Column("note", sa.String(200), nullable=True),
        sa.Column("done_at", WHEN, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.ForeignKeyConstraint([name], ["user.id"], name=op.f(f"fk_asked_act_{name}")) for name in USERS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_act")),
    )
    for name in ("kind", "path", "asked_by_id"):
        op.create_index(op.f(f"ix_asked_act_{name}"), "asked_act", [name])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_asked_act_waiting", "asked_act", ["kind", "subject_id"], unique=True, sqlite_where=waiting, postgresql_where=waiting
    )
    op.execute(
        "INSERT INTO asked_act (id, kind, state, path, subject_id, about_user_id, reason, asked_by_id, asked_role, asked_at,"
        " expires_at, decided_by_id, decided_role, decided_at, done_at, version)"
        " SELECT r.id, 'factor.reset',"
        " CASE WHEN r.decided_at IS NULL AND r.expires_at > CURRENT_TIMESTAMP THEN 'waiting'"
        " WHEN r.decided_at IS NULL THEN 'withdrawn' WHEN r.agreed THEN 'done' ELSE 'refused' END,"
        " u.home_path, r.user_id, r.user_id, '', r.asked_by_id, 'system_admin', r.asked_at, r.expires_at, r.decided_by_id,"
        " CASE WHEN r.decided_by_id IS NULL THEN NULL ELSE 'security_admin' END, r.decided_at,"
        " CASE WHEN r.agreed THEN r.decided_at ELSE NULL END, 1"
        ' FROM factor_reset r JOIN "user" u ON u.id = r.user_id'
    )
    op.drop_table("factor_reset")
    op.add_column("user_session", sa.Column("fresh_at", WHEN, nullable=True))
    op.add_column("api_token", sa.Column("fresh_at", WHEN, nullable=True))


def downgrade() -> None:
    """Wishes about a second factor go back; others are gone."""
    op.drop_column("api_token", "fresh_at")
    op.drop_column("user_session", "fresh_at")
    op.create_table(
        "factor_reset",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", WHEN, nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_factor_reset_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_factor_reset_decided_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_factor_reset_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_reset")),
    )
    op.create_index(op.f("ix_factor_reset_user_id"), "factor_reset", ["user_id"])
    op.execute(
        "INSERT INTO factor_reset (id, user_id, asked_by_id, asked_at, expires_at, decided_by_id, decided_at, agreed)"
        " SELECT id, about_user_id, asked_by_id, asked_at, expires_at, decided_by_id, decided_at,"
        " CASE WHEN decided_at IS NULL THEN NULL ELSE state = 'done' END"
        " FROM asked_act WHERE kind = 'factor.reset' AND state <> 'withdrawn'"
    )
    op.drop_table("asked_act")
