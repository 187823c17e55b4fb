"""Making a case a restricted file: violence, mental disorder, HIV or community correction came to light while it ran."""

from dataclasses import replace

from caseapp.access import guard, policy
from caseapp.access.permissions import Permission
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.schemas.casework.case import Restrict
from caseapp.services.casework.cases import events, team
from caseapp.services.casework.cases.reclassify import reclassify
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
    reclassify(case, "P3", actor)
    events.note(case, "restricted", actor, text=command.reason)
    db.session.flush()
    return case
