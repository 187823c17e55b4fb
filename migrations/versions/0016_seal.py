"""The trail, tamper-evident: entries wait for a number, numbered digests, signed seals; nothing of it is changed or removed."""

import sqlalchemy as sa
from alembic import op

from caseapp.models import seal_ddl

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables; what is in the trail already waits for its number."""
    op.create_table(
        "audit_waiting",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_waiting")),
    )
    op.create_table(
        "audit_number",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_number")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_number_entry_id")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("batch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_audit_seal")),
    )
    op.execute("INSERT INTO audit_waiting (entry_id) SELECT id FROM audit_entry")
    seal_ddl.add(op.get_bind())


def downgrade() -> None:
    """Without them."""
    seal_ddl.drop(op.get_bind())
    for name in ("audit_seal", "audit_number", "audit_waiting"):
        op.drop_table(name)
