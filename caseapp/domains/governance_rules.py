"""What a community project asks for before a step: a design with targets and steps, and in the end a result against them."""

from typing import Any

from caseapp.core.text import _l
from caseapp.models.casework import Case
from caseapp.queries.details.governance import projects


def project_designed(case: Case) -> Any:
    """A project that was begun needs targets and at least one step before it is delivered; a case without one needs none."""
    found = projects.of_case(case)
    if found is None or (found.steps and any((found.target_times, found.target_attendances, found.target_persons))):
        return None
    return _l("The project sheet needs a target and at least one step first.")


def project_result(case: Case) -> Any:
    """A project ends with its result."""
    found = projects.of_case(case)
    return _l("The result of the project must be written down first.") if found is not None and not found.reached else None
