"""Archives of the trail: which numbers a file holds, and triggers that let go of these and of no others."""

import sqlalchemy as sa
from alembic import op

from caseapp.models import seal_ddl

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, and the triggers around it."""
    op.create_table(
        "audit_archive",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_batch", sa.BigInteger(), nullable=False),
        sa.Column("last_batch", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_archive")),
    )
    seal_ddl.add_archive(op.get_bind())


def downgrade() -> None:
    """None of it. Refused where an archive was made: without its row the trail would seem to have lost what it holds."""
    bind = op.get_bind()
    if bind.scalar(sa.text("SELECT count(*) FROM audit_archive")):
        raise RuntimeError("the trail has archives: this migration has no way back")
    seal_ddl.drop(bind)
    op.drop_table("audit_archive")
    seal_ddl.add(bind)
