"""One human in two records: matches across stations, records joined and pairs that are two people; the phone of a station."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PATH = sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql")
AT = sa.DateTime(timezone=True)


def of_person() -> list[sa.Column]:
    """Where a row of a person lies."""
    return [
        sa.Column("station_path", PATH, nullable=False),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
    ]


def client_key(table: str, name: str) -> list[sa.schema.SchemaItem]:
    """A column that names a record."""
    return [
        sa.Column(name, sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint([name], ["client.id"], name=op.f(f"fk_{table}_{name}")),
    ]


def upgrade() -> None:
    """Three tables, two columns, one index."""
    op.create_table(
        "station_match",
        sa.Column("id", sa.Uuid(), nullable=False),
        *client_key("station_match", "client_id"),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("other_station_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", AT, nullable=False),
        sa.Column("asked_here", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("other_state", sa.String(length=12), nullable=False),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *of_person(),
        sa.ForeignKeyConstraint(["other_station_id"], ["organisation.id"], name=op.f("fk_station_match_other_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_match")),
        sa.UniqueConstraint("pair_id", "client_id", name=op.f("uq_station_match_pair_id_client_id")),
    )
    op.create_index("ix_station_match_client_id", "station_match", ["client_id"])
    op.create_index("ix_station_match_file_id", "station_match", ["file_id"])
    op.create_index("ix_station_match_station_path_state", "station_match", ["station_path", "state", "found_at"])
    op.create_table(
        "client_apart",
        sa.Column("id", sa.Uuid(), nullable=False),
        *client_key("client_apart", "one_id"),
        *client_key("client_apart", "other_id"),
        sa.Column("said_at", AT, nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=True),
        *of_person(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_apart")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_client_apart_one_id_other_id")),
    )
    op.create_index("ix_client_apart_other_id", "client_apart", ["other_id"])
    op.create_index("ix_client_apart_file_id", "client_apart", ["file_id"])
    op.create_table(
        "client_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        *client_key("client_merge", "kept_id"),
        *client_key("client_merge", "gone_id"),
        *client_key("client_merge", "leads_to_id"),
        sa.Column("gone_file_no", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("undo_until", sa.Date(), nullable=False),
        sa.Column("undone_at", AT, nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("images_enc", sa.LargeBinary(), nullable=True),
        *of_person(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_merge")),
    )
    for name, columns in {
        "ix_client_merge_kept_id": ["kept_id"],
        "ix_client_merge_gone_id": ["gone_id"],
        "ix_client_merge_file_id": ["file_id"],
        "ix_client_merge_gone_file_no_station_path": ["gone_file_no", "station_path"],
        "ix_client_merge_station_path_made_at": ["station_path", "made_at", "id"],
    }.items():
        op.create_index(name, "client_merge", columns)
    with op.batch_alter_table("client") as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_index("ix_client_station_id_birth_on", "client", ["station_id", "birth_on"])
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=20), nullable=True))


def downgrade() -> None:
    """The way back."""
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_column("phone")
    op.drop_index("ix_client_station_id_birth_on", table_name="client")
    with op.batch_alter_table("client") as batch_op:
        batch_op.drop_column("merged_into_id")
    for table in ("client_merge", "client_apart", "station_match"):
        op.drop_table(table)
