"""Referrals: the line, the sender's wish, the packet and the notes between; the register of outside bodies."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Five tables."""
    op.create_table(
        "outside_body",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("contact", sa.String(length=60), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_outside_body_created_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_outside_body_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_body")),
    )
    with op.batch_alter_table("outside_body", schema=None) as batch_op:
        batch_op.create_index("ix_outside_body_path_name", ["path", "name"], unique=False)

    op.create_table(
        "referral",
        sa.Column("referral_no", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("urgency", sa.String(length=12), nullable=False),
        sa.Column("from_station_id", sa.Uuid(), nullable=False),
        sa.Column("to_station_id", sa.Uuid(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("to_domain", sa.String(length=20), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("chased", sa.SmallInteger(), nullable=False),
        sa.Column("stand_in_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("reject_reason", sa.String(length=20), nullable=True),
        sa.Column("to_client_id", sa.Uuid(), nullable=True),
        sa.Column("to_case_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_to_go", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "from_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "to_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("assigned_to_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["outside_body.id"], name=op.f("fk_referral_body_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_referral_created_by_id")),
        sa.ForeignKeyConstraint(["from_station_id"], ["organisation.id"], name=op.f("fk_referral_from_station_id")),
        sa.ForeignKeyConstraint(["to_client_id"], ["client.id"], name=op.f("fk_referral_to_client_id")),
        sa.ForeignKeyConstraint(["to_station_id"], ["organisation.id"], name=op.f("fk_referral_to_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("from_station_id", "referral_no", name=op.f("uq_referral_from_station_id_referral_no")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_file_id"), ["file_id"], unique=False)
        batch_op.create_index("ix_referral_from_path_status", ["from_path", "status"], unique=False)
        batch_op.create_index("ix_referral_from_station_id", ["from_station_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_to_client_id"), ["to_client_id"], unique=False)
        batch_op.create_index("ix_referral_to_path_status", ["to_path", "status"], unique=False)
        batch_op.create_index("ix_referral_to_station_id", ["to_station_id", "id"], unique=False)

    op.create_table(
        "referral_note",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("by_receiver", sa.Boolean(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=True),
        sa.Column("text_enc", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "from_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "to_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("assigned_to_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_note_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_note")),
    )
    with op.batch_alter_table("referral_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_note_file_id"), ["file_id"], unique=False)
        batch_op.create_index("ix_referral_note_referral_id_at", ["referral_id", "at"], unique=False)

    op.create_table(
        "referral_packet",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("schema_version", sa.SmallInteger(), nullable=False),
        sa.Column("content_enc", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "from_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "to_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("assigned_to_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_packet_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_packet")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_referral_packet_referral_id")),
    )
    with op.batch_alter_table("referral_packet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_packet_file_id"), ["file_id"], unique=False)

    op.create_table(
        "referral_request",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("need_enc", sa.LargeBinary(), nullable=True),
        sa.Column("papers", sa.String(length=300), nullable=True),
        sa.Column("sections", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("signer", sa.String(length=12), nullable=False),
        sa.Column("signer_name_enc", sa.LargeBinary(), nullable=True),
        sa.Column("signer_relation", sa.String(length=20), nullable=True),
        sa.Column("child_heard", sa.Boolean(), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("paper_place", sa.String(length=120), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("case_goes", sa.Boolean(), nullable=False),
        sa.Column("moves", sa.Boolean(), nullable=False),
        sa.Column("confirmed_digest", sa.String(length=64), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "station_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_referral_request_case_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_referral_request_client_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_referral_request_created_by_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_request_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_request")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_referral_request_referral_id")),
    )
    with op.batch_alter_table("referral_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_request_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_request_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_request_file_id"), ["file_id"], unique=False)


def downgrade() -> None:
    """None of them."""
    with op.batch_alter_table("referral_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_request_file_id"))
        batch_op.drop_index(batch_op.f("ix_referral_request_client_id"))
        batch_op.drop_index(batch_op.f("ix_referral_request_case_id"))

    op.drop_table("referral_request")
    with op.batch_alter_table("referral_packet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_packet_file_id"))

    op.drop_table("referral_packet")
    with op.batch_alter_table("referral_note", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_note_referral_id_at")
        batch_op.drop_index(batch_op.f("ix_referral_note_file_id"))

    op.drop_table("referral_note")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_to_station_id")
        batch_op.drop_index("ix_referral_to_path_status")
        batch_op.drop_index("ix_referral_from_station_id")
        batch_op.drop_index("ix_referral_from_path_status")
        batch_op.drop_index(batch_op.f("ix_referral_file_id"))
        batch_op.drop_index(batch_op.f("ix_referral_body_id"))

    op.drop_table("referral")
    with op.batch_alter_table("outside_body", schema=None) as batch_op:
        batch_op.drop_index("ix_outside_body_path_name")

    op.drop_table("outside_body")
