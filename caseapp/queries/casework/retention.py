"""How long a case file is kept (domain handbook 5.6): settings of the station, counted from the day of closing."""

from datetime import date
from typing import Any

from caseapp.core import dates
from caseapp.models.casework import Case


def years(case: Case, at: Any) -> int:
    """Years a file of this class is kept, by the settings `at` its station."""
    names = {"P3": "retention.protection_years", "minor": "retention.minor_case_years"}
    return int(at[names.get(case.klass, "retention.adult_case_years")])


def keep_until(case: Case, at: Any) -> date | None:
    """The last day a closed file is kept, a minor's counted from the eighteenth birthday; None while it is open."""
    if case.closed_on is None:
        return None
    begins = case.closed_on
    if case.klass == "minor" and case.client is not None and case.client.birth_on is not None:
        begins = max(begins, dates.birthday(case.client.birth_on, 18))
    return dates.add_months(begins, 12 * years(case, at))
