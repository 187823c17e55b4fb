"""Help with applications: papers together, handed in, the authority's own answer, what to do after a refusal."""

from datetime import timedelta
from typing import Any

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.casework.case import LIVE
from caseapp.models.details.assistance import AidAnswer, AidBenefit, AidRequest
from caseapp.queries.details.assistance import aid as queries
from caseapp.queries.details.assistance import family as families
from caseapp.queries.details.assistance import sheets
from caseapp.queries.organisation import settings
from caseapp.schemas.details.assistance.aid import HandIn, RecordAnswer, TellAppeal, TickPapers, VoidAnswer, WriteRequest
from caseapp.services.casework import tasks
from caseapp.services.casework.cases import events
from caseapp.services.details.assistance import benefits
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

PROMISED = {  # kind of promise → the setting that says in how many working days
    "aid_answer": "assistance.answer_working_days",
    "relief_papers": "assistance.relief_papers_working_days",
    "aid_appeal": "assistance.appeal_tell_working_days",
}
STATE_OF = {"given": "given", "refused": "refused", "more": "more", "withdrawn": "withdrawn"}


def write(command: WriteRequest, case: Case, actor: Actor, row: AidRequest | None = None) -> AidRequest:
    """An application that is being prepared, new or changed; the last means sheet that counts goes with it.

    Needs case:write. Refuses a case that is not worked on, an application that was answered, members who are not of the
    family, and a second open application for the same aid.
    """
    policy.require(actor, Permission.CASE_WRITE, row or case)
    family = _working(case)
    whom = benefits.of_family(command.for_whom, family)
    if row is None:
        if any(other.aid == command.aid and other.state in queries.OPEN_STATES for other in queries.requests(family)):
            raise Conflict(_l("There is an open application for this aid already."), "aid", code="already_open")
        row = _new(case, family, actor)
        db.session.add(row)
    else:
        expect_version(row, command.version or 0)
        _must_be_open(row)
    row.aid, row.wish = command.aid, command.wish
    if row.purpose != "recheck":
        row.purpose = command.purpose
    row.for_whom = whom
    row.papers_wanted = list(dict.fromkeys(command.papers_wanted or papers_for(command.aid)))
    row.sheet_id = _sheet(row, family)
    row.updated_at = clock.now()
    promises(case, actor)
    audit.record(db.session, "aid.application_written", row)
    db.session.flush()
    return row


def start_recheck(benefit: AidBenefit, case: Case, actor: Actor) -> AidRequest:
    """The re-check of a benefit begins: an application of its own kind; one that is open comes back. Needs case:write."""
    policy.require(actor, Permission.CASE_WRITE, case)
    policy.require(actor, Permission.CASE_WRITE, benefit)
    family = _working(case)
    if benefit.to_on is not None:
        raise Conflict(_l("This benefit has ended already."), code="wrong_state")
    open_one = queries.open_recheck(benefit)
    if open_one is not None:
        return open_one
    benefits.adopt(benefit, case, actor)
    row = _new(case, family, actor)
    row.aid, row.purpose, row.benefit_id, row.for_whom = benefit.aid, "recheck", benefit.id, benefit.for_whom
    row.papers_wanted = papers_for(benefit.aid)
    row.sheet_id = _sheet(row, family)
    db.session.add(row)
    audit.record(db.session, "aid.recheck_begun", row)
    db.session.flush()
    return row


def tick(command: TickPapers, row: AidRequest, case: Case, actor: Actor) -> AidRequest:
    """Which papers are together. Needs case:write; refuses an answered application."""
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    _must_be_open(row)
    row.papers_ready, row.papers_note, row.updated_at = list(command.papers_ready), command.papers_note, clock.now()
    row.papers_wanted = list(dict.fromkeys((*(row.papers_wanted or []), *command.papers_ready)))
    promises(case, actor)
    audit.record(db.session, "aid.papers_ticked", row)
    db.session.flush()
    return row


def hand_in(command: HandIn, row: AidRequest, case: Case, actor: Actor) -> AidRequest:
    """Handed in: where, when, with which receipt. Needs case:write; leaves an event and the promise to ask for the answer."""
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    _must_be_open(row)
    row.state, row.handed_in_on = "handed_in", command.handed_in_on
    if row.first_handed_in_on is None:
        row.first_handed_in_on, row.first_handed_in_at = command.handed_in_on, clock.now()
    row.handed_in_to, row.receipt_no, row.updated_at = command.handed_in_to, command.receipt_no, clock.now()
    row.sheet_id = row.sheet_id or _sheet(row, families.of_case(case))
    events.note(case, "aid_handed_in", actor, on=command.handed_in_on, facts=_says(row))
    promises(case, actor)
    audit.record(db.session, "aid.handed_in", row)
    db.session.flush()
    return row


