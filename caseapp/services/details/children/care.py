"""Delegated care, parents' contact and a look at the home: written in the child's case."""

from typing import Any

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.phones import BadPhone, parse
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.details.children import ChildrenContact, ChildrenDelegation, ChildrenSafetyCheck
from caseapp.queries.details.children import care as queries
from caseapp.queries.organisation import settings
from caseapp.schemas.details.children.care import CheckSafety, Delegate, EndDelegation, NoteContact
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

ENDED = ("closed", "archived", "declined", "referred_out")


def delegate(command: Delegate, case: Case, actor: Actor) -> ChildrenDelegation:
    """The child is entrusted to somebody for a time (未成年人保护法 art. 22).

    Needs case:write. Refuses a second delegation beside one that holds, somebody under age, and a child old enough who was
    not asked; who may not be entrusted at all is refused by the schema.
    """
    client = _writable(case, actor)
    at = settings.At(case.station_path)
    if queries.current(case.id) is not None:
        raise Conflict(_l("There is a delegation already. End it first."), "delegate_name", code="already_delegated")
    youngest = at["children.delegate_youngest"]
    if command.from_on.year - command.birth_year < youngest:
        raise Invalid(_l("A delegate carer must be at least %(age)s.", age=youngest), "birth_year")
    asked_from = at["children.own_view_age"]
    old_enough = client.birth_on is not None and dates.age_on(client.birth_on, clock.today()) >= asked_from
    if old_enough and command.child_heard is None:
        raise Invalid(_l("Say whether the child was asked too."), "child_heard")
    row = ChildrenDelegation(
        case_id=case.id,
        client_id=client.id,
        given_by=command.given_by,
        relation=command.relation,
        birth_year=command.birth_year,
        reason=command.reason,
        from_on=command.from_on,
        to_on=command.to_on,
        child_heard=command.child_heard,
        also_told=list(command.also_told) or None,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.delegate_name, row.phone, row.address = command.delegate_name, _phone(command.phone), command.address
    row.child_view, row.note = command.child_view, command.note
    return _added(row, case, "care.delegated")


def end_delegation(command: EndDelegation, row: ChildrenDelegation, case: Case, actor: Actor) -> ChildrenDelegation:
    """A delegation ended. Needs case:write; refuses one that ended already and a day before it began."""
    _writable(case, actor)
    expect_version(row, command.version)
    if row.ended_on is not None:
        raise Conflict(_l("This delegation has ended already."), code="wrong_state")
    if command.ended_on < row.from_on and command.end_reason != "mistake":
        raise Invalid(_l("This day lies before it began."), "ended_on")
    row.ended_on, row.end_reason, row.updated_at = command.ended_on, command.end_reason, clock.now()
    audit.record(db.session, "care.delegation_ended", case)
    db.session.flush()
    return row


def note_contact(command: NoteContact, case: Case, actor: Actor) -> ChildrenContact:
    """Parents who live elsewhere were in touch. Needs case:write."""
    client = _writable(case, actor)
    row = ChildrenContact(
        case_id=case.id,
        client_id=client.id,
        happened_on=command.happened_on,
        who=command.who,
        how=command.how,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.note = command.note
    return _added(row, case, "care.contact_noted")


def check_safety(command: CheckSafety, case: Case, actor: Actor) -> ChildrenSafetyCheck:
    """A look at the home. Needs case:write."""
    client = _writable(case, actor)
    row = ChildrenSafetyCheck(
        case_id=case.id,
        client_id=client.id,
        checked_on=command.checked_on,
        answers=dict(command.answers),
        gaps=sum(answer == "gap" for answer in command.answers.values()),
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.note = command.note
    return _added(row, case, "care.safety_checked")


def void(row: ChildrenContact | ChildrenSafetyCheck, case: Case, actor: Actor) -> None:
    """An entry that was wrong no longer counts; it stays readable."""
    _writable(case, actor)
    if row.voided_at is not None:
        raise Conflict(_l("This entry no longer counts."), code="wrong_state")
    row.voided_at, row.voided_by_id, row.updated_at = clock.now(), actor.user_id, clock.now()
    audit.record(db.session, "care.entry_voided", case)
    db.session.flush()


def _writable(case: Case, actor: Actor) -> Any:
    """The child of a case in which one may write."""
    policy.require(actor, Permission.CASE_WRITE, case)
    if case.client is None:
        raise Conflict(_l("This is kept in the case of one child."), code="no_child")
    if case.status in ENDED:
        raise Conflict(_l("The file is at another stage now, so this step is not open."), code="wrong_stage")
    return case.client


def _added(row: Any, case: Case, event: str) -> Any:
    row.belongs_to(case)
    db.session.add(row)
    audit.record(db.session, event, case)
    db.session.flush()
    return row


def _phone(text: str | None) -> str | None:
    try:
        return parse(text).number if text else None
    except BadPhone as error:
        raise Invalid(str(error.message) % error.facts, "phone", code=f"phone_{error.code}") from error
