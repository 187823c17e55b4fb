"""What each domain counts of its own, laid by hand for the world of `test_golden.py`, and the figures reckoned on paper."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details.affairs import DisabilityNeed, NeedsLook
from caseapp.models.details.assistance import AidRequest
from caseapp.models.details.governance import GovernanceRequest
from tests.services.statistics.fixtures import Q3

EXPECTED = {
    "aid_requests": {"": (3, 1), "aid_answer=waiting": (2, 1), "aid_answer=given": (1, 1)},
    "resident_requests": {
        "": (4, 1),
        "answered=in_time": (1, 1),
        "answered=late": (1, 0),
        "answered=waiting": (1, 0),
        "answered=overdue": (1, 0),
        "satisfied=yes": (2, 1),
        "satisfied=not_asked": (2, 0),
    },
    "guardianship": {"": (1, 1), "guardianship=high": (1, 1)},
    "disability_needs": {"": (3, 1), "need=work": (2, 1), "need=legal": (1, 1)},
}
LAST = Q3.last_day
LATER = LAST + timedelta(days=1)


def lay(session: Any, people: dict[str, c.Client], cast: Any) -> None:
    """Rows of the five domains, in the quarter and just outside it, of the case that A opened on 3 August."""
    case = session.scalars(select(c.Case).where(c.Case.client_id == people["A"].id, c.Case.opened_on == date(2026, 8, 3))).one()
    _applications(session, case)
    _requests(session, people["A"], cast)
    _guardianship(session, people["B"])
    _needs(session, case)


def _applications(session: Any, case: c.Case) -> None:
    for handed_in, answered, state in (
        (Q3.first_day, LAST, "given"),
        (LAST, LATER, "refused"),  # answered in the next quarter: waiting
        (date(2026, 8, 1), date(2026, 8, 9), "more"),  # more is asked for: waiting
        (None, None, "preparing"),
        (LATER, None, "handed_in"),
    ):
        row = AidRequest(case_id=case.id, client_id=case.client_id, aid="dibao", state=state, created_at=clock.now())
        row.papers_wanted, row.papers_ready, row.handed_in_on, row.answered_on = [], [], handed_in, answered
        row.first_handed_in_on, row.first_handed_in_at = handed_in, clock.now() if handed_in else None
        row.belongs_to(case)
        session.add(row)


def _requests(session: Any, known: c.Client, cast: Any) -> None:
    for number, (asked, due, answered, state, client) in enumerate(
        (
            (Q3.first_day, date(2026, 7, 8), date(2026, 7, 8), "answered", known.id),
            (date(2026, 7, 2), date(2026, 7, 8), date(2026, 7, 9), "answered", None),
            (LAST, LAST, None, "open", None),  # due that very day
            (date(2026, 9, 1), date(2026, 9, 29), LATER, "answered", None),  # overdue at the quarter's end
            (date(2026, 9, 1), date(2026, 9, 29), None, "void", None),
            (LATER, LATER, None, "open", None),
        )
    ):
        row = GovernanceRequest(
            station_id=known.station_id,
            number=f"RQ-{number}",
            state=state,
            asked_on=asked,
            channel="visit",
            matters=["roads"],
            division_code="222403101201",
            client_id=client,
            due_on=due,
            worker_id=cast.users["bo"],
            answered_on=answered,
            satisfied="yes" if answered else None,
            created_at=clock.now(),
        )
        row.belongs_to(known)
        session.add(row)


def _guardianship(session: Any, child: c.Client) -> None:
    for day, level in ((date(2026, 7, 1), "low"), (LAST, "high"), (LATER, "none")):
        row = c.Assessment(
            client_id=child.id, instrument="child_guardianship", instrument_version="1", assessed_on=day, level=level
        )
        row.reason, row.state, row.confirmed_at, row.created_at = "change", "complete", clock.now(), clock.now()
        row.belongs_to(child)
        session.add(row)


def _needs(session: Any, case: c.Case) -> None:
    looks = (
        (Q3.first_day, ("work", "legal"), False),
        (LAST, ("work",), False),
        (LAST, ("legal",), True),  # recorded by mistake
        (LATER, ("work",), False),
    )
    for day, wanted, wrong in looks:
        look = NeedsLook(case_id=case.id, looked_on=day, next_on=day + timedelta(days=365), created_at=clock.now())
        look.voided_at = clock.now() if wrong else None
        look.belongs_to(case)
        session.add(look)
        session.flush()
        for position, kind in enumerate(("work", "legal")):
            need = DisabilityNeed(look_id=look.id, position=position, kind=kind, wanted=kind in wanted)
            need.belongs_to(case)
            session.add(need)
