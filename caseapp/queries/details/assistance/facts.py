"""What the file of an assistance case shows beside the shared parts: three statements, whatever the family's history."""

from typing import Any

from caseapp.models.casework import Case
from caseapp.queries.details.assistance import aid, sheets
from caseapp.queries.details.assistance.family import of_case
from caseapp.queries.details.assistance.sums import Sums


def of(case: Case) -> dict[str, Any]:
    """Benefits, applications, and how the means stand: the last sheet that counts and one that is being filled in."""
    family = of_case(case)
    found = sheets.of_family(family)
    last = next((row for row in found if row.state == "finished"), None)
    return {
        "benefits": aid.benefits(family),
        "aid_requests": aid.requests(family),
        "means_last": last,
        "means_sums": Sums.read(last.totals) if last is not None else None,
        "means_begun": next((row for row in found if row.state == "draft" and row.case_id == case.id), None),
    }
