"""Moving a case into another class with everything that lies in its file, so that who may not open it meets nothing of it."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm.attributes import set_committed_value

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.access.scope import FILED
from caseapp.access.system import system_session
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Assessment, Case, CaseEvent, Client, Task, Visit, VisitPerson
from caseapp.models.casework.case import LIVE
from caseapp.queries.casework import clients
from caseapp.queries.casework.due_facts import RISKS
from caseapp.services.casework import assessments, due, protocols
from caseapp.services.casework.cases import team
from caseapp.services.casework.clients import access
from caseapp.services.trust import audit


def reclassify(case: Case, klass: str, actor: Actor) -> Case:
    """Every row of the case's file takes the class; a visit of several persons that belongs to it too becomes as strict.

    To P3: whoever makes it so by a duty or right of its own; the responsible worker is on the open list, purposes end, persons
    named by the head stay. Down from P3: the head alone, it never happens by itself; results that are restricted in any file
    stay so, with what they asked for. The person's own line keeps its class, forgets the risk that came from the case, and its
    next visit is reckoned anew without what is restricted now.
    """
    if case.klass == klass:
        return case
    if case.klass == "P3":
        policy.require(actor, Permission.CASE_ASSIGN, case)
    kept = set() if klass == "P3" else _shut_by_itself(case)
    with access.lent(_shared_with(case)):
        _move(case, klass, kept)
    if kept:
        access.hold_restricted(case, actor)
    team.open_to_team(case, actor)
    if klass == "P3":
        access.end_purposes(case)
    audit.record(db.session, "case.restricted" if klass == "P3" else "case.opened_up", case)
    db.session.flush()
    if case.client_id is not None:
        _forget(case, clients.one(case.client_id))
    return case


def _forget(case: Case, client: Client) -> None:
    """What the person's line still shows comes from the other cases, whoever may open them."""
    with access.everything_of(client):
        if case.klass == "P3" and client.risk == case.risk:
            others = select(Case.risk).where(Case.client_id == client.id, Case.status.in_(LIVE), Case.klass != "P3")
            client.risk = min(db.session.scalars(others), key=RISKS.index, default="green")
        due.refresh_due(client)


def _shared_with(case: Case) -> set[UUID]:
    """Files in which visits of this case lie with those of others; whoever restricts the case need not be on them."""
    with system_session("visits shared with a file that becomes restricted") as session:
        query = select(Visit.file_id).join(VisitPerson, VisitPerson.visit_id == Visit.id).where(VisitPerson.case_id == case.id)
        return set(session.scalars(query))


def _move(case: Case, klass: str, kept: set[UUID]) -> None:
    db.session.flush()
    theirs = select(VisitPerson.visit_id).where(VisitPerson.case_id == case.id)
    for model in FILED:
        mine = model.file_id == case.id
        if model is Visit and klass == "P3":
            mine = or_(mine, Visit.id.in_(theirs))
        rows = update(model).where(mine, model.id.not_in(kept)).values(klass=klass, file_id=case.id)
        db.session.execute(rows, execution_options={"synchronize_session": False})
    held: list[Any] = list(db.session.identity_map.values())
    for row in held:
        if type(row) in FILED and row.file_id == case.id and row.id not in kept:
            set_committed_value(row, "klass", klass)


def _shut_by_itself(case: Case) -> set[UUID]:
    """Ids of what is P3 whatever the class of its file: results, the tasks they ask for, the steps noted for them."""
    results = db.session.scalars(select(Assessment).where(Assessment.case_id == case.id))
    shut = {row.id for row in results if assessments.own_class(row) == "P3"}
    tasks = select(Task.id).where(Task.case_id == case.id, Task.assessment_id.is_not(None))
    steps = select(CaseEvent.id).where(CaseEvent.case_id == case.id, CaseEvent.step == protocols.STEP)
    return shut | set(db.session.scalars(tasks)) | set(db.session.scalars(steps))
