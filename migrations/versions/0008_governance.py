"""Community governance: details of cases, projects and what is delivered, surveys, residents' requests, meetings, partners."""

from alembic import op
import sqlalchemy as sa


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "governance_partner",
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("offers", sa.String(length=200), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "station_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_governance_partner_created_by_id")),
        sa.ForeignKeyConstraint(["station_id"], ["organisation.id"], name=op.f("fk_governance_partner_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_partner")),
    )
    op.create_index(op.f("ix_governance_partner_file_id"), "governance_partner", ["file_id"], unique=False)
    op.create_index("ix_governance_partner_station_id_kind", "governance_partner", ["station_id", "kind", "id"], unique=False)
    op.create_index("ix_governance_partner_station_path", "governance_partner", ["station_path"], unique=False)
    op.create_table(
        "governance_survey",
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("division_code", sa.String(length=12), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("methods", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sample", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("report_enc", sa.LargeBinary(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "station_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_governance_survey_created_by_id")),
        sa.ForeignKeyConstraint(["station_id"], ["organisation.id"], name=op.f("fk_governance_survey_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_survey")),
    )
    op.create_index(op.f("ix_governance_survey_file_id"), "governance_survey", ["file_id"], unique=False)
    op.create_index("ix_governance_survey_station_id_from_on", "governance_survey", ["station_id", "from_on", "id"], unique=False)
    op.create_index(
        "ix_governance_survey_station_path_from_on", "governance_survey", ["station_path", "from_on", "id"], unique=False
    )
    op.create_table(
        "governance_finding",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("need", sa.String(length=200), nullable=False),
        sa.Column("item", sa.String(length=10), nullable=False),
        sa.Column("said", sa.Integer(), nullable=True),
        sa.Column("urgency", sa.String(length=12), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "station_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["governance_survey.id"], name=op.f("fk_governance_finding_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_finding")),
    )
    op.create_index(op.f("ix_governance_finding_file_id"), "governance_finding", ["file_id"], unique=False)
    op.create_index("ix_governance_finding_survey_id_position", "governance_finding", ["survey_id", "position"], unique=False)
    op.create_table(
        "governance_detail",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("matters", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.Column("needs_enc", sa.LargeBinary(), nullable=True),
        sa.Column("strengths_enc", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "station_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_governance_detail_case_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_governance_detail_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_detail")),
        sa.UniqueConstraint("case_id", name=op.f("uq_governance_detail_case_id")),
    )
    op.create_index(op.f("ix_governance_detail_file_id"), "governance_detail", ["file_id"], unique=False)
    op.create_table(
        "governance_meeting",
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("division_code", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("called_by", sa.String(length=20), nullable=False),
        sa.Column("present", sa.SmallInteger(), nullable=False),
        sa.Column("matters", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("decided_enc", sa.LargeBinary(), nullable=True),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("followed_on", sa.Date(), nullable=True),
        sa.Column("followed_enc", sa.LargeBinary(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "station_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_governance_meeting_case_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_governance_meeting_created_by_id")),
        sa.ForeignKeyConstraint(["station_id"], ["organisation.id"], name=op.f("fk_governance_meeting_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_meeting")),
    )
    op.create_index(op.f("ix_governance_meeting_case_id"), "governance_meeting", ["case_id"], unique=False)
    op.create_index(op.f("ix_governance_meeting_file_id"), "governance_meeting", ["file_id"], unique=False)
    op.create_index(
        "ix_governance_meeting_station_id_happened_on", "governance_meeting", ["station_id", "happened_on", "id"], unique=False
    )
    op.create_index(
        "ix_governance_meeting_station_path_happened_on",
        "governance_meeting",
        ["station_path", "happened_on", "id"],
        unique=False,
    )
    op.create_table(
        "governance_project",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=True),
        sa.Column("for_whom", sa.String(length=200), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("target_times", sa.SmallInteger(), nullable=True),
        sa.Column("target_attendances", sa.Integer(), nullable=True),
        sa.Column("target_persons", sa.Integer(), nullable=True),
        sa.Column("budget", sa.Integer(), nullable=True),
        sa.Column("budget_source", sa.String(length=20), nullable=True),
        sa.Column("budget_note", sa.String(length=200), nullable=True),
        sa.Column("partner_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("steps_enc", sa.LargeBinary(), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("reached", sa.String(length=12), nullable=True),
        sa.Column("result_enc", sa.LargeBinary(), nullable=True),
        sa.Column("lessons_enc", sa.LargeBinary(), nullable=True),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "station_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_governance_project_case_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_governance_project_created_by_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["governance_survey.id"], name=op.f("fk_governance_project_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_project")),
        sa.UniqueConstraint("case_id", name=op.f("uq_governance_project_case_id")),
    )
    op.create_index(op.f("ix_governance_project_file_id"), "governance_project", ["file_id"], unique=False)
    op.create_index(op.f("ix_governance_project_survey_id"), "governance_project", ["survey_id"], unique=False)
    op.create_table(
        "governance_request",
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("matters", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("division_code", sa.String(length=12), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("contact_enc", sa.LargeBinary(), nullable=True),
        sa.Column("what_enc", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("handed_to", sa.String(length=20), nullable=True),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("handed_note_enc", sa.LargeBinary(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_how", sa.String(length=12), nullable=True),
        sa.Column("answer_enc", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("satisfied", sa.String(length=12), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "station_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_governance_request_case_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_governance_request_client_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_governance_request_created_by_id")),
        sa.ForeignKeyConstraint(["station_id"], ["organisation.id"], name=op.f("fk_governance_request_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_request")),
    )
    op.create_index(op.f("ix_governance_request_case_id"), "governance_request", ["case_id"], unique=False)
    op.create_index(op.f("ix_governance_request_client_id"), "governance_request", ["client_id"], unique=False)
    op.create_index(op.f("ix_governance_request_file_id"), "governance_request", ["file_id"], unique=False)
    op.create_index(
        "ix_governance_request_station_id_asked_on", "governance_request", ["station_id", "asked_on", "id"], unique=False
    )
    op.create_index(
        "ix_governance_request_station_id_state_due_on",
        "governance_request",
        ["station_id", "state", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_governance_request_station_path_due_on", "governance_request", ["station_path", "due_on", "id"], unique=False
    )
    op.create_table(
        "governance_delivery",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("persons", sa.SmallInteger(), nullable=True),
        sa.Column("parties", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("partner_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("volunteers", sa.SmallInteger(), nullable=True),
        sa.Column("volunteer_hours", sa.SmallInteger(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "station_path", sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["service_record.id"], name=op.f("fk_governance_delivery_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_delivery")),
        sa.UniqueConstraint("record_id", name=op.f("uq_governance_delivery_record_id")),
    )
    op.create_index(op.f("ix_governance_delivery_file_id"), "governance_delivery", ["file_id"], unique=False)


def downgrade() -> None:
    op.drop_table("governance_delivery")
    op.drop_table("governance_request")
    op.drop_table("governance_project")
    op.drop_table("governance_meeting")
    op.drop_table("governance_detail")
    op.drop_table("governance_finding")
    op.drop_table("governance_survey")
    op.drop_table("governance_partner")
