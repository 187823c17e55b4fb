"""What an elderly case does when something happens: the confirmed ability level stands with its detail."""

from typing import Any

from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.casework import Assessment, Case
from caseapp.models.details.elderly import ElderlyDetail


def assessed(case: Case, counting: Assessment | None) -> None:
    """Keeps care level and its day with the detail (GB/T 42195-2022); none when no confirmed assessment counts."""
    row: Any = db.session.query(ElderlyDetail).filter(ElderlyDetail.case_id == case.id).one_or_none()
    if row is None:
        row = ElderlyDetail(case_id=case.id, created_at=clock.now())
        row.belongs_to(case)
        db.session.add(row)
    row.care_level = counting.level if counting is not None else None
    row.care_level_on = counting.assessed_on if counting is not None else None
    row.updated_at = clock.now()
