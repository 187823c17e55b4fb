"""Social assistance: a means sheet that is filled in and one complete, an application, one refused, and benefits."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details import assistance as m
from caseapp.models.details.assistance.means import SECTIONS
from tests.cast import Cast
from tests.laid import own
from tests.laid.added import added


def lay(session: Session, cast: Cast, place: str, of: c.Client, stages: tuple[str, ...]) -> own.Own:
    """Cases about the person; the complete sheet lies in one of its own."""
    found = own.lay(session, cast, of, "assistance", _detail, "phq9", stages)
    case = session.get_one(c.Case, found.cases["serving"])
    found.ids |= {"sheet_id": _sheet(session, case)}
    found.ids |= _aid(session, case)
    other = own.opened(session, of, "assistance", _detail())
    found.ids["complete_id"] = _sheet(session, other, complete=True)
    unbegun = own.opened(session, of, "assistance", _detail())
    found.apart = {"sheet": other.id, "finish_sheet": other.id, "begin_means": unbegun.id, "means": unbegun.id}
    return found


def _detail() -> m.AssistanceDetail:
    detail = m.AssistanceDetail(matter="apply")
    detail.needs = "The roof leaks"
    return detail


def _whose(case: c.Case) -> dict[str, Any]:
    return {"case_id": case.id, "client_id": case.client_id, "created_at": clock.now(), "created_by_id": case.worker_id}


def _sheet(session: Session, case: c.Case, *, complete: bool = False) -> UUID:
    """A sheet with its sections; a complete one lacks only that it is finished."""
    today = clock.today()
    sheet = m.MeansSheet(number=1, state="draft", staff=[{}], **_whose(case))
    if complete:
        sheet.staff = [{"user": str(case.worker_id)}, {"name": "Cadre", "office": "East village"}]
        sheet.enquired_on, sheet.methods, sheet.consent_how, sheet.consent_on = today, ["home"], "signed", today
        sheet.paper_place = "cabinet 2"
    added(session, sheet, case)
    whom = {"key": case.client_id.hex, "name": "Person", "relation": "head", "sex": "2", "birth_year": 1945}
    whom |= {"klass": case.klass, "file_id": str(case.client_id), "work": None, "counted": True, "why": None}
    for name in SECTIONS:
        section = m.MeansSection(sheet_id=sheet.id, section=name, created_at=clock.now(), saved=complete)
        section.belongs_to(case)
        section.content = [whom] if name == "members" and complete else []
        section.said_none = complete and name != "members"
        session.add(section)
    session.flush()
    return sheet.id


def _aid(session: Session, case: c.Case) -> dict[str, UUID]:
    """An application that is prepared, one that waits for its answer, one that was refused; something received that is looked at again soon."""
    today = clock.today()
    preparing = m.AidRequest(aid="dibao", papers_wanted=["application"], papers_ready=[], **_whose(case))
    refused = m.AidRequest(aid="tekun", papers_wanted=[], papers_ready=[], state="refused", **_whose(case))
    refused.handed_in_on, refused.answered_on, refused.appeal_until = today, today, today + timedelta(days=60)
    handed_in = m.AidRequest(aid="medical", papers_wanted=[], papers_ready=[], state="handed_in", **_whose(case))
    handed_in.handed_in_on = today
    benefit = m.AidBenefit(aid="dibao", from_on=today - timedelta(days=400), recheck_on=today, **_whose(case))
    benefit.amount, benefit.per = 70000, "month"
    ids = {
        "request_id": added(session, preparing, case),
        "refused_id": added(session, refused, case),
        "handed_in_id": added(session, handed_in, case),
        "benefit_id": added(session, benefit, case),
    }
    said = m.AidAnswer(request_id=refused.id, answer="refused", answered_on=today, authority="county", created_at=clock.now())
    return ids | {"answer_id": added(session, said, case)}
