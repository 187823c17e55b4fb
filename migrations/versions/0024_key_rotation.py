"""How far a rotation of keys is; a certificate of a release may be sealed anew, and change in nothing else."""

import sqlalchemy as sa
from alembic import op

from caseapp.models.ddl import freeze, freeze_but, thaw

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, and one trigger that says less."""
    op.create_table(
        "key_rotation",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("of_table", sa.String(length=60), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_rotation")),
        sa.UniqueConstraint("kind", "mark", "of_table", name=op.f("uq_key_rotation_kind_mark_of_table")),
    )
    freeze_but(op.get_bind(), "stat_certificate", ("release_id", "sha256"))


def downgrade() -> None:
    """As it was."""
    thaw(op.get_bind(), ("stat_certificate",))
    freeze(op.get_bind(), ("stat_certificate",))
    op.drop_table("key_rotation")
