"""Taking a step of the workflow, changing the risk, and the typed part of a case."""

from typing import Any

from sqlalchemy import select

from caseapp import domains
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.domains.base import Step
from caseapp.extensions import db
from caseapp.models.casework import Case, CaseMember
from caseapp.queries.casework import cases as queries
from caseapp.queries.casework import clients
from caseapp.schemas.casework.case import ChangeRisk, Decline, EditCase, TakeStep
from caseapp.services.casework import consents, due, reviews
from caseapp.services.casework.cases import events, gates, team
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

ONWARD = ("assessing", "planning", "serving")  # stages in which something new is written about the person
OWN_FORMS = frozenset({"decline", "ask_closing", "close"})  # steps that need more than a note have verbs of their own


def take(name: str, command: TakeStep, case: Case, actor: Actor) -> Case:
    """One ordinary step. Needs the step's permission over the case; refuses a stale version, a stage that does not offer
    it, a gate that is not met, a day before the stage began, and going on with somebody who took the consent back."""
    step = domains.get(case.domain).workflow.step(name, case.status)
    policy.require(actor, step.permission, case)
    expect_version(case, command.version)
    day = command.happened_on or clock.today()
    if day < case.stage_since:
        raise Invalid(_l("This day lies before the present stage began."), "happened_on")
    gates.require(case, step.needs)
    if step.to in ONWARD:
        consents.must_hold(case.client_id)
    move(case, step, actor, day=day, text=command.note)
    return case


def move(case: Case, step: Step, actor: Actor, *, day: Any = None, text: str | None = None, facts: Any = None) -> None:
    """Carries a step out once everything has been asked: event, status, next step, next visit."""
    before = case.status
    events.note(case, step.name, actor, to=step.to, on=day, text=text, facts=facts)
    if step.name == "accept":
        case.opened_on = day or clock.today()
    if step.name == "reopen":
        reopened(case, before, actor)
    if step.name == "reopen" or (before == "closing" and step.to != "closed"):
        reviews.fall_on_return(case)
    if hook := domains.get(case.domain).hooks.get("stepped"):
        hook(case, step, actor)
    audit.record(db.session, f"case.{step.name}", case)
    tell(case)


def tell(case: Case) -> None:
    """After any change of a case: the next visit and the next step are reckoned anew."""
    db.session.flush()
    if case.client_id is not None:
        due.refresh_due(clients.one(case.client_id))
    else:
        due.refresh_case(case)


def reopened(case: Case, before: str, actor: Actor) -> None:
    """The team that closing sent away comes back; what the closing said stays in its event and review, and counts no more."""
    if case.client_id is not None:
        client = clients.one(case.client_id)
        if client.deceased_on is not None or client.state != "on_file":
            raise Conflict(_l("This person is not on file now."), code="not_on_file")
    case.reopened += 1
    case.closed_on, case.closing_reason, case.declined_reason = None, None, None
    case.closing = None
    if before == "declined" and case.opened_on is None:
        case.opened_on = clock.today()
    for member in db.session.scalars(
        select(CaseMember).where(CaseMember.case_id == case.id, CaseMember.ended_by_closing.is_(True))
    ):
        member.to_on, member.ended_by_closing, member.updated_at = None, False, clock.now()
    db.session.flush()
    team.open_to_team(case, actor)


def decline(command: Decline, case: Case, actor: Actor) -> Case:
    """The case is not accepted, with a reason. Needs case:write; only at intake."""
    step = domains.get(case.domain).workflow.step("decline", case.status)
    policy.require(actor, step.permission, case)
    expect_version(case, command.version)
    gates.require(case, step.needs)
    case.declined_reason = command.reason
    move(case, step, actor, text=command.note, facts={"reason": command.reason})
    return case


def change_risk(command: ChangeRisk, case: Case, actor: Actor) -> Case:
    """Another risk level with its reason. Needs case:write; the visits follow the strictest rule from now on."""
    policy.require(actor, Permission.CASE_WRITE, case)
    expect_version(case, command.version)
    before = case.risk
    case.risk, case.risk_reason = command.risk, command.risk_reason
    events.note(case, "risk_changed", actor, text=command.risk_reason, facts={"from": before, "to": command.risk})
    audit.record(db.session, "case.risk_changed", case)
    if case.client_id is not None and case.klass != "P3":
        clients.one(case.client_id).risk = command.risk  # the person's line shows it; a restricted case shows nothing there
    tell(case)
    return case


def edit(command: EditCase, case: Case, actor: Actor) -> Case:
    """What the domain wants to know, and the request. Needs case:write; refuses a stale version and closed files."""
    policy.require(actor, Permission.CASE_WRITE, case)
    expect_version(case, command.version)
    if case.status in ("closed", "archived", "declined", "referred_out"):
        raise Conflict(_l("The file is at another stage now, so this step is not open."), code="wrong_stage")
    consents.must_hold(case.client_id)
    for name, value in command.changes.items():
        setattr(case, name, value)
    write_detail(case, command.detail, actor)
    case.updated_at = clock.now()
    audit.record(db.session, "case.edited", case)
    db.session.flush()
    return case


def write_detail(case: Case, values: dict[str, Any], actor: Actor) -> None:
    """The typed 1:1 row of the case's domain; made when first something is known."""
    if not values:
        return
    detail: Any = domains.get(case.domain).detail
    row = queries.detail_of(case, detail)
    if row is None:
        row = detail(case_id=case.id, created_at=clock.now(), created_by_id=actor.user_id)
        row.belongs_to(case)
        db.session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = clock.now()


__all__ = ["OWN_FORMS", "change_risk", "decline", "edit", "move", "reopened", "take", "tell", "write_detail"]
