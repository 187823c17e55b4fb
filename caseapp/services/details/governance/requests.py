"""Requests of residents: made with a promise, handed on, answered; one may become a case; voided with a reason, never erased."""

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.details.governance import GovernanceRequest
from caseapp.models.details.governance.request import LIVE
from caseapp.queries.casework import clients
from caseapp.schemas.casework.case import OpenCase
from caseapp.schemas.details.governance.request import Answer, BecomeCase, HandOn, MakeRequest
from caseapp.schemas.details.governance.survey import VoidPaper
from caseapp.services.casework.cases.open import open_case
from caseapp.services.casework.clients import access
from caseapp.services.casework.numbers import next_number
from caseapp.services.details.governance import station
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

SERIES = "RQ"


def make(command: MakeRequest, actor: Actor) -> GovernanceRequest:
    """A request lies in the ledger of the station, of a person on file in that file, with the day an answer is promised for.

    Needs case:write. Refuses a village the station does not serve, a person whose file is closed to the actor, and how to
    answer somebody who is on file: the file knows that.
    """
    client = clients.opened(command.client_id, actor, Permission.CLIENT_WRITE) if command.client_id else None
    station.must_serve(actor, command.division_code, client.residence_code if client is not None else None)
    if client is not None and command.contact:
        raise Invalid(_l("How to reach this person stands in the file."), "contact")
    row: GovernanceRequest = station.paper(GovernanceRequest, actor, klass="P2", state="open")
    if client is not None:
        _of_client(row, client)
    worker_id = command.worker_id or actor.user_id
    access.must_work_here(worker_id, row.station_path)
    row.number = next_number(station.station_of(actor), SERIES)
    for name in ("asked_on", "channel", "division_code", "due_on", "what", "contact"):
        setattr(row, name, getattr(command, name))
    row.matters, row.worker_id = sorted(set(command.matters)), worker_id
    db.session.add(row)
    audit.record(db.session, "governance.request_made", row)
    db.session.flush()
    return row


def hand_on(command: HandOn, row: GovernanceRequest, actor: Actor) -> GovernanceRequest:
    """Somebody else sees to it; the station still answers. A new day may be promised, also once more. Needs case:write."""
    _at_work(row, command.version, actor)
    if command.handed_on < row.asked_on:
        raise Invalid(_l("This day lies before it was asked."), "handed_on")
    if command.due_on is not None and command.due_on < command.handed_on:
        raise Invalid(_l("The answer cannot be promised for a day before it was asked."), "due_on")
    row.state, row.handed_to, row.handed_on, row.handed_note = (
        "handed",
        command.handed_to,
        command.handed_on,
        command.handed_note,
    )
    row.due_on = command.due_on or row.due_on
    return _saved(row, "governance.request_handed")


def answer(command: Answer, row: GovernanceRequest, actor: Actor) -> GovernanceRequest:
    """The resident has an answer. Needs case:write; whether it satisfied may be said later by answering again."""
    _at_work(row, command.version, actor, states=(*LIVE, "answered"))
    if command.answered_on < row.asked_on:
        raise Invalid(_l("This day lies before it was asked."), "answered_on")
    row.state = "answered"
    for name in ("answered_on", "answered_how", "outcome", "answer", "satisfied"):
        setattr(row, name, getattr(command, name))
    return _saved(row, "governance.request_answered")


def become_case(command: BecomeCase, row: GovernanceRequest, domain: str, actor: Actor) -> Case:
    """A case about the person on file or the village, opened from the request and linked with it. Needs case:open.

    The request stays in the ledger and is answered there. Refuses a second case of the same request.
    """
    _at_work(row, command.version, actor)
    if row.case_id is not None:
        raise Conflict(_l("A case was opened from this request already."), code="already_open")
    if command.about == "client" and row.client_id is None:
        raise Invalid(_l("Nobody on file stands behind this request."), "about")
    about = command.about == "client"
    case = open_case(
        OpenCase(
            domain=domain,
            client_id=row.client_id if about else None,
            community_code=None if about else row.division_code,
            community_name=None if about else command.community_name,
            source="self" if row.channel in ("at_station", "phone", "online", "box") else "village",
            source_detail=row.number,
            found_on=row.asked_on,
            request=row.what,
            worker_id=row.worker_id,
            detail={"matters": list(row.matters or [])},
        ),
        actor,
    )
    row.case_id = case.id
    _saved(row, "governance.request_became_case")
    return case


def void(command: VoidPaper, row: GovernanceRequest, actor: Actor) -> GovernanceRequest:
    """The request was written wrongly: out of ledger and counts."""
    station.void(command, row, actor)
    row.state = "void"
    audit.record(db.session, "governance.request_voided", row)
    db.session.flush()
    return row


def _of_client(row: GovernanceRequest, client: Client) -> None:
    row.client_id = client.id
    row.belongs_to(client)


def _at_work(row: GovernanceRequest, version: int, actor: Actor, states: tuple[str, ...] = LIVE) -> None:
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, version)
    if row.state not in states:
        raise Conflict(_l("This request was answered or voided already."), code="wrong_state")


def _saved(row: GovernanceRequest, event: str) -> GovernanceRequest:
    row.updated_at = clock.now()
    audit.record(db.session, event, row)
    db.session.flush()
    return row
