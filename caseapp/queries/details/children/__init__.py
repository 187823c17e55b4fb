"""Reading what a children's case keeps: care and safety, mandatory reports, duties; and what its partials show."""

from typing import Any

from caseapp.models.casework import Case
from caseapp.queries.details.children import care, reports


def facts(case: Case) -> dict[str, Any]:
    """What the partials of the case file show."""
    return {
        "reports": reports.of_case(case.id),
        "delegation": care.current(case.id),
        "last_contact": care.last_contact(case.id),
        "last_check": care.last_check(case.id),
        "contact_late": care.contact_late,
    }