def answer(command: RecordAnswer, row: AidRequest, case: Case, actor: Actor) -> AidRequest:
    """The authority's own decision is written down: by whom, when, on which paper (S-3.4).

    Needs case:write. Refuses an answer to what was answered, and one before it was handed in. Given: the benefit stands with
    the family, its next re-check is promised and, if wished, the target group with the persons. Refused: the day until which an
    appeal may be filed, and the promise to tell the family. More: the papers are open again.
    """
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    _must_be_open(row)
    if row.handed_in_on is None and command.answer != "withdrawn":
        raise Conflict(_l("Record first when it was handed in."), "answered_on", code="not_handed_in")
    if row.handed_in_on is not None and command.answered_on < row.handed_in_on:
        raise Invalid(_l("The answer lies before the day it was handed in."), "answered_on")
    said = AidAnswer(
        request_id=row.id,
        answer=command.answer,
        answered_on=command.answered_on,
        authority=command.authority,
        office=command.office,
        paper_no=command.paper_no,
        per=command.per,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    said.belongs_to(row)
    said.reason, said.amount = command.reason, command.amount
    db.session.add(said)
    row.state, row.answered_on, row.updated_at = STATE_OF[command.answer], command.answered_on, clock.now()
    if command.answer == "given":
        benefits.given(command, row, case, actor)
    elif command.answer == "refused":
        _refused(command, row, case, actor)
    promises(case, actor)
    events.note(case, "aid_answered", actor, on=command.answered_on, facts=_says(row, command.answer))
    audit.record(db.session, "aid.answered", row)
    db.session.flush()
    return row


def void_answer(command: VoidAnswer, said: AidAnswer, row: AidRequest, case: Case, actor: Actor) -> AidRequest:
    """An answer recorded by mistake no longer counts; what it brought is ended, and the application waits again."""
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    living = [one for one in row.answers if one.voided_at is None]
    if said not in living or said is not living[-1]:
        raise Conflict(_l("Only the last answer can be taken back."), code="wrong_state")
    said.voided_at, said.void_reason = clock.now(), command.reason
    before = living[-2].answer if len(living) > 1 else None
    row.state = STATE_OF[before] if before else "handed_in" if row.handed_in_on else "preparing"
    row.answered_on = living[-2].answered_on if len(living) > 1 else None
    row.appeal_until = row.appeal_told_on = None
    if said.answer == "given":
        benefits.taken_back(row, case, actor)
    row.updated_at = clock.now()
    promises(case, actor)
    audit.record(db.session, "aid.answer_voided", row)
    db.session.flush()
    return row


def tell_appeal(command: TellAppeal, row: AidRequest, case: Case, actor: Actor) -> AidRequest:
    """The family knows how a refusal can be looked at again, and until when. Needs case:write; only after a refusal."""
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    if row.state != "refused" or row.answered_on is None:
        raise Conflict(_l("Nothing was refused here."), code="wrong_state")
    if command.told_on < row.answered_on:
        raise Invalid(_l("This day lies before the refusal."), "told_on")
    row.appeal_told_on, row.appeal_note, row.updated_at = command.told_on, command.note, clock.now()
    promises(case, actor)
    events.note(case, "aid_told", actor, on=command.told_on, facts=_says(row))
    audit.record(db.session, "aid.appeal_told", row)
    db.session.flush()
    return row


def promises(case: Case, actor: Actor) -> None:
    """What the applications of a case promise: to ask for an answer, to make up papers, to tell about an appeal."""
    db.session.flush()
    rows, at = queries.of_case(case), settings.At(case.station_path)
    open_ = [row for row in rows if row.state in queries.OPEN_STATES]
    since = {
        "aid_answer": [row.handed_in_on for row in open_ if row.state == "handed_in"],
        "relief_papers": [
            row.handed_in_on for row in open_ if row.urgent and set(row.papers_wanted or ()) - set(row.papers_ready or ())
        ],
        "aid_appeal": [row.answered_on for row in rows if row.state == "refused" and row.appeal_told_on is None],
    }
    for kind, found in since.items():
        first = min((day for day in found if day is not None), default=None)
        tasks.promise_next(case, kind, dates.add_working_days(first, at[PROMISED[kind]]) if first is not None else None, actor)


def papers_for(aid: str) -> list[str]:
    """What is usually handed in for an aid."""
    entry = reference.codes("assistance_aid").get(aid)
    return list(entry.facts.get("papers", ())) if entry is not None else []


def _says(row: AidRequest, answer: str | None = None) -> dict[str, Any]:
    """What an event tells: the aid, and what was answered."""
    found = [["assistance_aid", row.aid]]
    return {"says": [*found, ["assistance_answer", answer]] if answer else found}


def _new(case: Case, family: families.Family, actor: Actor) -> AidRequest:
    row = AidRequest(
        case_id=case.id,
        household_id=family.household_id,
        client_id=family.client_id,
        purpose="new",
        state="preparing",
        papers_ready=[],
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.belongs_to(case)
    return row


def _working(case: Case) -> families.Family:
    if case.status not in LIVE:
        raise Conflict(_l("The file is at another stage now, so this step is not open."), code="wrong_stage")
    return families.of_case(case)


def _must_be_open(row: AidRequest) -> None:
    if row.state not in queries.OPEN_STATES:
        raise Conflict(_l("This application was answered already."), code="wrong_state")


def _sheet(row: AidRequest, family: families.Family) -> Any:
    entry = reference.codes("assistance_aid").get(row.aid)
    if entry is None or not entry.facts.get("needs_sheet"):
        return None
    last = sheets.last_finished(family)
    return last.id if last is not None else None


def _refused(command: RecordAnswer, row: AidRequest, case: Case, actor: Actor) -> None:
    days = settings.At(case.station_path)["assistance.appeal_days"]
    row.appeal_until = command.answered_on + timedelta(days=days)
    if row.purpose == "recheck":
        benefits.stopped(command, row, case, actor)
