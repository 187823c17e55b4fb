"""Orders of lists by station, what there may be one of only, who wrote a plan, why a target group ended."""

from alembic import op
import sqlalchemy as sa


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = {  # table: {name: columns}
    "audit_entry": {"ix_audit_entry_at": ["at", "id"]},
    "case": {
        "ix_case_station_id_next_step_on": ["station_id", "next_step_on", "id"],
        "ix_case_station_id_stage_since": ["station_id", "stage_since", "id"],
        "ix_case_station_path_status": ["station_path", "status"],
        "ix_case_worker_id_next_step_on": ["worker_id", "next_step_on", "id"],
    },
    "client": {
        "ix_client_station_id_initials": ["station_id", "initials"],
        "ix_client_station_id_name_key": ["station_id", "name_key", "id"],
        "ix_client_station_id_next_visit_on": ["station_id", "next_visit_on", "id"],
    },
    "household": {
        "ix_household_station_id_name_key": ["station_id", "name_key", "id"],
        "ix_household_station_path": ["station_path"],
    },
    "review": {"ix_review_station_id_state_asked_at": ["station_id", "state", "asked_at", "id"]},
    "service_record": {"ix_service_record_station_id_happened_on": ["station_id", "happened_on", "id"]},
    "village_contact": {
        "ix_village_contact_station_id_division_code": ["station_id", "division_code", "id"],
        "ix_village_contact_station_path": ["station_path"],
    },
}
BEFORE = {
    "audit_entry": {"ix_audit_entry_station_path_at": ["station_path", "at"]},
    "case": {
        "ix_case_station_path_next_step_on": ["station_path", "next_step_on", "id"],
        "ix_case_station_path_status_next_step_on": ["station_path", "status", "next_step_on", "id"],
        "ix_case_worker_id_status_next_step_on": ["worker_id", "status", "next_step_on", "id"],
    },
    "client": {
        "ix_client_station_path_initials": ["station_path", "initials"],
        "ix_client_station_path_name_key": ["station_path", "name_key", "id"],
        "ix_client_station_path_next_visit_on": ["station_path", "next_visit_on", "id"],
    },
    "household": {"ix_household_station_path_name_key": ["station_path", "name_key", "id"]},
    "household_member": {"ix_household_member_client_id": ["client_id"]},
    "village_contact": {"ix_village_contact_station_path_division_code": ["station_path", "division_code"]},
}
LONGER = {  # the same name, one column more
    "ix_visit_person_client_id_happened_on": ["client_id", "happened_on"],
    "ix_visit_person_case_id_happened_on": ["case_id", "happened_on"],
}
ONLY = {  # at most one row where the condition holds
    "uq_assessment_begun": ("assessment", ["case_id", "instrument"], "state = 'partial' AND voided_at IS NULL"),
    "uq_enrolment_running": ("enrolment", ["client_id"], "to_on IS NULL"),
    "uq_review_waiting": ("review", ["case_id", "kind"], "state = 'open'"),
    "uq_target_tag_holding": (
        "target_tag",
        ["client_id", "code"],
        "to_on IS NULL AND status <> 'cancelled' AND case_id IS NULL",
    ),
}


def upgrade() -> None:
    for table, indexes in BEFORE.items():
        for name in indexes:
            op.drop_index(name, table_name=table)
    for name, columns in LONGER.items():
        op.drop_index(name, table_name="visit_person")
        op.create_index(name, "visit_person", [*columns, "visit_id"])
    with op.batch_alter_table("target_tag") as batch_op:
        batch_op.add_column(sa.Column("ended_reason", sa.String(length=120), nullable=True))
    with op.batch_alter_table("plan") as batch_op:
        batch_op.add_column(sa.Column("written_by", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("review") as batch_op:
        batch_op.add_column(sa.Column("station_id", sa.Uuid(), nullable=True))
    fill()
    with op.batch_alter_table("review") as batch_op:
        batch_op.alter_column("station_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.create_foreign_key("fk_review_station_id", "organisation", ["station_id"], ["id"])
    with op.batch_alter_table("household_member") as batch_op:
        batch_op.create_unique_constraint("uq_household_member_client_id", ["client_id"])
    for table, indexes in INDEXES.items():
        for name, columns in indexes.items():
            op.create_index(name, table, columns)
    op.drop_index("ix_target_tag_case_id", table_name="target_tag")
    some = sa.text("case_id IS NOT NULL")
    op.create_index("ix_target_tag_case_id", "target_tag", ["case_id"], sqlite_where=some, postgresql_where=some)
    for name, (table, columns, where) in ONLY.items():
        op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def fill() -> None:
    """Reviews learn their station from the case; plans who wrote them, as far as the row still says so."""
    review = sa.table("review", sa.column("case_id", sa.Uuid()), sa.column("station_id", sa.Uuid()))
    case = sa.table("case", sa.column("id", sa.Uuid()), sa.column("station_id", sa.Uuid()))
    station = sa.select(case.c.station_id).where(case.c.id == review.c.case_id).scalar_subquery()
    connection = op.get_bind()
    connection.execute(sa.update(review).values(station_id=station))
    writers = ("created_by_id", "updated_by_id")
    plan = sa.table(
        "plan", sa.column("id", sa.Uuid()), *(sa.column(name, sa.Uuid()) for name in writers), sa.column("written_by", sa.JSON())
    )
    for row in connection.execute(sa.select(plan.c.id, plan.c.created_by_id, plan.c.updated_by_id)).all():
        known = sorted({str(user) for user in row[1:] if user is not None})
        connection.execute(sa.update(plan).where(plan.c.id == row.id).values(written_by=known))


def downgrade() -> None:
    for name, (table, _columns, _where) in ONLY.items():
        op.drop_index(name, table_name=table)
    op.drop_index("ix_target_tag_case_id", table_name="target_tag")
    op.create_index("ix_target_tag_case_id", "target_tag", ["case_id"])
    for table, indexes in INDEXES.items():
        for name in indexes:
            op.drop_index(name, table_name=table)
    with op.batch_alter_table("household_member") as batch_op:
        batch_op.drop_constraint("uq_household_member_client_id", type_="unique")
    with op.batch_alter_table("review") as batch_op:
        batch_op.drop_constraint("fk_review_station_id", type_="foreignkey")
        batch_op.drop_column("station_id")
    with op.batch_alter_table("plan") as batch_op:
        batch_op.drop_column("written_by")
    with op.batch_alter_table("target_tag") as batch_op:
        batch_op.drop_column("ended_reason")
    for name, columns in LONGER.items():
        op.drop_index(name, table_name="visit_person")
        op.create_index(name, "visit_person", columns)
    for table, indexes in BEFORE.items():
        for name, columns in indexes.items():
            op.create_index(name, table, columns)
