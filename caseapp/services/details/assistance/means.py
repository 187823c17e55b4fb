"""A means sheet from its beginning to the day it is frozen: begun from the last one, written section by section, finished by two."""

from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.casework.case import LIVE
from caseapp.models.details.assistance import MeansSection, MeansSheet
from caseapp.models.details.assistance.means import MEMBERS, SECTIONS
from caseapp.queries.details.assistance import family as families
from caseapp.queries.details.assistance import gaps, sheets
from caseapp.queries.organisation import workers
from caseapp.schemas.details.assistance.means import (
    FinishSheet,
    VoidSheet,
    WriteEnquiry,
    WriteMembers,
    WriteSection,
)
from caseapp.services.casework.cases import events
from caseapp.services.trust import audit
from caseapp.services.versions import expect, expect_version

FROZEN = _l("This sheet is finished and stays as it is. A new one can be begun from it.")
FRESH = {"basis": "declared", "evidence": None, "place": None}  # last year's paper shows nothing about this year


def begin(case: Case, actor: Actor) -> MeansSheet:
    """A new sheet with the members of the household as it stands and the lines of the last finished sheet, to be asked again.

    Needs case:write. Refuses a case that is not worked on. While one is being filled in, that one comes back.
    """
    policy.require(actor, Permission.CASE_WRITE, case)
    if case.status not in LIVE:
        raise Conflict(_l("The file is at another stage now, so this step is not open."), code="wrong_stage")
    begun = sheets.begun(case)
    if begun is not None:
        return begun
    family = families.of_case(case)
    last = sheets.last_finished(family)
    before = sheets.by_name(last) if last is not None else {}
    sheet = MeansSheet(
        case_id=case.id,
        household_id=family.household_id,
        client_id=family.client_id,
        number=sheets.next_number(case),
        copied_from_id=last.id if last is not None else None,
        staff=[{"user": str(actor.user_id)}],
        state="draft",
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    sheet.belongs_to(case)
    db.session.add(sheet)
    db.session.flush()
    for name in SECTIONS:
        section = MeansSection(sheet_id=sheet.id, section=name, created_at=clock.now(), created_by_id=actor.user_id)
        section.belongs_to(case)
        held = before[name].content or [] if name in before else []
        section.content = _members(family, held) if name == MEMBERS else _again(name, held)
        db.session.add(section)
    audit.record(db.session, "means.begun", sheet)
    db.session.flush()
    return sheet


def read_household(sheet: MeansSheet, case: Case, actor: Actor) -> MeansSheet:
    """Takes over who belongs to the household now; what was decided about the others stays. Needs case:write."""
    sheet = _open(sheet, actor)
    section = sheets.by_name(sheet)[MEMBERS]
    section.content, section.saved = _members(families.of_case(case), section.content or []), False
    section.updated_at = clock.now()
    audit.record(db.session, "means.members_read", sheet)
    db.session.flush()
    return sheet


def write_members(command: WriteMembers, sheet: MeansSheet, actor: Actor) -> MeansSection:
    """Who is counted and who not, with the reason; who they are comes from the household and is never retyped."""
    sheet = _open(sheet, actor)
    section = sheets.by_name(sheet)[MEMBERS]
    expect_version(section, command.version)
    said = {member.key: member for member in command.members}
    known = section.content or []
    if said.keys() - {member["key"] for member in known}:
        raise Invalid(_l("Choose one of the answers offered."), "members")
    section.content = [_decided(member, said.get(member["key"])) for member in known]
    return _saved(section, sheet, actor)


def write_section(command: WriteSection, name: str, sheet: MeansSheet, actor: Actor) -> MeansSection:
    """The lines of one section, whole. Needs case:write; refuses a frozen sheet, a stale version, a person who is no member."""
    sheet = _open(sheet, actor)
    named = sheets.by_name(sheet)
    section = named[name]
    expect_version(section, command.version)
    members = {member["key"] for member in named[MEMBERS].content or []}
    strangers = {
        place: {"who": [_l("Choose one of the answers offered.")]}
        for place, line in enumerate(command.lines)
        if line.who is not None and line.who not in members
    }
    if strangers:
        raise Invalid(fields={"lines": strangers})
    section.content = _keyed([asdict(line) for line in command.lines])
    section.said_none = command.said_none
    return _saved(section, sheet, actor)


def write_enquiry(command: WriteEnquiry, sheet: MeansSheet, actor: Actor) -> MeansSheet:
    """Who enquired, when, how, with what consent; everything may still be missing. Refuses one person twice."""
    sheet = _open(sheet, actor)
    expect_version(sheet, command.version)
    sheet.staff = _staff(command, sheet)
    sheet.enquired_on, sheet.methods = command.enquired_on, list(command.methods)
    sheet.consent_how, sheet.consent_on = command.consent_how, command.consent_on
    sheet.paper_place, sheet.remark = command.paper_place, command.remark
    sheet.updated_at = clock.now()
    audit.record(db.session, "means.enquiry_written", sheet)
    db.session.flush()
    return sheet


def finish(command: FinishSheet, sheet: MeansSheet, case: Case, actor: Actor) -> MeansSheet:
    """The sheet stands as it is from now on, with its sums.

    Needs case:write. Refuses while something needed is missing (two different staff, methods, consent, every section asked,
    where the signed paper lies) and when anything changed since it was looked at. Leaves an event with the case.
    """
    sheet = _open(sheet, actor)
    expect(whole_version(sheet), command.version)
    missing = [gap.code for gap in gaps.of(sheet, sheets.by_name(sheet)) if gap.needed]
    if missing:
        raise Conflict(_l("The sheet is not complete yet."), code="means_incomplete", missing=missing)
    sheet.totals = sheets.sums_of(sheet).kept()
    sheet.state, sheet.finished_at, sheet.finished_by_id = "finished", clock.now(), actor.user_id
    sheet.updated_at = clock.now()
    events.note(case, "means_finished", actor, on=sheet.enquired_on)
    audit.record(db.session, "means.finished", sheet)
    db.session.flush()
    return sheet


def void(command: VoidSheet, sheet: MeansSheet, case: Case, actor: Actor) -> MeansSheet:
    """The sheet no longer counts, with a reason; it stays readable. Needs case:write."""
    policy.require(actor, Permission.CASE_WRITE, sheet)
    sheet = sheets.for_writing(sheet.id)
    if sheet.state == "void":
        raise Conflict(_l("This sheet is void already."), code="wrong_state")
    expect(whole_version(sheet), command.version)
    sheet.state, sheet.voided_at, sheet.void_reason, sheet.updated_at = "void", clock.now(), command.reason, clock.now()
    events.note(case, "means_void", actor, text=command.reason)
    audit.record(db.session, "means.voided", sheet)
    db.session.flush()
    return sheet


def whole_version(sheet: MeansSheet) -> int:
    """A number that grows with every change of the sheet or one of its sections."""
    return sheet.version + sum(section.version for section in sheet.sections)


def _open(sheet: MeansSheet, actor: Actor) -> MeansSheet:
    """The sheet locked for writing; refuses a frozen one."""
    policy.require(actor, Permission.CASE_WRITE, sheet)
    sheet = sheets.for_writing(sheet.id)
    if sheet.state != "draft":
        raise Conflict(FROZEN, code="means_frozen")
    return sheet


def _members(family: families.Family, held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The household as it stands, with what was decided about each before."""
    decided = {member["key"]: {name: member[name] for name in ("counted", "why", "work")} for member in held}
    return [{**member.kept(), **decided.get(member.key, {})} for member in families.members(family)]


def _again(name: str, held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of the last sheet to be asked again; what is owned keeps its paper."""
    return [{**line, **({} if name == "property" else FRESH), "basis": "declared"} for line in held]


def _decided(member: dict[str, Any], said: Any) -> dict[str, Any]:
    if said is None:
        return member
    return {**member, "counted": said.counted, "why": None if said.counted else said.why, "work": said.work}


def _keyed(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each line with a key of its own that it keeps in later sheets, so that last year's amount can stand beside it."""
    seen: set[str] = set()
    for line in lines:
        if not line["key"] or line["key"] in seen:
            line["key"] = uuid4().hex[:12]
        seen.add(line["key"])
    return lines


def _saved(section: MeansSection, sheet: MeansSheet, actor: Actor) -> MeansSection:
    section.saved, section.updated_at, section.updated_by_id = True, clock.now(), actor.user_id
    audit.record(db.session, "means.section_written", sheet, fields=(section.section,))
    db.session.flush()
    return section


def _staff(command: WriteEnquiry, sheet: MeansSheet) -> list[dict[str, Any]]:
    """The two who enquired: colleagues by account, somebody else by name and office."""
    for field, user_id in (("first_id", command.first_id), ("second_id", command.second_id)):
        if user_id is not None and not workers.works_at(user_id, sheet.station_path):
            raise Invalid(_l("This person does not work at this station."), field)
    if command.second_name and command.first_id is not None and _same(command.second_name, command.first_id):
        raise Invalid(_l("The enquiry needs two different persons."), "second_name")
    first = {"user": str(command.first_id)} if command.first_id else {}
    second: dict[str, Any] = {"user": str(command.second_id)} if command.second_id else {}
    if command.second_name:
        second = {"name": command.second_name, "office": command.second_office}
    return [first, second]


def _same(name: str, user_id: UUID) -> bool:
    return workers.names([user_id]).get(user_id, "").replace(" ", "") == name.replace(" ", "")
