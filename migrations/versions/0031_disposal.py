"""Holds on a person's data, and certificates of what was deleted for good; a certificate never changes."""

import sqlalchemy as sa
from alembic import op

from caseapp.models.ddl import freeze, thaw

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

PATH = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "legal_hold",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("updated_at", WHEN, nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("station_path", PATH, nullable=False),
        sa.Column("class", sa.String(5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_legal_hold_client_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_legal_hold_created_by_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["user.id"], name=op.f("fk_legal_hold_lifted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    for name in ("client_id", "file_id"):
        op.create_index(op.f(f"ix_legal_hold_{name}"), "legal_hold", [name])
    op.create_table(
        "disposal_certificate",
        sa.Column("path", PATH, nullable=False),
        sa.Column("asked_id", sa.Uuid(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.JSON(), nullable=False),
        sa.Column("periods", sa.JSON(), nullable=False),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", WHEN, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["asked_id"], ["asked_act.id"], name=op.f("fk_disposal_certificate_asked_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_disposal_certificate_asked_by_id")),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["user.id"], name=op.f("fk_disposal_certificate_agreed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_certificate")),
        sa.UniqueConstraint("asked_id", name=op.f("uq_disposal_certificate_asked_id")),
    )
    op.create_index(op.f("ix_disposal_certificate_path"), "disposal_certificate", ["path"])
    freeze(op.get_bind(), ("disposal_certificate",))


def downgrade() -> None:
    """Certificates and holds are lost with it: keep a copy of the certificates."""
    thaw(op.get_bind(), ("disposal_certificate",))
    op.drop_table("disposal_certificate")
    op.drop_table("legal_hold")
