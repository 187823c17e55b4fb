"""Child welfare: a child with cases; a report and who was told, in a case it restricted; care and contacts."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details import children as m
from tests import rows
from tests.cast import Cast
from tests.laid import own
from tests.laid.added import added

REPORT = ("answer", "close_report", "evidence", "facts", "outcome", "print_report", "report", "safety", "tell", "void_report")


def lay(session: Session, cast: Cast, place: str, of: c.Client, stages: tuple[str, ...]) -> own.Own:
    """Of a child at the station of the person, the same worker's."""
    station = next(name for name, path in cast.paths.items() if path == of.station_path)
    facts = {"worker_id": of.worker_id, "klass": "P3" if of.klass == "P3" else "minor", "birth_on": date(2015, 3, 2)}
    child = rows.client(session, cast, station, f"{place} child", **facts)
    alone = rows.client(session, cast, station, f"{place} caseless child", **facts)
    grown = rows.client(session, cast, station, f"{place} grown child", **facts | {"birth_on": date(2012, 3, 2)})
    adult = rows.client(session, cast, station, f"{place} child of age", **facts | {"birth_on": date(2008, 3, 2)})
    found = own.lay(session, cast, child, "children", _detail, "child_guardianship", stages)
    found.apart["new_delegation"] = own.opened(session, grown, "children", _detail()).id  # one at a time
    found.closed = frozenset({*REPORT, "void_told"})
    case = session.get_one(c.Case, found.cases["serving"])
    found.ids |= {"caseless_id": alone.id, "row_id": _delegation(session, case), "care_contact_id": _contact(session, case)}
    found.ids |= {"grown_id": _signed_for(session, grown), "adult_id": adult.id}
    shut = own.opened(session, child, "children", _detail(), klass="P3")
    found.ids |= _report(session, shut) | {"decided_id": _report(session, shut, "home_watched")["report_id"]}
    return found


def _detail() -> m.ChildrenDetail:
    """The father works elsewhere."""
    detail = m.ChildrenDetail(father_state="away_work", mother_state="at_home", guardian="parents", carer="mother")
    detail.needs = "Nobody helps with school"
    return detail


def _signed_for(session: Session, child: c.Client) -> UUID:
    """The child is old enough to be asked, and only the guardian was."""
    consent = c.Consent(client_id=child.id, basis="consent", text_version="1", language="zh", scopes=["service"])
    consent.signer, consent.signed_on, consent.created_at = "guardian", date(2026, 1, 5), clock.now()
    added(session, consent, child)
    return child.id


def _delegation(session: Session, case: c.Case) -> UUID:
    row = m.ChildrenDelegation(case_id=case.id, client_id=case.client_id, given_by="father", relation="grandmother")
    row.birth_year, row.reason, row.from_on, row.to_on = 1970, "work", date(2026, 1, 5), date(2030, 1, 5)
    row.delegate_name, row.created_at = "Grandmother Li", clock.now()
    return added(session, row, case)


def _contact(session: Session, case: c.Case) -> UUID:
    row = m.ChildrenContact(case_id=case.id, client_id=case.client_id, happened_on=clock.today(), who="father", how="phone")
    row.created_at = clock.now()
    return added(session, row, case)


def _report(session: Session, case: c.Case, outcome: str | None = None) -> dict[str, UUID]:
    """A report that is open, with the police told, and what the authority decided if it did."""
    now = clock.now()
    found, told = now - timedelta(hours=2), now - timedelta(hours=1)
    report = m.ChildrenReport(case_id=case.id, client_id=case.client_id, station_id=case.station_id, author_id=case.worker_id)
    report.report_no, report.state, report.situation = f"MR-{uuid7().hex[-8:]}", "open", "unattended"
    report.class_before, report.found_at, report.created_at, report.created_by_id = "minor", found, now, case.worker_id
    report.reported_at, report.minutes, report.police_told_on = told, 60, clock.local(told).date()
    report.sentence = "Alone since yesterday"
    if outcome:
        report.outcome, report.outcome_on = outcome, clock.today()
    ids = {"report_id": added(session, report, case)}
    entry = m.ChildrenTold(report_id=report.id, author_id=case.worker_id, whom="police_110", told_at=told, created_at=now)
    return ids | {"told_id": added(session, entry, case)}
