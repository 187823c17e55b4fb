"""Rows of the work with children for tests: a child of a station with a case, a report, who was told, care and safety."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from caseapp.core import clock
from caseapp.models.details.children import ChildrenDelegation, ChildrenReport, ChildrenTold
from tests import rows


def child(session: Any, cast: Any, station: str, name: str, worker: Any, years: int = 9, **more: Any) -> Any:
    """A child on file, of that age since a month ago."""
    today = clock.today()
    born = (today - timedelta(days=30)).replace(year=(today - timedelta(days=30)).year - years)
    return rows.client(
        session,
        cast,
        station,
        name,
        klass="minor",
        birth_on=born,
        worker_id=worker,
        **{"name_key": f"{name.lower()} {name}", **more},
    )


def case(session: Any, person: Any, worker: Any, **more: Any) -> Any:
    """A case of this domain, in service."""
    return rows.case(session, person, worker, **{"domain": "children", "status": "serving", "risk": "blue", **more})


def lay(session: Any, cast: Any, station: str, worker: Any) -> dict[str, UUID]:
    """Ids by argument name, of a child of a station whose case a report has restricted."""
    person = child(session, cast, station, f"child of {station}", worker)
    file = case(session, person, worker, klass="P3")
    report = ChildrenReport(
        id=uuid7(), author_id=worker, station_id=person.station_id, case_id=file.id, client_id=person.id, report_no=f"MR-{station}",
        state="open", situation="unattended", found_at=clock.now() - timedelta(hours=2), class_before="minor", created_at=clock.now(),
        created_by_id=worker,
    )  # fmt: skip
    report.sentence = "alone since yesterday"
    told = ChildrenTold(
        report_id=report.id, author_id=worker, whom="police_110", told_at=clock.now() - timedelta(hours=1), created_at=clock.now()
    )
    delegation = ChildrenDelegation(
        case_id=file.id, client_id=person.id, given_by="mother", relation="grandmother", birth_year=1970, reason="work",
        from_on=date(2026, 1, 5), to_on=date(2030, 1, 5), created_at=clock.now(),
    )  # fmt: skip
    delegation.delegate_name = "Grandmother Li"
    for row in (report, told, delegation):
        row.belongs_to(file)
        session.add(row)
        session.flush()
    return {"report_id": report.id, "told_id": told.id, "row_id": delegation.id}
