"""One row of every kind for every place of the tests: real ids by the names that routes give their arguments.

Riverside, Hillside and Faraway have an ordinary person each; "twin" is a second ordinary person of Riverside, "restricted" a
P3 file and "minor" the file of a child there, all Bo's. A route with an argument that `Laid.value` does not know fails the
house tests: whoever adds the route lays a row here.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp import reference
from caseapp.access import identity
from caseapp.access.system import system_session
from caseapp.adapters import passwords
from caseapp.core import clock, phones
from caseapp.models import casework as c
from caseapp.models import details as d
from caseapp.models import organisation as o
from caseapp.models import statistics as s
from caseapp.models import trust as t
from caseapp.queries.casework import reviews
from caseapp.queries.casework.clients.indexes import document_index, last_four_index, phone_index
from caseapp.reference.statistics import newest
from tests import rows
from tests.cast import LONG_AGO, Cast
from tests.cast import PLACES as CAST

PLACES = {  # place: (station, worker, class, the officer whose export belongs to it)
    "Riverside": ("Riverside", "bo", "P2", "cora"),
    "twin": ("Riverside", "bo", "P2", "cyr"),
    "restricted": ("Riverside", "bo", "P3", "cyr"),
    "minor": ("Riverside", "bo", "minor", "cyr"),
    "Hillside": ("Hillside", "eve", "P2", "oto"),
    "Faraway": ("Faraway", "far", "P2", "oto"),
}
CODE = passwords.hashed("ABCDEFGHJKLM")
STAGES = {  # the stage in which a case is open to the verb of an endpoint; "serving" for all others
    "accept": "intake",
    "decline": "intake",
    "plan": "assessing",
    "serve": "planning",
    "edit_plan": "planning",
    "close": "evaluating",
    "ask_closing": "evaluating",
    "resume": "evaluating",
    "follow_up": "closed",
    "reopen": "closed",
    "archive": "follow_up",
}
WORDS = {  # arguments that are no ids
    "instrument": "gbt42195",
    "name": "evaluate",
    "table": "on_file_age",
    "tag": "zh",
    "what": "address",
}
WITH_PART = {"what": "contact"}  # the same beside the id of a part
PARTS = {
    "edit_contact": "contact",
    "remove_contact": "contact",
    "reveal": "contact",
    "end_tag": "tag",
    "void_document": "document",
}
OTHERS = {  # (action of an endpoint, argument) → which other row it is for
    ("enrol", "client_id"): "former_id",  # who is no longer on file
    ("end", "client_id"): "caseless_id",  # who has no open case
    ("end_enrolment", "client_id"): "caseless_id",
    ("enable", "user_id"): "disabled_id",
    ("new_station", "organisation_id"): "township_id",
    ("close_organisation", "organisation_id"): "empty_id",  # a station where nobody is on file
}


def word(argument: str, others: set[str]) -> str:
    """What an argument that is no id is given, beside the other arguments of its route; KeyError for an unknown one."""
    known = WORDS | WITH_PART if "part_id" in others else WORDS
    return known[argument]


@dataclass
class Laid:
    """The rows of one place: where they lie, whose they are, and their ids by argument name."""

    path: str
    klass: str
    worker: UUID
    ids: dict[str, UUID] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)  # by stage
    parts: dict[str, UUID] = field(default_factory=dict)  # of the person
    owners: dict[str, UUID] = field(default_factory=dict)  # of what is somebody's own

    def value(self, endpoint: str, argument: str) -> UUID:
        """The id that an argument of a route gets; KeyError for one that nobody laid a row for."""
        action = endpoint.rpartition(".")[2].removeprefix("step_")
        if argument == "part_id":
            return self.parts[PARTS[action]]
        if argument == "case_id":
            return self.cases[STAGES.get(action, "serving")]
        return self.ids[OTHERS.get((action, argument), argument)]


def lay(engine: Any) -> dict[str, Laid]:
    """Writes everything in a system session."""
    with engine.app.app_context(), system_session("test rows", write=True) as session:
        release = _release(session)
        _second_role(session, engine.cast)
        return {place: _place(session, engine.cast, place, release) for place in PLACES}


def _second_role(session: Session, cast: Cast) -> None:
    """Ned, who holds no role at first, may work at two stations."""
    for station in ("Riverside", "Hillside"):
        grant = o.Grant(user_id=cast.users["ned"], role="worker", organisation_id=cast.places[station], state="active")
        grant.from_on, grant.reason, grant.proposed_at = LONG_AGO, "laid", clock.now()
        _added(session, grant)
        session.add(o.GrantPlace(grant_id=grant.id, organisation_id=cast.places[station], path=cast.paths[station]))


def _place(session: Session, cast: Cast, place: str, release: s.StatRelease) -> Laid:
    station, worker, klass, reader = PLACES[place]
    laid = Laid(cast.paths[station], klass, cast.users[worker])
    born = date(2015, 3, 2) if klass == "minor" else date(1945, 3, 2)
    facts = {"worker_id": laid.worker, "klass": klass, "birth_on": born, "next_visit_on": clock.today()}
    person = rows.client(session, cast, station, f"{place} person", **facts)
    former = rows.client(session, cast, station, f"{place} former", **facts, state="ended")
    caseless = rows.client(session, cast, station, f"{place} caseless", **facts)
    laid.ids |= {"client_id": person.id, "file_id": person.id, "former_id": former.id, "caseless_id": caseless.id}
    laid.parts = _parts(session, person)
    laid.ids |= {"tag_id": laid.parts["tag"], "enrolment_id": _stay(session, person)}
    laid.ids |= _household(session, cast, person)
    for stage in ("serving", *dict.fromkeys(STAGES.values())):
        case = rows.case(session, person, laid.worker, status=stage, risk_reason="alone", created_by_id=laid.worker)
        laid.cases[stage] = case.id
        if stage == "serving":
            laid.ids |= _work(session, case, laid.worker)
        elif stage == "planning":
            laid.ids |= _review(session, case, laid.worker)
    laid.ids |= _visits(session, person, laid)
    laid.ids |= _accounts(session, cast, station, place)
    laid.ids |= _own(session, cast, worker, person)
    laid.ids |= {"release_id": release.id, "export_id": _export(session, cast, release, reader)}
    laid.ids["entry_id"] = _entry(session, person, laid.worker)
    laid.owners = {"session_id": laid.worker, "draft_id": laid.worker, "export_id": cast.users[reader]}
    return laid


def _added(session: Session, row: Any, parent: Any = None) -> UUID:
    if parent is not None:
        row.belongs_to(parent)
    session.add(row)
    session.flush()
    key: UUID = row.id
    return key


def _stay(session: Session, person: c.Client) -> UUID:
    return session.scalars(select(c.Enrolment.id).where(c.Enrolment.client_id == person.id)).one()


def _parts(session: Session, person: c.Client) -> dict[str, UUID]:
    """A document, a contact and a target group."""
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
    return {name: _added(session, row, person) for name, row in (("document", document), ("contact", contact), ("tag", tag))}


def _household(session: Session, cast: Cast, person: c.Client) -> dict[str, UUID]:
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
    _added(session, home)
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
    _added(session, member)
    _added(session, named, home)
    for one, other, kind in ((named, member, "son"), (member, named, "mother")):
        link = c.MemberLink(household_id=home.id, from_id=one.id, to_id=other.id, kind=kind, created_at=now)
        _added(session, link, home)
    return {
        "household_id": home.id,
        "member_id": member.id,
        "named_id": named.id,
        "contact_id": _added(session, cadre),
        "task_id": _added(session, task, person),
        "consent_id": _added(session, consent, person),
    }


def _work(session: Session, case: c.Case, worker: UUID) -> dict[str, UUID]:
    """Details, a complete assessment that nobody stands for yet, and a plan with a goal."""
    detail = d.ElderlyDetail(case_id=case.id, lives_alone=True, created_at=clock.now())
    detail.needs = "Cold in the house"
    _added(session, detail, case)
    instrument = reference.instrument("gbt42195")
    answers = {item.code: max(option.score for option in item.options) for item in instrument.items}
    scored = reference.score(instrument, answers, {})
    row = c.Assessment(
        client_id=case.client_id,
        case_id=case.id,
        instrument=instrument.code,
        instrument_version=instrument.version,
        reason="first",
        assessed_on=clock.today(),
        total=scored.total,
        groups=dict(scored.groups),
        computed_level=scored.computed_level,
        created_at=clock.now(),
    )
    row.answers = answers
    plan, goal = _plan(session, case, worker, "draft")
    return {"assessment_id": _added(session, row, case), "plan_id": plan.id, "goal_id": goal.id}


def _plan(session: Session, case: c.Case, worker: UUID, state: str) -> tuple[c.Plan, c.Goal]:
    now, today = clock.now(), clock.today()
    plan = c.Plan(case_id=case.id, number=1, state=state, starts_on=today, created_at=now, created_by_id=worker)
    plan.agreed_on, plan.agreed_by, plan.agreed_how = today, "self", "signed"
    _added(session, plan, case)
    goal = c.Goal(plan_id=plan.id, position=1, due_on=today + timedelta(days=60), created_at=now, created_by_id=worker)
    goal.text = "Warm in winter"
    _added(session, goal, case)
    return plan, goal


def _review(session: Session, case: c.Case, worker: UUID) -> dict[str, UUID]:
    """A plan that waits for its review, with a remark."""
    plan, _goal = _plan(session, case, worker, "in_review")
    session.refresh(plan, ["goals", "items"])
    content = reviews.plan_content(plan)
    row = c.Review(
        case_id=case.id,
        plan_id=plan.id,
        kind="plan",
        asked_by_id=worker,
        asked_at=clock.now(),
        content_hash=reviews.digest(content),
        editors=[str(worker)],
    )
    row.content = content
    _added(session, row, case)
    remark = c.ReviewComment(case_id=case.id, review_id=row.id, field="aim", by_id=worker, at=clock.now())
    remark.body = "How warm?"
    return {"review_id": row.id, "comment_id": _added(session, remark, case)}


def _visits(session: Session, person: c.Client, laid: Laid) -> dict[str, UUID]:
    """A young visit of a round, and a service record of the case."""
    yesterday, worker = clock.today() - timedelta(days=1), laid.worker
    visit = rows.visit(session, person, worker, yesterday, created_by_id=worker, round_id=uuid7())
    record = c.ServiceRecord(
        station_id=person.station_id,
        kind="case",
        item="B1.1",
        catalogue_version="2021.1",
        happened_on=yesterday,
        worker_id=worker,
        client_id=person.id,
        case_id=laid.cases["serving"],
        created_at=clock.now(),
    )
    case = session.get_one(c.Case, laid.cases["serving"])
    return {"visit_id": visit.id, "round_id": visit.round_id, "record_id": _added(session, record, case)}


def _accounts(session: Session, cast: Cast, station: str, place: str) -> dict[str, UUID]:
    """Somebody who works at the station, with a code that waits, a newcomer whose role waits, an account that is shut; places."""
    now, made = clock.now(), {}
    for name, state in ((f"old-{place}".lower(), "active"), (f"new-{place}".lower(), "proposed")):
        user = o.User(username=name, name=name.title(), home_path=cast.paths[station], created_at=now, language="en")
        _added(session, user)
        session.add(o.Credential(user_id=user.id, password_hash=CODE, changed_at=now))
        grant = o.Grant(user_id=user.id, role="worker", organisation_id=cast.places[station], state=state, from_on=LONG_AGO)
        grant.reason, grant.proposed_at = "laid", now
        _added(session, grant)
        session.add(o.GrantPlace(grant_id=grant.id, organisation_id=cast.places[station], path=cast.paths[station]))
        made[state] = (user, grant)
    shut = o.User(username=f"shut-{place}".lower(), name="Shut", home_path=cast.paths[station], created_at=now, disabled_at=now)
    town = session.get_one(o.Organisation, cast.places[station]).parent_id
    empty = o.Organisation(kind="station", name="Empty station", short_name="Empty", parent_id=town, created_at=now)
    empty.path = f"{cast.paths[station].removesuffix('s1/')}s{20 + len(session.scalars(select(o.Organisation.id)).all())}/"
    empty.opened_on, empty.division_code = LONG_AGO, session.get_one(o.Organisation, cast.places[station]).division_code
    user, _grant = made["active"]
    code = o.OneTimeCode(user_id=user.id, purpose="forgotten", code_hash=CODE, made_at=now, expires_at=now + timedelta(days=3))
    return {
        "user_id": user.id,
        "grant_id": made["proposed"][1].id,
        "code_id": _added(session, code),
        "disabled_id": _added(session, shut),
        "organisation_id": cast.places[station],
        "township_id": town,
        "empty_id": _added(session, empty),
    }


def _own(session: Session, cast: Cast, worker: str, person: c.Client) -> dict[str, UUID]:
    """A device and a draft of the worker."""
    now, user, grant = clock.now(), cast.users[worker], cast.grants[worker]
    device = o.UserSession(
        user_id=user,
        token_hash=identity.digest(person.id.hex),
        grant_id=grant,
        device="phone",
        kind="web",
        started_at=now,
        seen_at=now,
    )
    draft = t.Draft(user_id=user, grant_id=grant, form="client-edit", record=str(person.id), file_id=person.file_id)
    draft.address, draft.title, draft.payload = f"/clients/{person.id}/edit", "Half a note", {"note": ["half a sentence"]}
    draft.saved_at, draft.expires_at = now, now + timedelta(days=7)
    return {"session_id": _added(session, device), "draft_id": _added(session, draft)}


def _entry(session: Session, person: c.Client, worker: UUID) -> UUID:
    """A trail entry of the person's file."""
    entry = t.AuditEntry(
        at=clock.now(),
        kind="read",
        event="client.opened",
        user_id=worker,
        role="worker",
        channel="page",
        station_path=person.station_path,
        people=person.id.bytes,
        count=1,
    )
    return _added(session, entry)


