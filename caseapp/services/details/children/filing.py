"""Making a mandatory report (强制报告): the case becomes restricted, the head is told, and nothing stands in its way."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.casework.case import LIVE
from caseapp.models.details.children import ChildrenReport
from caseapp.models.organisation import Organisation
from caseapp.queries.casework import cases, clients
from caseapp.queries.organisation import settings, workers
from caseapp.schemas.casework.case import OpenCase
from caseapp.schemas.casework.client.person import RegisterClient
from caseapp.schemas.details.children.report import ChildSeen, FileReport
from caseapp.schemas.values import Birth
from caseapp.services.casework.cases import events, steps
from caseapp.services.casework.cases.open import open_case
from caseapp.services.casework.cases.reclassify import reclassify
from caseapp.services.casework.clients import access
from caseapp.services.casework.clients.register import register
from caseapp.services.casework.numbers import next_number
from caseapp.services.casework.tasks import cancel, keep, promise
from caseapp.services.trust import audit

CODE = "children"
SERIES = "MR"


def file_report(command: FileReport, actor: Actor) -> ChildrenReport:
    """There is a report about a child, on file already or put on file by it.

    Needs harm:report over the child's line, never the opened file: whoever finds a child may report it, and sees the report,
    but not the file. Consent, approval, an ended stay, a closed file or a death stand in no way. The child's open case, or one opened now
    on the crisis path, becomes P3 with everything in it, at high risk; its worker gets on the open list and the promise to
    assess, the head a task for today. The child's own line shows nothing of it.
    """
    client = _child(command, actor)
    with access.everything_of(client) as wide:
        case = _live_case(client)
        is_new = case is None
        case = case or _open(client, command, wide)
        before = client.klass if is_new else case.klass
        report = _row(command, case, before, actor)
        with access.lent({case.id}) as inside:
            _restrict(case, inside)
            report.belongs_to(case)
            db.session.add(report)
            events.note(case, "harm_reported", None, on=_day(report), facts={"report": report.report_no})
            _promise(case, inside)
            audit.record(db.session, "case.restricted", case)
            steps.tell(case)
    access.admit(actor, case)
    return report


def _child(command: FileReport, actor: Actor) -> Client:
    if command.client_id is None:
        policy.require(actor, Permission.HARM_REPORT)
        return _put_on_file(command.child, actor)
    client = clients.one(command.client_id)
    policy.require_at_line(actor, Permission.HARM_REPORT, client)
    return client


def _put_on_file(child: ChildSeen, actor: Actor) -> Client:
    """The least that a file needs; what is not known is asked for later."""
    known: dict[str, Any] = {"sex": child.sex, "residence_code": child.residence_code, "features": child.features}
    known |= {"name": child.name} if child.name else {"is_unidentified": True}
    born = Birth(None, "unknown")
    if child.age is not None:
        born = Birth(date(clock.today().year - child.age, 1, 1), "estimate")
    person = {name: value for name, value in known.items() if value is not None}
    return register(RegisterClient(person=person, birth=born, no_document_reason="not_at_hand", is_minor=True), actor)


def _live_case(client: Client) -> Case | None:
    """The child's open case of this domain; the session sees restricted ones too at this moment."""
    query = select(Case.id).where(Case.client_id == client.id, Case.domain == CODE, Case.status.in_(LIVE)).limit(1)
    found: UUID | None = db.session.scalar(query)
    return cases.one(found) if found is not None else None


def _open(client: Client, command: FileReport, actor: Actor) -> Case:
    responsible = client.worker_id
    if responsible is None or not workers.works_at(responsible, client.station_path):
        responsible = actor.user_id
    return open_case(
        OpenCase(
            domain=CODE,
            source="visit",
            found_on=clock.local(command.found_at).date(),
            client_id=client.id,
            urgency="crisis",
            restricted=True,
            worker_id=responsible,
        ),
        actor,
        by_duty=True,
    )


def _row(command: FileReport, case: Case, before: str, actor: Actor) -> ChildrenReport:
    report = ChildrenReport(
        id=uuid7(),
        author_id=actor.user_id,
        station_id=case.station_id,
        case_id=case.id,
        client_id=case.client_id,
        report_no=next_number(db.session.get_one(Organisation, case.station_id), SERIES),
        state="open",
        situation=command.situation,
        found_at=command.found_at,
        class_before=before,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    report.sentence = command.sentence
    return report


def _restrict(case: Case, actor: Actor) -> None:
    """The case becomes P3 and a crisis at high risk; the person's line shows nothing of that."""
    reclassify(case, "P3", actor)
    case.urgency, case.case_type = "crisis", "crisis"
    if case.risk != "red":
        events.note(case, "risk_changed", None, facts={"from": case.risk, "to": "red"})
    case.risk, case.risk_reason = "red", case.risk_reason or str(_l("Mandatory report"))
    case.updated_at = clock.now()


def _promise(case: Case, actor: Actor) -> None:
    at, today = settings.At(case.station_path), clock.today()
    if not actor.may(Permission.CASE_ASSIGN):  # a head who reports knows
        promise(case, "harm_report", today, actor, for_role="station_head")
    until = today + timedelta(days=at[f"{CODE}.report_assessment_days"])
    promise(case, "report_assessment", until, actor, user_id=case.worker_id)
    cancel(case, actor, None, ("reassess",))  # of a crisis that ran already: the report asks for it sooner
    keep(case, ("mandatory_screen",), actor)  # asked for by a red flag; a report is its answer


def _day(report: ChildrenReport) -> date:
    return clock.local(report.found_at).date()
