"""Plain rows for tests that need some: written in a system session, so that rows of every station can be laid out."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp import reference
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models import trust as t
from tests.cast import Cast


def client(session: Session, cast: Cast, station: str, name: str, **more: Any) -> c.Client:
    """A person on file at a station with an open enrolment; class P2 unless said otherwise."""
    key = uuid7()
    values: dict[str, Any] = {
        "id": key,
        "file_id": key,
        "station_id": cast.places[station],
        "station_path": cast.paths[station],
        "klass": "P2",
        "file_no": f"{station[:2]}-{key.hex[-8:]}",
        "name": name,
        "name_key": name.lower(),
        "initials": name[:1].lower(),
        "sex": "2",
        "birth_on": date(1945, 3, 2),
        "residence_code": "222403101201",
        "created_at": clock.now(),
        **more,
    }
    row = c.Client(**values)
    session.add(row)
    session.flush()
    stay = c.Enrolment(
        client_id=row.id,
        organisation_id=row.station_id,
        from_on=date(2026, 1, 5),
        worker_id=row.worker_id,
        to_on=date(2026, 6, 30) if row.state == "ended" else None,
        end_reason="moved" if row.state == "ended" else None,
        created_at=clock.now(),
    )
    stay.belongs_to(row)
    session.add(stay)
    if row.worker_id and row.klass in ("P3", "minor"):
        assigned(session, row, row.worker_id)
    session.flush()
    return row


def case(session: Session, client_row: c.Client, worker: Any, **more: Any) -> c.Case:
    """An elderly case of a person."""
    key = uuid7()
    values: dict[str, Any] = {
        "id": key,
        "file_id": key,
        "station_id": client_row.station_id,
        "station_path": client_row.station_path,
        "klass": client_row.klass,
        "case_no": f"C-{key.hex[-8:]}",
        "domain": "elderly",
        "status": "assessing",
        "client_id": client_row.id,
        "worker_id": worker,
        "source": "visit",
        "found_on": date(2026, 8, 1),
        "opened_on": date(2026, 8, 3),
        "stage_since": date(2026, 8, 3),
        "created_at": clock.now(),
        **more,
    }
    row = c.Case(**values)
    session.add(row)
    session.flush()
    if row.klass in ("P3", "minor"):
        assigned(session, row, worker)
    return row


def assessment(session: Session, case_row: c.Case, instrument: str, answers: dict[str, int], **more: Any) -> c.Assessment:
    """A complete assessment of the person of a case, scored, not confirmed; of the instrument's class where it has one."""
    definition = reference.instrument(instrument)
    result = reference.score(definition, answers)
    values: dict[str, Any] = {
        "client_id": case_row.client_id,
        "case_id": case_row.id,
        "instrument": instrument,
        "instrument_version": definition.version,
        "reason": "first",
        "assessed_on": date(2026, 9, 1),
        "state": "complete",
        "total": None if definition.by_rules else result.total,
        "groups": dict(result.groups),
        "computed_level": result.computed_level,
        "created_at": clock.now(),
        **more,
    }
    row = c.Assessment(**values)
    row.answers = answers
    row.belongs_to(case_row)
    row.klass = definition.klass or case_row.klass
    session.add(row)
    session.flush()
    return row


def task(session: Session, case_row: c.Case, kind: str, user_id: Any, **more: Any) -> c.Task:
    """Something to be done about the person of a case, today."""
    row = c.Task(
        kind=kind,
        client_id=case_row.client_id,
        case_id=case_row.id,
        user_id=user_id,
        due_on=clock.today(),
        created_at=clock.now(),
        **more,
    )
    row.belongs_to(case_row)
    session.add(row)
    session.flush()
    return row


def assigned(session: Session, row: Any, user_id: Any, kind: str = "assigned") -> None:
    """Puts a user on a P3 or minor's file."""
    session.add(
        t.FileAccess(
            user_id=user_id,
            file_id=row.file_id,
            station_path=row.station_path,
            kind=kind,
            from_on=date(2026, 1, 1),
            made_at=clock.now(),
        )
    )
    session.flush()


def visit(session: Session, client_row: c.Client, worker: Any, on: date, outcome: str = "done", **more: Any) -> c.Visit:
    """A home visit of one person."""
    row = c.Visit(station_id=client_row.station_id, worker_id=worker, happened_on=on, kind="home", created_at=clock.now(), **more)
    row.belongs_to(client_row)
    session.add(row)
    session.flush()
    person = c.VisitPerson(visit_id=row.id, client_id=client_row.id, happened_on=on, outcome=outcome)
    person.belongs_to(client_row)
    session.add(person)
    session.flush()
    return row
