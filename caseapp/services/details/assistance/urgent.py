"""An urgent need: seen to the same day, whatever the stage of the case; relief first and papers afterwards where the township says so."""

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.casework.case import LIVE
from caseapp.models.details.assistance import AidRequest
from caseapp.queries.details.assistance import aid as queries
from caseapp.queries.details.assistance import family as families
from caseapp.schemas.details.assistance.aid import MeetUrgentNeed
from caseapp.services.casework import tasks
from caseapp.services.casework.cases import events, steps
from caseapp.services.details.assistance.aid import papers_for, promises
from caseapp.services.trust import audit

AID = "temporary"


def meet(command: MeetUrgentNeed, case: Case, actor: Actor) -> AidRequest | None:
    """What was missing and what was done at once; with it, if wished, temporary relief is asked for today.

    Needs case:write over an open case; no gate and no approval stands in the way. Ends the promise of today, and leaves an
    event, the application (told to the township today) and the promise to make up its papers. Refuses a second open application.
    """
    policy.require(actor, Permission.CASE_WRITE, case)
    if case.status not in LIVE:
        raise Conflict(_l("The file is at another stage now, so this step is not open."), code="wrong_stage")
    today = clock.today()
    steps.write_detail(case, {"urgent_needs": list(command.needs), "urgent_met_on": today}, actor)
    tasks.keep(case, ("urgent_relief",), actor)
    events.note(
        case,
        "urgent_relief",
        actor,
        text=command.what,
        facts={"urgent": True, "says": [["assistance_urgent_need", code] for code in command.needs]},
    )
    row = _ask(command, case, actor) if command.ask_relief else None
    case.updated_at = clock.now()
    audit.record(db.session, "aid.urgent_need_met", case)
    db.session.flush()
    return row


def _ask(command: MeetUrgentNeed, case: Case, actor: Actor) -> AidRequest:
    family, today = families.of_case(case), clock.today()
    if any(row.aid == AID and row.state in queries.OPEN_STATES for row in queries.requests(family)):
        raise Conflict(_l("There is an open application for this aid already."), "ask_relief", code="already_open")
    row = AidRequest(
        case_id=case.id,
        household_id=family.household_id,
        client_id=family.client_id,
        aid=AID,
        purpose="new",
        state="handed_in",
        urgent=True,
        urgent_needs=list(command.needs),
        papers_wanted=papers_for(AID),
        papers_ready=[],
        handed_in_on=today,
        first_handed_in_on=today,
        first_handed_in_at=clock.now(),
        handed_in_to=command.told_to,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.belongs_to(case)
    row.relief = {"what": command.what, "by": command.helped_by, "worth": command.worth}
    db.session.add(row)
    promises(case, actor)
    return row
