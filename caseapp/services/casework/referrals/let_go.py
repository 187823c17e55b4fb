"""The sender's case goes with a referral that was taken in: own decision at sending, carried out by the sender."""

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Referral, Review
from caseapp.models.casework.case import LIVE
from caseapp.queries.casework import cases, clients
from caseapp.schemas.casework.client.enrolment import EndEnrolment
from caseapp.schemas.casework.referral.answer import LetGo
from caseapp.services.casework import tasks
from caseapp.services.casework.cases import events, steps, team
from caseapp.services.casework.clients import enrolments
from caseapp.services.casework.referrals import sides
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def let_go(command: LetGo, row: Referral, actor: Actor) -> Case:
    """The case becomes `referred_out`: the team is sent away, open tasks and reviews fall away; until now the sender was
    responsible. Needs case:close. With `end_stay` the stay on file ends too, by its own rules (no other open case).
    """
    request = sides.as_sender(row, actor, Permission.CASE_CLOSE)
    expect_version(row, command.version)
    case = cases.one(request.case_id)
    policy.require(actor, Permission.CASE_CLOSE, case)
    if not row.case_to_go:
        raise Conflict(_l("This referral stands elsewhere by now, so this is not open."), code="wrong_state")
    row.case_to_go, row.updated_at = False, clock.now()
    if case.status in LIVE:
        _out(case, row, command, actor)
    audit.record(db.session, "referral.let_go", case)
    db.session.flush()
    if command.end_stay:
        client = clients.one(request.client_id)
        if client.state == "on_file":
            enrolments.end(EndEnrolment("moved", clock.today(), row.referral_no, client.version), client, actor)
    return case


def _out(case: Case, row: Referral, command: LetGo, actor: Actor) -> None:
    case.closed_on, case.closing_reason = clock.today(), "referred"
    case.planned_visit_on, case.planned_reason = None, None
    for review in db.session.scalars(select(Review).where(Review.case_id == case.id, Review.state == "open")):
        review.state = "withdrawn"
    team.send_away(case)
    db.session.flush()
    team.open_to_team(case, actor)
    tasks.cancel(case, actor, "referred_out")
    events.note(case, "referred_out", actor, to="referred_out", text=command.note, facts={"number": row.referral_no})
    steps.tell(case)
