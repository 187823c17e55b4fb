"""What a person may have once only, seen to before every row moves: tags, stays, households, attendances, the same paper twice.

Each works past the row rules in the session of the joining, on rows that are within its reach and imaged before.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from caseapp.core import clock
from caseapp.models.casework import (
    Client,
    ClientApart,
    Contact,
    Enrolment,
    HandoverItem,
    HouseholdMember,
    IdentityDocument,
    MemberLink,
    RefusedItem,
    TargetTag,
    VisitPerson,
)
from caseapp.models.trust import Draft

MERGED = "merged"


def see_to(session: Session, kept: UUID, gone: UUID, *, home_of_gone: bool) -> None:
    """Everything that would be there twice."""
    _stays(session, kept, gone)
    _tags(session, kept, gone)
    _papers(session, kept, gone)
    _visits(session, kept, gone)
    _home(session, kept, gone, home_of_gone=home_of_gone)
    _apart(session, kept, gone)
    _drafts(session, kept, gone)
    _handovers(session, kept, gone)
    session.flush()


def _rows(session: Session, model: Any, client_id: UUID, *more: Any) -> list[Any]:
    return list(session.scalars(select(model).where(model.client_id == client_id, *more).order_by(model.id)))


def _handovers(session: Session, kept: UUID, gone: UUID) -> None:
    """What waits to be handed over says nothing any more once there is one person: it is offered anew."""
    for key in (kept, gone):
        for row in _rows(session, HandoverItem, key, HandoverItem.case_id.is_(None), HandoverItem.state == "waiting"):
            row.state = "fallen"


def _stays(session: Session, kept: UUID, gone: UUID) -> None:
    """Of two stays that run, that of the record given up ends today, as joined; both days stay told."""
    mine, theirs = (_rows(session, Enrolment, key, Enrolment.to_on.is_(None)) for key in (kept, gone))
    if mine and theirs:
        theirs[0].to_on = max(clock.today(), theirs[0].from_on)
        theirs[0].end_reason = MERGED
        session.flush()


def _tags(session: Session, kept: UUID, gone: UUID) -> None:
    """Of one group that both hold, the earlier day and the surer word stay; the second row no longer counts."""
    holding = (TargetTag.case_id.is_(None), TargetTag.to_on.is_(None), TargetTag.status != "cancelled")
    mine = {row.code: row for row in _rows(session, TargetTag, kept, *holding)}
    for row in _rows(session, TargetTag, gone, *holding):
        if row.code in mine:
            first = mine[row.code]
            first.from_on = min(first.from_on, row.from_on)
            if row.status == "confirmed":
                first.status = "confirmed"
            row.status = "cancelled"


def _papers(session: Session, kept: UUID, gone: UUID) -> None:
    """The same paper, phone or refused item twice: one is enough."""
    papers = {row.number_index for row in _rows(session, IdentityDocument, kept, IdentityDocument.voided_at.is_(None))}
    for paper in _rows(session, IdentityDocument, gone, IdentityDocument.voided_at.is_(None)):
        if paper.number_index is not None and paper.number_index in papers:
            session.delete(paper)
    mine = _rows(session, Contact, kept)
    known = {(row.phone_index, row.kind, row.name) for row in mine if row.phone_index is not None}
    last = max((row.position for row in mine), default=0)
    for contact in _rows(session, Contact, gone):
        if (contact.phone_index, contact.kind, contact.name) in known:
            session.delete(contact)
        else:
            last += 1
            contact.position = last
    items = {row.item for row in _rows(session, RefusedItem, kept)}
    for item in _rows(session, RefusedItem, gone):
        if item.item in items:
            session.delete(item)
    session.flush()


def _visits(session: Session, kept: UUID, gone: UUID) -> None:
    """Both at one visit: one attendance, met if either was."""
    mine = {row.visit_id: row for row in _rows(session, VisitPerson, kept)}
    for row in _rows(session, VisitPerson, gone):
        first = mine.get(row.visit_id)
        if first is None:
            continue
        if row.outcome == "done" and first.outcome != "done":
            first.outcome, first.reason, first.neighbour_vouched = row.outcome, row.reason, row.neighbour_vouched
        first.findings = sorted({*(first.findings or ()), *(row.findings or ())}) or None
        first.case_id = first.case_id or row.case_id
        first.note = "\n".join(text for text in (first.note, row.note) if text) or None
        session.delete(row)
    session.flush()


def _home(session: Session, kept: UUID, gone: UUID, *, home_of_gone: bool) -> None:
    """One household at a time: in the other the person stays named, as living elsewhere; in the same one, one member."""
    mine = session.scalar(select(HouseholdMember).where(HouseholdMember.client_id == kept))
    theirs = session.scalar(select(HouseholdMember).where(HouseholdMember.client_id == gone))
    if mine is None or theirs is None:
        return
    if mine.household_id == theirs.household_id:
        _one_member(session, mine, theirs)
        return
    other = mine if home_of_gone else theirs
    person = session.get_one(Client, other.client_id)
    other.name, other.sex = person.name, person.sex
    other.birth_year = person.birth_on.year if person.birth_on else None
    other.client_id, other.lives_here, other.left_on = None, False, clock.today()
    session.flush()


def _one_member(session: Session, mine: HouseholdMember, theirs: HouseholdMember) -> None:
    """Ties of the second row go to the first, where it has none to the same relative."""
    links = list(session.scalars(select(MemberLink).where(MemberLink.household_id == mine.household_id)))
    known = {(link.from_id, link.to_id) for link in links}
    for link in links:
        if theirs.id not in (link.from_id, link.to_id):
            continue
        ends = tuple(mine.id if end == theirs.id else end for end in (link.from_id, link.to_id))
        if ends[0] == ends[1] or ends in known:
            session.delete(link)
        else:
            link.from_id, link.to_id = ends
            known.add((ends[0], ends[1]))
    session.flush()
    session.execute(delete(HouseholdMember).where(HouseholdMember.id == theirs.id))


def _apart(session: Session, kept: UUID, gone: UUID) -> None:
    """Who was said to be somebody else than the one is somebody else than the other too."""
    query = select(ClientApart).where(or_(ClientApart.one_id == gone, ClientApart.other_id == gone))
    for row in session.scalars(query):
        other = row.other_id if row.one_id == gone else row.one_id
        low, high = sorted((kept, other))
        said = select(func.count(ClientApart.id)).where(ClientApart.one_id == low, ClientApart.other_id == high)
        if other == kept or session.scalar(said):
            continue
        new = ClientApart(one_id=low, other_id=high, said_at=row.said_at, said_by_id=row.said_by_id)
        new.belongs_to(session.get_one(Client, low))
        session.add(new)


def _drafts(session: Session, kept: UUID, gone: UUID) -> None:
    """Unfinished notes go on where the person now is."""
    query = select(Draft.user_id, Draft.grant_id, Draft.form).where(Draft.record == str(kept))
    taken = {tuple(row) for row in session.execute(query)}
    for row in session.scalars(select(Draft).where(or_(Draft.file_id == gone, Draft.record == str(gone)))):
        row.address = row.address.replace(str(gone), str(kept))
        if row.record == str(gone) and (row.user_id, row.grant_id, row.form) not in taken:
            row.record = str(kept)
