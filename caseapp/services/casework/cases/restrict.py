"""Making a case a restricted file: violence, mental disorder, HIV or community correction came to light while it ran."""

from dataclasses import replace

from sqlalchemy import or_, select, update

from caseapp.access import guard, policy
from caseapp.access.permissions import Permission
from caseapp.access.scope import FILED
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Visit, VisitPerson
from caseapp.models.casework.case import LIVE
from caseapp.queries.casework import clients
from caseapp.queries.casework.due_facts import RISKS
from caseapp.schemas.casework.case import Restrict
from caseapp.services.casework import due
from caseapp.services.casework.cases import events, team
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def restrict(command: Restrict, case: Case, actor: Actor) -> Case:
    """The case and everything written in it become class P3: only its team, the head and persons named on it see it.

    Needs case:write; only the head and who works on the case, because everybody else would lose sight of it. Refuses a
    file that is restricted already and a stale version. The person's line forgets the risk and dates that came from it.
    """
    policy.require(actor, Permission.CASE_WRITE, case)
    expect_version(case, command.version)
    if case.klass == "P3":
        raise Conflict(_l("This file is restricted already."), code="wrong_state")
    members = {case.worker_id, *(member.user_id for member in team.current(case.id))}
    if actor.user_id not in members and not actor.may(Permission.CASE_ASSIGN):
        raise Forbidden(_l("Who works on the case or the head restricts it."))
    if not actor.may(Permission.CASE_ASSIGN):
        guard.bind(db.session, replace(actor, open_files=actor.open_files | {case.id}))
    _shut(case)
    team.open_to_team(case, actor)
    events.note(case, "restricted", actor, text=command.reason)
    audit.record(db.session, "case.restricted", case)
    db.session.flush()
    if case.client_id is not None:
        client = clients.one(case.client_id)
        client.risk = _risk_of_others(client)
        due.refresh_due(client)
    return case


def _shut(case: Case) -> None:
    case.klass = "P3"
    db.session.flush()
    theirs = select(VisitPerson.visit_id).where(VisitPerson.case_id == case.id)
    for model in FILED:
        mine = model.file_id == case.id
        if model is Visit:  # a visit of several has the class of its strictest person
            mine = or_(mine, Visit.id.in_(theirs))
        if model is not Case:
            rows = update(model).where(mine).values(klass="P3", file_id=case.id)
            db.session.execute(rows, execution_options={"synchronize_session": False})


def _risk_of_others(client: Client) -> str:
    query = select(Case.risk).where(Case.client_id == client.id, Case.status.in_(LIVE), Case.klass != "P3")
    return min(db.session.scalars(query), key=RISKS.index, default="green")
