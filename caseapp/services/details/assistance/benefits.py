"""What a family receives: what an answer brings, what was there already, its end, and the next re-check."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.details.assistance import AidBenefit, AidRequest
from caseapp.queries.casework.clients import tags as tag_queries
from caseapp.queries.details.assistance import aid as queries
from caseapp.queries.details.assistance import family as families
from caseapp.queries.details.assistance.family import Family
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.client.parts import AddTag
from caseapp.schemas.details.assistance.aid import EndBenefit, RecordAnswer, WriteBenefit
from caseapp.services.casework import tasks
from caseapp.services.casework.clients import tags
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def record(command: WriteBenefit, case: Case, actor: Actor, row: AidBenefit | None = None) -> AidBenefit:
    """Something the family receives already, or that is put right. Needs case:write; refuses members who are not of the family
    and the same aid twice at a time. The next re-check is promised."""
    policy.require(actor, Permission.CASE_WRITE, row or case)
    family = families.of_case(case)
    whom = of_family(command.for_whom, family)
    if row is None:
        _refuse_second(command.aid, family)
        row = _new(case, family, command.aid, command.from_on, actor)
        db.session.add(row)
    else:
        expect_version(row, command.version or 0)
        _must_run(row)
        adopt(row, case, actor)
    row.from_on, row.amount, row.per = command.from_on, command.amount, command.per
    row.for_whom, row.rhythm, row.checked_on = whom, command.rhythm, command.checked_on
    row.authority, row.paper_no, row.updated_at = command.authority, command.paper_no, clock.now()
    _next_recheck(row, case, actor)
    audit.record(db.session, "benefit.recorded", row)
    db.session.flush()
    return row


def end(command: EndBenefit, row: AidBenefit, case: Case, actor: Actor) -> AidBenefit:
    """No longer received from a day on. Needs case:write; the promised re-check falls away."""
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    _must_run(row)
    if command.to_on < row.from_on:
        raise Invalid(_l("The end lies before the beginning."), "to_on")
    _end(row, command.to_on, command.end_reason, case, actor)
    audit.record(db.session, "benefit.ended", row)
    db.session.flush()
    return row


def adopt(row: AidBenefit, case: Case, actor: Actor) -> None:
    """From now on the benefit is looked after in this case of the same family; the promise goes with it."""
    if row.case_id == case.id:
        return
    before = db.session.get(Case, row.case_id)
    row.case_id = case.id
    row.belongs_to(case)
    if before is not None:
        _promises(before, actor)
    _promises(case, actor)


def given(command: RecordAnswer, request: AidRequest, case: Case, actor: Actor) -> None:
    """The authority gave it: a new benefit, or the one that was re-checked goes on with what was answered."""
    row = db.session.get(AidBenefit, request.benefit_id) if request.benefit_id is not None else None
    if row is None or row.to_on is not None:
        family = families.of_case(case)
        row = _new(case, family, request.aid, command.from_on or command.answered_on, actor)
        row.for_whom = request.for_whom
        db.session.add(row)
        db.session.flush()
        request.benefit_id = row.id
    else:
        row.checked_on = command.answered_on
    if command.amount is not None:
        row.amount, row.per = command.amount, command.per
    row.authority, row.paper_no = command.authority, command.paper_no or row.paper_no
    row.rhythm = command.rhythm or row.rhythm or "stable"
    row.updated_at = clock.now()
    if not _facts(row.aid).get("ongoing"):
        row.to_on, row.end_reason = row.from_on, "once"
    _next_recheck(row, case, actor)
    if command.tag:
        _tag(row, command, case, actor)


def stopped(command: RecordAnswer, request: AidRequest, case: Case, actor: Actor) -> None:
    """The authority stopped it after a re-check."""
    row = db.session.get(AidBenefit, request.benefit_id) if request.benefit_id is not None else None
    if row is not None and row.to_on is None:
        _end(row, command.answered_on, "recheck", case, actor)


def taken_back(request: AidRequest, case: Case, actor: Actor) -> None:
    """The answer that brought a benefit was recorded by mistake: it never ran. A re-check leaves it running."""
    row = db.session.get(AidBenefit, request.benefit_id) if request.benefit_id is not None else None
    if row is None or request.purpose == "recheck":
        return
    _end(row, row.from_on, "wrong", case, actor)
    request.benefit_id = None


def of_family(keys: Iterable[str], family: Family) -> list[str] | None:
    """The members something is for, None for the whole family; refuses who is not of it."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return None
    if set(wanted) - {member.key for member in families.members(family)}:
        raise Invalid(_l("Choose one of the answers offered."), "for_whom")
    return wanted


def _new(case: Case, family: Family, aid: str, from_on: date, actor: Actor) -> AidBenefit:
    row = AidBenefit(
        case_id=case.id,
        household_id=family.household_id,
        client_id=family.client_id,
        aid=aid,
        from_on=from_on,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.belongs_to(case)
    return row


def _facts(aid: str) -> dict[str, object]:
    entry = reference.codes("assistance_aid").get(aid)
    return dict(entry.facts) if entry is not None else {}


def _refuse_second(aid: str, family: Family) -> None:
    if any(row.aid == aid and row.to_on is None for row in queries.benefits(family)):
        raise Conflict(_l("The family receives this already."), "aid", code="already_there")


def _must_run(row: AidBenefit) -> None:
    if row.to_on is not None:
        raise Conflict(_l("This benefit has ended already."), code="wrong_state")


def _end(row: AidBenefit, day: date, reason: str, case: Case, actor: Actor) -> None:
    row.to_on, row.end_reason, row.recheck_on, row.updated_at = max(day, row.from_on), reason, None, clock.now()
    _promises(case, actor)


def _next_recheck(row: AidBenefit, case: Case, actor: Actor) -> None:
    """A year or half a year after the last look, as the income is stable or not (settings); only for what is re-checked."""
    row.recheck_on = None
    if _facts(row.aid).get("recheck") and row.to_on is None:
        rhythm = reference.codes("assistance_rhythm").get(row.rhythm or "stable")
        months = settings.At(case.station_path)[rhythm.facts["setting"]] if rhythm is not None else 0
        row.recheck_on = dates.add_months(row.checked_on or row.from_on, months)
    _promises(case, actor)


def _promises(case: Case, actor: Actor) -> None:
    """One promise for the case: the earliest re-check of what runs."""
    db.session.flush()
    days = [one.recheck_on for one in queries.benefits(families.of_case(case)) if one.recheck_on and one.case_id == case.id]
    tasks.promise_next(case, "aid_recheck", min(days, default=None), actor)


def _tag(row: AidBenefit, command: RecordAnswer, case: Case, actor: Actor) -> None:
    """The target group with every covered person on file whose file the actor may write."""
    code = _facts(row.aid).get("tag")
    if not code:
        return
    family = families.of_case(case)
    keys = row.for_whom or [member.key for member in families.members(family) if member.lives_here]
    for client in _on_file(keys, family):
        held = any(
            tag.code == code and tag.to_on is None and tag.status != "cancelled" for tag in tag_queries.of_client(client.id)
        )
        if not held and policy.may(actor, Permission.CLIENT_WRITE, client):
            tags.add(AddTag(str(code), row.from_on, "confirmed", basis=command.paper_no or command.office), client, actor)


def _on_file(keys: Iterable[str], family: Family) -> list[Client]:
    """Those of the keys that are persons on file."""
    named = {member.key: member for member in families.members(family)}
    ids = [UUID(key) for key in keys if key in named]
    found = [db.session.get(Client, key) for key in ids]
    return [client for client in found if client is not None and client.state == "on_file"]
