"""Mandatory reports: one, those of a case, the ledger, what is still open in one, and whether a case has one."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp import reference
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.details.children import ChildrenReport, ChildrenTold
from caseapp.queries.paging import LIMIT, page

SIDES = ("police", "civil")  # whose answers a report waits for


@dataclass(frozen=True)
class Step:
    """One step of a report: its code, whether it is done, and since when where that is known."""

    code: str
    is_done: bool
    on: date | None = None


def one(report_id: UUID) -> ChildrenReport:
    """One report in sight; NotFound otherwise."""
    found: ChildrenReport | None = db.session.scalar(select(ChildrenReport).where(ChildrenReport.id == report_id))
    if found is None:
        raise NotFound()
    return found


def told(report: ChildrenReport) -> list[ChildrenTold]:
    """Who was told, in the order of time; voided ones too."""
    query = select(ChildrenTold).where(ChildrenTold.report_id == report.id)
    return list(db.session.scalars(query.order_by(ChildrenTold.told_at, ChildrenTold.id).limit(200)))


def one_told(told_id: UUID, report: ChildrenReport) -> ChildrenTold:
    """One of them; NotFound when it is another report's."""
    query = select(ChildrenTold).where(ChildrenTold.id == told_id, ChildrenTold.report_id == report.id)
    found: ChildrenTold | None = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def of_case(case_id: UUID) -> list[ChildrenReport]:
    """The reports of a case, the latest first."""
    query = select(ChildrenReport).where(ChildrenReport.case_id == case_id)
    return list(db.session.scalars(query.order_by(ChildrenReport.found_at.desc(), ChildrenReport.id.desc()).limit(50)))


def is_reported(case: Case) -> bool:
    """Whether a report that was not voided lies in the case."""
    query = select(ChildrenReport.id).where(ChildrenReport.case_id == case.id, ChildrenReport.state != "void").limit(1)
    return db.session.scalar(query) is not None


def is_open(case: Case) -> bool:
    """Whether one of its reports is still open."""
    query = select(ChildrenReport.id).where(ChildrenReport.case_id == case.id, ChildrenReport.state == "open").limit(1)
    return db.session.scalar(query) is not None


def listed(state: str | None, cursor: str | None = None, limit: int = LIMIT) -> Page[ChildrenReport]:
    """A page of the reports in sight, the latest found first."""
    query = select(ChildrenReport)
    if state:
        query = query.where(ChildrenReport.state == state)
    return page(db.session, query, [ChildrenReport.found_at, ChildrenReport.id], cursor, limit, descending=True)


def people(rows: list[ChildrenReport]) -> tuple[dict[UUID, Client], dict[UUID, Case]]:
    """The children and the cases of some reports, as far as they are in sight."""
    if not rows:
        return {}, {}
    clients = select(Client).where(Client.id.in_(sorted({row.client_id for row in rows})))
    cases = select(Case).where(Case.id.in_(sorted({row.case_id for row in rows})))
    return {c.id: c for c in db.session.scalars(clients)}, {c.id: c for c in db.session.scalars(cases)}


def case_of(report: ChildrenReport) -> Case | None:
    """The case it lies in, where that is open to the reader."""
    found: Case | None = db.session.scalar(select(Case).where(Case.id == report.case_id))
    return found


def steps(report: ChildrenReport) -> list[Step]:
    """The steps of a report in the order in which they are gone."""
    is_safe = report.place is not None and report.place not in reference.codes("children_where").having("danger")
    return [
        Step("safety", is_safe),
        Step("tell_police", report.police_told_on is not None, report.police_told_on),
        Step("tell_civil", report.civil_told_on is not None, report.civil_told_on),
        Step("facts", report.seen is not None),
        Step("evidence", bool(report.evidence)),
        Step("answer_police", report.police_answered_on is not None, report.police_answered_on),
        Step("answer_civil", report.civil_answered_on is not None, report.civil_answered_on),
        Step("outcome", report.outcome is not None, report.outcome_on),
        Step("close", report.state == "closed"),
    ]


def next_step(report: ChildrenReport) -> str | None:
    """What comes next in an open report."""
    if report.state != "open":
        return None
    return next((step.code for step in steps(report) if not step.is_done), None)


def side_of(whom: str) -> str:
    """Whose answer it is: police, civil, other, inside."""
    entry = reference.codes("children_told").get(whom)
    return str(entry.facts.get("side", "other")) if entry is not None else "other"


def is_authority(whom: str) -> bool:
    """Whether telling them counts as the report."""
    entry = reference.codes("children_told").get(whom)
    return entry is not None and bool(entry.facts.get("authority"))


def same_name(name: str, before: Client) -> list[Client]:
    """Other persons of that name in sight who are under age: told after a child was put on file in a hurry."""
    query = select(Client).where(Client.name == name, Client.id != before.id, Client.klass == "minor", Client.state == "on_file")
    return list(db.session.scalars(query.order_by(Client.id).limit(3)))


__all__: list[Any] = [
    "SIDES",
    "Step",
    "case_of",
    "is_authority",
    "is_open",
    "is_reported",
    "listed",
    "next_step",
    "of_case",
    "one",
    "one_told",
    "people",
    "same_name",
    "side_of",
    "steps",
    "told",
]