def _release(session: Session) -> s.StatRelease:
    """A published quarter: every table of the catalogue for every area of the cast that has figures."""
    catalogue, cells = newest(), []
    areas = [(name, row) for name, row in CAST.items() if row[0] in ("province", "city", "county", "township")]
    for table in catalogue.tables:
        dimension = table.dimension
        values = dimension.values if dimension else ()
        for key in ("", *(table.dims_key(value.code) for value in values)):
            cells += [
                s.StatCell(
                    table=table.code,
                    area=code,
                    dims_key=key,
                    area_path=path,
                    area_level=level,
                    area_name=label,
                    parent_area=CAST[parent][3] if parent else None,
                    shown="40",
                )
                for _name, (level, parent, path, code, label) in areas
            ]
    release = s.StatRelease(
        period="2026Q2",
        number=1,
        catalogue_version=catalogue.version,
        cut_off_on=date(2026, 7, 10),
        published_at=clock.now(),
        cells_sha256="0" * 64,
        cells=len(cells),
        hidden=0,
    )
    _added(session, release)
    for position, cell in enumerate(cells):
        cell.release_id, cell.position = release.id, position
    session.add_all(cells)
    session.flush()
    return release


def _export(session: Session, cast: Cast, release: s.StatRelease, reader: str) -> UUID:
    export = s.StatExport(
        release_id=release.id,
        grant_id=cast.grants[reader],
        user_id=cast.users[reader],
        path="/22/",
        format="csv",
        purpose="laid",
        made_at=clock.now(),
        file_name="laid.csv",
        media_type="text/csv; charset=utf-8",
        content=b"laid",
        sha256="0" * 64,
    )
    return _added(session, export)
