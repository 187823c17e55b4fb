"""Reading assessments: one, a file's list, the last confirmed one of a person."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Assessment, CaseEvent


def one(assessment_id: UUID, case_id: UUID | None = None) -> Assessment:
    """One assessment, of the case if one is named; NotFound otherwise."""
    found = db.session.get(Assessment, assessment_id)
    if found is None or (case_id is not None and found.case_id != case_id):
        raise NotFound()
    return found


def of_case(case_id: UUID) -> list[Assessment]:
    """A case's assessments, the newest first, voided ones included."""
    query = select(Assessment).where(Assessment.case_id == case_id)
    return list(db.session.scalars(query.order_by(Assessment.assessed_on.desc(), Assessment.id.desc()).limit(50)))


def latest(client_id: UUID, instrument: str, *, before: Assessment | None = None) -> Assessment | None:
    """The last complete, not voided one of a person; the one before another if that is given."""
    query = select(Assessment).where(
        Assessment.client_id == client_id,
        Assessment.instrument == instrument,
        Assessment.state == "complete",
        Assessment.voided_at.is_(None),
    )
    if before is not None:
        query = query.where(Assessment.id != before.id, Assessment.assessed_on <= before.assessed_on)
    order = (Assessment.assessed_on.desc(), Assessment.id.desc())
    return db.session.scalars(query.order_by(*order).limit(1)).first()


def latest_two(client_id: UUID, instruments: Sequence[str]) -> dict[str, list[Assessment]]:
    """The last complete assessment by each of some instruments, and the one before it: one statement."""
    number = func.row_number().over(
        partition_by=Assessment.instrument, order_by=[Assessment.assessed_on.desc(), Assessment.id.desc()]
    )
    counted = (
        select(Assessment.id, number.label("number"))
        .where(
            Assessment.client_id == client_id,
            Assessment.instrument.in_(instruments),
            Assessment.state == "complete",
            Assessment.voided_at.is_(None),
        )
        .subquery()
    )
    query = select(Assessment).join(counted, counted.c.id == Assessment.id).where(counted.c.number <= 2)
    found: dict[str, list[Assessment]] = {}
    for row in db.session.scalars(query.order_by(Assessment.assessed_on.desc(), Assessment.id.desc())):
        found.setdefault(row.instrument, []).append(row)
    return found


def confirmed_level(client_id: UUID, instrument: str) -> str | None:
    """The confirmed level of the last assessment that has one."""
    query = select(Assessment.level).where(
        Assessment.client_id == client_id,
        Assessment.instrument == instrument,
        Assessment.level.is_not(None),
        Assessment.voided_at.is_(None),
    )
    return db.session.scalars(query.order_by(Assessment.assessed_on.desc(), Assessment.id.desc()).limit(1)).first()


def steps_of(row: Assessment) -> list[CaseEvent]:
    """The protocol steps noted for a result, in the order in which they were written."""
    if row.case_id is None:
        return []
    query = select(CaseEvent).where(CaseEvent.case_id == row.case_id, CaseEvent.step == "protocol_step")
    found = db.session.scalars(query.order_by(CaseEvent.at, CaseEvent.id).limit(500))
    return [event for event in found if (event.facts or {}).get("result") == str(row.id)]


def begun(case_id: UUID, instrument: str) -> Assessment | None:
    """The unfinished one of a case, so that it goes on instead of starting twice."""
    query = select(Assessment).where(
        Assessment.case_id == case_id, Assessment.instrument == instrument, Assessment.state == "partial"
    )
    return db.session.scalars(query.where(Assessment.voided_at.is_(None)).limit(1)).first()
