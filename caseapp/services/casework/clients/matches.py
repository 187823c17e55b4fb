"""Settling a match with another station: each head answers for the own side and reads what the other side answered."""

from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.access.system import joined
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, StationMatch, Task
from caseapp.schemas.casework.client.duplicates import AnswerMatch
from caseapp.schemas.casework.client.enrolment import EndEnrolment
from caseapp.services.casework.clients import enrolments
from caseapp.services.casework.clients.across import TASK
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def answer(command: AnswerMatch, match: StationMatch, client: Client, actor: Actor) -> StationMatch:
    """The head says what it is: not the same person, both stations know of each other, a referral, or moved away.

    Needs client:merge. Moving away ends the stay here (client:end), which refuses open cases. The other side reads the
    answer and gives its own.
    """
    policy.require(actor, Permission.CLIENT_MERGE, match)
    expect_version(match, command.version)
    if match.state != "open" and command.state == match.state:
        raise Conflict(_l("This was answered so already."), code="wrong_state")
    if command.state == "moved":
        enrolments.end(EndEnrolment("transferred", clock.today(), None, client.version), client, actor)
    match.state, match.decided_at, match.decided_by_id = command.state, clock.now(), actor.user_id
    for task in db.session.scalars(select(Task).where(Task.client_id == client.id, Task.kind == TASK, Task.state == "open")):
        if _settled(client.id, match):
            task.state, task.ended_at, task.ended_by_id = "done", clock.now(), actor.user_id
    audit.record(db.session, "client.match_answered", client, reason=command.state)
    with joined("the other side of a match") as session:
        theirs = session.scalar(
            select(StationMatch).where(StationMatch.pair_id == match.pair_id, StationMatch.client_id != match.client_id)
        )
        if theirs is not None:
            theirs.other_state = command.state
            audit.tell_other_side(session, actor, "client.match_answered", theirs)
    return match


def _settled(client_id: UUID, match: StationMatch) -> bool:
    """Whether no other match of the person waits."""
    query = select(StationMatch.id).where(
        StationMatch.client_id == client_id, StationMatch.state == "open", StationMatch.id != match.id
    )
    return db.session.scalar(query.limit(1)) is None
