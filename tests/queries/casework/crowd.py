"""Many of everything that a station keeps, so that lists can be measured."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.core import clock
from caseapp.models import casework as c
from tests import rows
from tests.cast import Cast


def of(session: Session, cast: Cast, count: int, station: str = "Riverside") -> dict[str, UUID]:
    """So many persons on file with household, papers, case, plan, review, visits, service and task; ids of the last."""
    worker = cast.users["bo" if station == "Riverside" else "eve"]
    found: dict[str, UUID] = {"station": cast.places[station]}
    for number in range(count):
        person = rows.client(
            session, cast, station, f"Person {number:03}", worker_id=worker,
            next_visit_on=clock.today() + timedelta(days=number % 40 - 10), next_visit_rule="risk_green",
            next_visit_facts={"risk": "green"},
        )  # fmt: skip
        found |= {"client": person.id, "household": _household(session, person, number)}
        _papers(session, person, worker)
        for status in ("serving", "closed"):
            found["case"] = _case(session, person, worker, number, status)
        _visits(session, person, worker, number)
    _village_contacts(session, cast, station, count)
    session.flush()
    return found


def _add(session: Session, row: Any, parent: Any = None) -> Any:
    if parent is not None:
        row.belongs_to(parent)
    session.add(row)
    return row


def _household(session: Session, person: c.Client, number: int) -> UUID:
    key, now = uuid7(), clock.now()
    home = c.Household(
        id=key, file_id=key, household_no=f"H-{key.hex[-8:]}", name=f"Home {number:03}", name_key=f"home{number:03}",
        station_id=person.station_id, station_path=person.station_path, klass="P2", residence_code="222403101201", created_at=now,
    )  # fmt: skip
    session.add(home)
    session.flush()
    head = c.HouseholdMember(household_id=key, client_id=person.id, relation_to_head="head", created_at=now)
    son = c.HouseholdMember(household_id=key, name="Son", relation_to_head="son", created_at=now)
    for member in (head, son):
        _add(session, member, person)
    session.flush()
    for one, other, relation in ((head, son, "son"), (son, head, "father")):
        _add(session, c.MemberLink(household_id=key, from_id=one.id, to_id=other.id, kind=relation, created_at=now), home)
    person.household_id = key
    return key


def _papers(session: Session, person: c.Client, worker: UUID) -> None:
    now = clock.now()
    contact = c.Contact(client_id=person.id, kind="own", created_at=now)
    contact.phone = "13800002206"
    _add(session, contact, person)
    tag = c.TargetTag(client_id=person.id, code="EL03", status="confirmed", from_on=date(2026, 1, 5), created_at=now)
    _add(session, tag, person)
    consent = c.Consent(
        client_id=person.id, basis="consent", text_version="1", language="zh", scopes=["service"], signer="self",
        channel="paper", paper_place="box", signed_on=date(2026, 1, 5), created_at=now,
    )  # fmt: skip
    _add(session, consent, person)
    task = c.Task(kind="notify_later", client_id=person.id, user_id=worker, due_on=clock.today(), state="open", created_at=now)
    _add(session, task, person)
    alert = c.Task(
        kind="urgent_intake", client_id=person.id, for_role="station_head", due_on=clock.today(), state="open", created_at=now
    )
    _add(session, alert, person)


def _case(session: Session, person: c.Client, worker: UUID, number: int, status: str) -> UUID:
    now, today = clock.now(), clock.today()
    closed = {"closed_on": today, "closing_reason": "achieved"} if status == "closed" else {}
    case = rows.case(
        session, person, worker, status=status, next_step="visit", next_step_on=today + timedelta(days=number % 30), **closed
    )
    plan = c.Plan(case_id=case.id, number=1, state="in_review", starts_on=today, created_at=now, written_by=[str(worker)])
    _add(session, plan, case)
    session.flush()
    for position in (1, 2):
        goal = c.Goal(plan_id=plan.id, position=position, due_on=today, progress=0, dropped=False, created_at=now)
        goal.text = "walks safely"
        _add(session, goal, case)
    if status == "serving":
        for kind, of_plan in (("plan", plan.id), ("file_check", None)):
            review = c.Review(
                station_id=case.station_id, case_id=case.id, plan_id=of_plan, kind=kind, state="open", round=1,
                asked_by_id=worker, asked_at=now - timedelta(hours=number), content_hash="x" * 64, editors=[],
            )  # fmt: skip
            review.content = {}
            _add(session, review, case)
    event = c.CaseEvent(case_id=case.id, step="opened", to_status=status, happened_on=today, at=now, by_id=worker)
    _add(session, event, case)
    member = c.CaseMember(case_id=case.id, user_id=worker, part="worker", from_on=today, created_at=now)
    _add(session, member, case)
    return case.id


def _visits(session: Session, person: c.Client, worker: UUID, number: int) -> None:
    for back in (0, 30):
        visit = rows.visit(session, person, worker, clock.today() - timedelta(days=back))
        record = c.ServiceRecord(
            station_id=person.station_id, kind="visit", item="B1.1", catalogue_version="2026.1", happened_on=visit.happened_on,
            minutes=30, worker_id=worker, client_id=person.id, visit_id=visit.id, created_at=clock.now(), created_by_id=worker,
        )  # fmt: skip
        _add(session, record, person)
    session.flush()


def _village_contacts(session: Session, cast: Cast, station: str, count: int) -> None:
    for number in range(count):
        contact = c.VillageContact(
            station_id=cast.places[station], station_path=cast.paths[station], division_code="222403101201",
            role="cadre", name=f"Contact {number:03}", created_at=clock.now(),
        )  # fmt: skip
        contact.klass, contact.file_id = "P1", contact.id
        session.add(contact)
