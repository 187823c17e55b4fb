"""What a children's case asks for before a step, and what it does when guardianship was assessed."""

from datetime import date
from typing import Any

from caseapp.core import clock, dates
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Assessment, Case
from caseapp.models.details.children import ChildrenDetail
from caseapp.queries.casework import assessments, consents
from caseapp.queries.details.children import reports
from caseapp.queries.organisation import settings

INSTRUMENT = "child_guardianship"


def assessed(case: Case, counting: Assessment | None) -> None:
    """Keeps level and day with the detail; where guardianship is assessed in fixed months, the next of them is the day, unless
    the level asks for it in an earlier month."""
    row: Any = db.session.query(ChildrenDetail).filter(ChildrenDetail.case_id == case.id).one_or_none()
    if row is None:
        row = ChildrenDetail(case_id=case.id, created_at=clock.now())
        row.belongs_to(case)
        db.session.add(row)
    row.guardianship_level = counting.level if counting is not None else None
    row.guardianship_on = counting.assessed_on if counting is not None else None
    row.updated_at = clock.now()
    if counting is not None:
        months = settings.At(case.station_path)["children.reassess_in_months"]
        fixed = next_in(counting.assessed_on, months)
        if fixed is not None and (counting.due_on is None or fixed <= dates.month_end(counting.due_on)):
            counting.due_on = fixed


def next_in(day: date, months: list[int]) -> date | None:
    """The last day of the first of these months that begins after the day's own; None without fixed months."""
    for step in range(1, 13):
        there = dates.add_months(day.replace(day=1), step)
        if there.month in months:
            return dates.month_end(there)
    return None


def without_approval(case: Case) -> bool:
    """The file of a mandatory report closes first and is reviewed afterwards (contract.md section 2)."""
    return reports.is_reported(case)


def guardian_consent(case: Case) -> Any:
    """Under 14 a guardian must have agreed, where the ground is consent (PIPL art. 31)."""
    client = case.client
    if client is None or client.birth_on is None:
        return None
    held = consents.current(client.id)
    limit = settings.At(case.station_path)["client.guardian_consent_age"]
    if held is None or held.basis != "consent" or held.signer == "guardian":
        return None
    if dates.age_on(client.birth_on, clock.today()) >= limit:
        return None
    return _l("For a child under %(age)s a guardian must have agreed first.", age=limit)


def guardianship(case: Case) -> Any:
    """A confirmed guardianship assessment."""
    if case.client_id is None or assessments.confirmed_level(case.client_id, INSTRUMENT) is not None:
        return None
    return _l("A guardianship assessment with a confirmed level must be there first.")


def own_view(case: Case) -> Any:
    """From 8 years on the child itself was asked (未成年人保护法 art. 4(5))."""
    client = case.client
    if client is None or client.birth_on is None:
        return None
    limit = settings.At(case.station_path)["children.own_view_age"]
    if dates.age_on(client.birth_on, clock.today()) < limit:
        return None
    row: Any = db.session.query(ChildrenDetail.own_view_enc).filter(ChildrenDetail.case_id == case.id).one_or_none()
    return (
        None
        if row is not None and row[0]
        else _l("From %(age)s years on the child's own view must be written down first.", age=limit)
    )


def reports_closed(case: Case) -> Any:
    """No mandatory report is still open."""
    return _l("A mandatory report of this case is still open.") if reports.is_open(case) else None
