"""Two random records of one person at Riverside, with random rows of every kind: what joining and taking apart is tried on."""

from datetime import date, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.access import images
from caseapp.core import clock, phones
from caseapp.models import casework as c
from caseapp.models import trust as t
from caseapp.queries.casework.clients.indexes import document_index, last_four_index, phone_index
from tests import rows
from tests.laid import cases as work
from tests.laid import people
from tests.laid.added import added

TAGS = ("EL02", "EL03", "EL04", "EL05")
PHONES = ("13800002206", "13800002207", "13900001111")


def record(session: Session, cast: Any, dice: Random, **more: Any) -> c.Client:
    """One record with random facts; sealed ones too."""
    some: dict[str, Any] = {
        "birth_on": dice.choice([date(1945, 3, 2), date(1945, 2, 3), None]),
        "living": dice.choice([None, "alone", "with_spouse"]),
        "benefits": dice.choice([None, ["dibao"], ["dibao", "tekun"]]),
        "risk": dice.choice(["green", "orange"]),
        "safe_contact": dice.choice([None, "in the morning"]),
        "planned_visit_on": dice.choice([None, clock.today() + timedelta(days=4)]),
        "worker_id": cast.users[dice.choice(["bo", "ben"])],
        "state": dice.choice(["on_file", "on_file", "ended"]),
    } | more
    name = some.pop("name", None) or dice.choice(["Wang", "Wang Shuhua"])
    row = rows.client(session, cast, "Riverside", name, **some)
    row.address, row.note = dice.choice([None, "3 East lane", "4 West lane"]), dice.choice([None, "deaf", "has a dog"])
    return row


def furnish(session: Session, person: c.Client, dice: Random) -> None:
    """Random rows that hang on a person."""
    now, worker = clock.now(), person.worker_id
    for phone in dice.sample(PHONES, dice.randint(0, 2)):
        known = phones.parse(phone)
        contact = c.Contact(client_id=person.id, kind="own", position=1, created_at=now)
        contact.phone, contact.phone_index = known.number, phone_index(known)
        contact.last_four_index = last_four_index(known.last_four)
        added(session, contact, person)
    for number in dice.sample(["X12345678", "X23456789", "X34567890"], dice.randint(0, 2)):
        paper = c.IdentityDocument(client_id=person.id, kind="414", number_index=document_index("414", number), created_at=now)
        paper.number = number
        added(session, paper, person)
    for code in dice.sample(TAGS, dice.randint(0, 3)):
        status = dice.choice(["suspected", "confirmed"])
        from_on = date(2026, dice.randint(1, 6), 1)
        added(session, c.TargetTag(client_id=person.id, code=code, status=status, from_on=from_on, created_at=now), person)
    for item in dice.sample(["phone", "document", "address"], dice.randint(0, 2)):
        added(session, c.RefusedItem(client_id=person.id, item=item, refused_on=clock.today(), created_at=now), person)
    if dice.random() < 0.6:
        consent = c.Consent(client_id=person.id, basis="consent", text_version="1", language="zh", scopes=["service"])
        consent.signer, consent.signed_on, consent.created_at, consent.signer_name = "self", date(2026, 1, 5), now, "Wang"
        added(session, consent, person)
        task = c.Task(kind="follow_up", client_id=person.id, user_id=worker, due_on=clock.today(), created_at=now)
        task.note = "ask again"
        added(session, task, person)
    if dice.random() < 0.6:
        held = rows.case(session, person, worker, status=dice.choice(["serving", "closed", "assessing"]), created_by_id=worker)
        detail = work.detail()
        detail.case_id, detail.created_at = held.id, now
        added(session, detail, held)
        work.work(session, held, worker, "gbt42195")
        work.visits(session, person, held)
    draft = t.Draft(user_id=worker, grant_id=dice.choice(GRANTS[worker]), form="edit", record=str(person.id))
    draft.address, draft.file_id, draft.payload = f"/clients/{person.id}/edit", person.id, {"note": ["half"]}
    draft.saved_at = draft.expires_at = now + timedelta(days=1)
    added(session, draft)


GRANTS: dict[UUID, list[UUID]] = {}


def pair(session: Session, cast: Any, dice: Random, **more: Any) -> tuple[UUID, UUID]:
    """Two records; alone, in two households or in one, with visits of both and pairs said to be two people."""
    GRANTS.update({cast.users[name]: [cast.grants[name]] for name in ("bo", "ben")})
    klasses = more.pop("klasses", None) or [dice.choice(["P2", "P2", "minor"]) for _n in range(2)]
    one, two = (record(session, cast, dice, klass=klass, **more) for klass in klasses)
    for person in (one, two):
        furnish(session, person, dice)
        if dice.random() < 0.6:
            person.household_id = people.household(session, cast, person)["household_id"]
    if one.household_id and two.household_id is None and dice.random() < 0.5:
        _same_home(session, one, two)
    if dice.random() < 0.7:
        _together(session, one, two, dice)
    third = record(session, cast, dice, name="Third")
    for person in (one, two):
        if dice.random() < 0.4:
            low, high = sorted((person, third), key=lambda row: row.id)
            apart = c.ClientApart(one_id=low.id, other_id=high.id, said_at=clock.now())
            added(session, apart, low)
    match = c.StationMatch(client_id=two.id, pair_id=uuid7(), other_station_id=cast.places["Hillside"], found_at=clock.now())
    added(session, match, two)
    return one.id, two.id


def _same_home(session: Session, one: c.Client, two: c.Client) -> None:
    """The second record is a member of the first one's household, tied to somebody who is tied to the first too."""
    home = session.get_one(c.Household, one.household_id)
    members = list(session.scalars(select(c.HouseholdMember).where(c.HouseholdMember.household_id == home.id)))
    member = c.HouseholdMember(
        household_id=home.id, client_id=two.id, relation_to_head="relative", position=9, created_at=clock.now()
    )
    added(session, member, two)
    for other in members[1:]:
        for ends, kind in (((other.id, member.id), "son"), ((member.id, other.id), "mother")):
            added(
                session,
                c.MemberLink(household_id=home.id, from_id=ends[0], to_id=ends[1], kind=kind, created_at=clock.now()),
                home,
            )
    two.household_id = home.id


def _together(session: Session, one: c.Client, two: c.Client, dice: Random) -> None:
    """One visit at which both records were ticked."""
    visit = rows.visit(session, one, one.worker_id, clock.today() - timedelta(days=3), dice.choice(["done", "not_met"]))
    visit.note, visit.began_at = "at the door", time(9, 30)
    second = c.VisitPerson(
        visit_id=visit.id, client_id=two.id, happened_on=visit.happened_on, outcome="done", findings=["as_usual"]
    )
    second.note = "said little"
    added(session, second, two)


def everything(session: Session) -> images.Image:
    """Every row of every table that names a person's record, as it stands; without what tells of the joining itself."""
    found: images.Image = {}
    for table in images.tables():
        if table.name in ("client_merge", "audit_seen"):
            continue
        for row in session.execute(select(table)).mappings():
            found[table.name, row["id"]] = dict(row)
    return found
