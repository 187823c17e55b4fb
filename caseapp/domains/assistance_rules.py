"""What an assistance case asks for before a step, and what it leaves when it is opened with something missing today."""

from collections.abc import Callable
from typing import Any

from caseapp import reference
from caseapp.core import clock, dates
from caseapp.core.text import _l
from caseapp.models.casework import Case
from caseapp.models.details.assistance import AssistanceDetail
from caseapp.queries.casework import cases
from caseapp.queries.details.assistance import aid, sheets
from caseapp.queries.details.assistance.family import of_case
from caseapp.queries.organisation import settings


def means_sheet(case: Case) -> Any:
    """Where the matter needs it, a means sheet of this family, finished by two staff and not too old (S-3.4: evidence only)."""
    detail = cases.detail_of(case, AssistanceDetail)
    if detail is None or detail.matter is None:
        return _l("Say what the case is about first.")
    if detail.matter not in reference.codes("assistance_matter").having("needs_sheet"):
        return None
    last = sheets.last_enquired_on(of_case(case))
    if last is not None:
        months = settings.At(case.station_path)["assistance.sheet_valid_months"]
        if last >= dates.add_months(clock.today(), -months):
            return None
    return _l("A family means sheet finished by two staff must be there first.")


def applications_answered(case: Case) -> Any:
    """Nothing the station helped to apply for is left without its end."""
    if aid.has_open_request(case):
        return _l("An application still waits for its answer. Record the answer, or that it was withdrawn.")
    return None


def opened(case: Case, promise: Callable[..., Any]) -> None:
    """Something is missing today: the responsible worker sees to it the same day, and the head knows."""
    detail = cases.detail_of(case, AssistanceDetail)
    if detail is None or not detail.urgent_needs:
        return
    promise("urgent_relief", clock.today(), user_id=case.worker_id)
    if case.urgency != "crisis":  # a crisis has paged the head already
        promise("urgent_relief", clock.today(), for_role="station_head")
