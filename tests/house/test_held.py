"""No column that says whose something is can be forgotten when somebody leaves: every one of them is accounted for."""

from typing import Any

import sqlalchemy as sa

from caseapp.extensions import db
from caseapp.services.casework.handovers import leaving

MEANINGS = {"responsible", "promised", "did"}
# what is promised to somebody by a row that waits or runs: `leaving` ends these
PROMISED = {"handover_item.from_id", "handover_item.to_id", "cover.absent_id", "cover.cover_id"}
# of an account: it ends with the account or the role; what lies open on files and notes ends with who leaves
OF_ACCOUNTS = {
    "api_token.user_id",
    "audit_entry.user_id",
    "audit_review.user_id",
    "audit_seen.user_id",
    "credential.user_id",
    "draft.user_id",
    "file_access.user_id",
    "former_password.user_id",
    "grant.user_id",
    "asked_act.about_user_id",
    "half_sign_in.user_id",
    "one_time_code.user_id",
    "recovery_code.user_id",
    "second_factor.user_id",
    "saved_filter.user_id",
    "stat_export.user_id",
    "stat_question.user_id",
    "stored_result.user_id",
    "user_session.user_id",
}


def columns() -> dict[str, Any]:
    """Every column of every mapped table that may hold the id of a user: typed as an id, naming no other table."""
    found = {}
    for mapper in db.Model.registry.mappers:
        for column in mapper.local_table.columns:
            if not isinstance(column.type, sa.Uuid):
                continue
            named = {key.column.table.name for key in column.foreign_keys}
            if named <= {"user"}:
                found[f"{mapper.local_table.name}.{column.name}"] = column
    return found


# ids without a foreign key that name no user: sessions, households, records, places
NO_USER = {
    "asked_act.subject_id",
    "audit_entry.grant_id",
    "audit_entry.session_id",
    "audit_number.entry_id",
    "audit_waiting.entry_id",
    "client.household_id",
    "client.merged_into_id",
    "means_sheet.copied_from_id",
    "job.subject_id",
    "key_rotation.last_id",
    "referral.to_case_id",
    "stat_fact.station_id",
    "station_match.pair_id",
    "user.employer_id",
    "visit.moved_from_id",
    "visit.round_id",
}


def means(column: Any) -> str | None:
    """What a column that names a user means: said beside it, or by its name."""
    said: str | None = column.info.get("user")
    return said or ("did" if column.name.endswith("by_id") else None)


def test_every_column_that_names_a_user_says_what_it_means() -> None:
    silent = {name for name, column in columns().items() if means(column) is None}
    silent = {name for name in silent if not name.endswith((".id", ".file_id"))}
    assert silent - OF_ACCOUNTS == NO_USER, "say whose(…) at the column, or name it above"
    assert {means(column) for column in columns().values()} - {None} == MEANINGS


def test_every_column_of_who_is_responsible_is_handed_over() -> None:
    wanted = {name for name, column in columns().items() if means(column) == "responsible"}
    covered = {f"{part.model.__tablename__}.{part.column}" for part in leaving.parts()}
    assert covered == wanted, "a part in queries/casework/held.py, or in `held` of the domain"
    assert {name for name, column in columns().items() if means(column) == "promised"} == PROMISED
    codes = [part.code for part in leaving.parts()]
    assert len(codes) == len(set(codes))
    assert {part.along for part in leaving.parts()} - {None} <= set(codes)
