"""What the partials of a case file show beyond the shared parts: the project and how far it is."""

from typing import Any

from caseapp.models.casework import Case
from caseapp.queries.details.governance import projects


def facts(case: Case) -> dict[str, Any]:
    """Nothing for a person or household; for a community the project and what was delivered."""
    if case.subject_kind != "community":
        return {"project": None, "reached": None}
    return {"project": projects.of_case(case), "reached": projects.reached(case)}
