"""What hangs on a person, and the household, village contact and task beside it."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.core import clock, phones
from caseapp.models import casework as c
from caseapp.models import trust as t
from caseapp.queries.casework.clients.indexes import document_index, last_four_index, phone_index
from tests.cast import Cast
from tests.laid.added import added


def stay(session: Session, person: c.Client) -> UUID:
    return session.scalars(select(c.Enrolment.id).where(c.Enrolment.client_id == person.id)).one()


def parts(session: Session, person: c.Client) -> dict[str, UUID]:
    """A document, a contact and a target group, and one that is only suspected."""
    now, number, phone = clock.now(), f"X{person.id.hex[-8:].upper()}", phones.parse("13800002206")
    document = c.IdentityDocument(client_id=person.id, kind="414", number_index=document_index("414", number), created_at=now)
    document.number = number
    contact = c.Contact(client_id=person.id, kind="own", position=1, created_at=now)
    contact.phone, contact.phone_index, contact.last_four_index = (
        phone.number,
        phone_index(phone),
        last_four_index(phone.last_four),
    )
    tag = c.TargetTag(client_id=person.id, code="EL03", from_on=date(2026, 1, 1), created_at=now)
    maybe = c.TargetTag(client_id=person.id, code="EL04", status="suspected", from_on=date(2026, 1, 1), created_at=now)
    named = (("document", document), ("contact", contact), ("tag", tag), ("suspected", maybe))
    return {name: added(session, row, person) for name, row in named}


def household(session: Session, cast: Cast, person: c.Client) -> dict[str, UUID]:
    """A household with the person and somebody who is only named, a village contact, a task and a consent."""
    now, key = clock.now(), uuid7()
    home = c.Household(
        id=key,
        file_id=key,
        station_id=person.station_id,
        station_path=person.station_path,
        klass="P2",
        household_no=f"H-{key.hex[-8:]}",
        name="A household",
        name_key="a household",
        residence_code=person.residence_code,
        created_at=now,
    )
    home.address = "3 East lane"
    added(session, home)
    member = c.HouseholdMember(household_id=home.id, client_id=person.id, relation_to_head="head", created_at=now)
    member.belongs_to(home)
    member.klass, member.file_id = person.klass, person.file_id
    named = c.HouseholdMember(household_id=home.id, name="Named", relation_to_head="son", position=1, created_at=now)
    key = uuid7()
    cadre = c.VillageContact(
        id=key,
        file_id=key,
        station_id=person.station_id,
        station_path=person.station_path,
        klass="P1",
        division_code="222403101201",
        role="cadre",
        name="Cadre",
        created_at=now,
    )
    cadre.phone = "13900001111"
    task = c.Task(kind="follow_up", client_id=person.id, user_id=person.worker_id, due_on=clock.today(), created_at=now)
    consent = c.Consent(client_id=person.id, basis="consent", text_version="1", language="zh", scopes=["service"])
    consent.signer, consent.signed_on, consent.created_at = "self", date(2026, 1, 5), now
    added(session, member)
    added(session, named, home)
    aunt = c.HouseholdMember(household_id=home.id, name="Aunt", relation_to_head="relative", position=2, created_at=now)
    added(session, aunt, home)
    kin = ((named, member, "son"), (member, named, "mother"), (aunt, named, "uncle_aunt"), (named, aunt, "nephew_niece"))
    for one, other, kind in kin:
        link = c.MemberLink(household_id=home.id, from_id=one.id, to_id=other.id, kind=kind, created_at=now)
        added(session, link, home)
    return {
        "household_id": home.id,
        "member_id": member.id,
        "named_id": named.id,
        "aunt_id": aunt.id,
        "contact_id": added(session, cadre),
        "task_id": added(session, task, person),
        "consent_id": added(session, consent, person),
    }


def named(session: Session, row: c.Client | c.Case, cast: Cast) -> UUID:
    """Somebody is named on a file; an evaluator, to whom it opens nothing."""
    entry = t.FileAccess(
        file_id=row.file_id,
        station_path=row.station_path,
        user_id=cast.users["val"],
        kind="named",
        from_on=clock.today(),
        made_at=clock.now(),
    )
    return added(session, entry)
