"""What a small demo has not: one of each thing that waits, is unfinished or has ended, so that every page can be shown with data."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models import statistics as st
from caseapp.models import trust as t
from caseapp.models.details import affairs, assistance, children
from tests.e2e import between
from tests.laid import extracts, figures

OPEN = ("assessing", "planning", "serving")


def furnish(app: Flask) -> dict[str, list[str]]:
    """Lays the things out; gives back, by account, addresses that are the first of their kind only for some rows."""
    with app.app_context(), system_session("test rows", write=True) as session:
        users = {row.username: row for row in session.scalars(select(o.User))}
        grant = session.scalars(select(o.Grant).where(o.Grant.user_id == users["worker"].id)).one()
        station = session.get(o.Organisation, grant.organisation_id)
        worker = users["worker"].id
        _waiting(session, station, worker)
        _unfinished(session, worker, grant.id)
        plain = _people(session, station.path, worker)
        ended, visited = plain[0], plain[1]
        _end(session, ended)
        visit = _visit(session, visited, worker)
        service = _service(session, station, worker)
        task = _task(session, visited, worker)
        _suspected(session, visited)
        disabled = o.User(
            username="gone", name="吴离职", home_path=station.path, created_at=clock.now(), disabled_at=clock.now(), language="zh"
        )
        session.add(disabled)
        session.flush()
        cases = dict(session.execute(_one_of_each(station.path)).all())
        files = [f"/elderly/cases/{cases[status]}" for status in sorted(cases, key=lambda status: status != "serving")]
        theirs = [f"/{domain}/cases/{key}" for domain, key in session.execute(_of_others(station.path))]
        kept = [*theirs, *_matters(session, worker), *_aid(session, worker), *_care(session, worker)]
        minor = session.scalars(
            select(c.Client.id).where(c.Client.klass == "minor", c.Client.station_path.like(station.path + "%"))
        ).first()
        shut = session.scalars(_restricted(station.path, worker)).first()
        files += theirs
        files.append(f"/elderly/cases/{shut}")
        kept.append(f"{files[0]}/assessments/suicide_risk/handed-on")
        own = [f"/clients/{visited.id}", f"/clients/{ended.id}/enrolments", f"/clients/{minor}", f"/visits/{visit}"]
        own += [f"/visits/services/{service}/void", f"/tasks/{task}"]
        sender = session.scalars(select(o.User.id).where(o.User.home_path != station.path).order_by(o.User.username)).first()
        sent = [*between.referred(session, station.path), *between.come_in(session, station, sender)]
        shared = [*between.joined(session, plain[3], plain[4]), *between.body(session, station), *sent]
        return {
            "worker": [*files, *kept, *own, *sent],
            "head": [*files, *own, *shared, *_passing(session, station, worker, [row.id for row in plain[:3]])],
            "supervisor": [*files[:-1], f"/clients/{minor}"],
            "township": files[:-1],
            "province": _of_the_province(session, users["province"], users["province2"]),
            "sysadmin": [
                f"/admin/accounts/{disabled.id}",
                f"/admin/organisations/{station.id}",
                f"/admin/organisations/{station.parent_id}",
            ],
        }


def _of_the_province(session: Session, user: o.User, other: o.User) -> list[str]:
    """A release that the other officer of the province has prepared, and an extract of each state that has a page of its own."""
    prepared = figures.waiting(session, "2020Q1", other.id, other.name, "季末")
    two = (other.id, other.name), (user.id, user.name)
    laid = [extracts.extract(session, *two, number, state) for number, state in enumerate(("weighed", "prepared", "approved"), 1)]
    release = session.scalars(select(st.StatRelease).order_by(st.StatRelease.period.desc())).first()
    grant = session.scalars(select(o.Grant).where(o.Grant.user_id == user.id)).one()
    area = session.scalars(
        select(st.StatCell).where(st.StatCell.release_id == release.id, st.StatCell.area_level == "province")
    ).first()
    if session.scalars(select(st.StatNoise.release_id).where(st.StatNoise.release_id == release.id)).first() is None:
        figures.explored(session, release, area.area, area.area_path)
    question = st.StatQuestion(release_id=release.id, grant_id=grant.id, user_id=user.id, measure="on_file", dims="sex")
    question.area, question.asked_at = area.area, clock.now()
    session.add(question)
    return [f"/statistics/preparations/{prepared}", *(f"/statistics/extracts/{key}" for key in laid)]


def _one_of_each(path: str) -> Any:
    """The lowest case id of each status at the station that everybody of it may open."""
    query = select(c.Case.status, func.min(c.Case.id)).where(c.Case.station_path.like(path + "%"), c.Case.klass == "P2")
    return query.where(c.Case.domain == "elderly").group_by(c.Case.status)


def _of_others(path: str) -> Any:
    """A case in service of each other domain that everybody of the station may open; one about a community (P1) beside it."""
    query = select(c.Case.domain, func.min(c.Case.id)).where(c.Case.station_path.like(path + "%"))
    query = query.where(c.Case.klass.in_(("P1", "P2")), c.Case.domain != "elderly", c.Case.status == "serving")
    return query.group_by(c.Case.domain, c.Case.klass).order_by(c.Case.domain, c.Case.klass)


def _matters(session: Session, worker: UUID) -> list[str]:
    """Of social affairs the worker's case of each matter, with an entry of it; a talk about a funeral."""
    kind = affairs.AffairsDetail.kind
    query = select(kind, func.min(c.Case.id)).join(c.Case, c.Case.id == affairs.AffairsDetail.case_id)
    found = session.execute(query.where(c.Case.worker_id == worker, c.Case.status.in_(OPEN)).group_by(kind).order_by(kind))
    cases = {kind: f"/affairs/cases/{case}" for kind, case in found}
    pages = [f"{case}/matter" for case in cases.values()]
    pages += [f"{case}/police-report" for kind, case in cases.items() if kind == "MF04"]  # linked until the police were told
    talk = session.scalars(select(affairs.FuneralAdvice.id).where(affairs.FuneralAdvice.worker_id == worker)).first()
    return [*pages, *([f"/affairs/funerals/{talk}/void"] if talk else [])]


def _aid(session: Session, worker: UUID) -> list[str]:
    """Of social assistance the worker's sheet of each state, an application of each state, a family."""
    pages = []
    for model, page in ((assistance.MeansSheet, "means"), (assistance.AidRequest, "applications")):
        query = select(model.state, model.case_id, model.id).join(c.Case, c.Case.id == model.case_id)
        rows = session.execute(query.where(c.Case.worker_id == worker, c.Case.status.in_(OPEN)).order_by(model.id))
        for case, key in {state: (case, key) for state, case, key in rows}.values():
            pages.append(f"/assistance/cases/{case}/{page}/{key}")
    return pages


def _care(session: Session, worker: UUID) -> list[str]:
    """Of child welfare the worker's report of each state, and the cases with a delegation and a look at the home."""
    report = children.ChildrenReport
    reports = session.execute(select(report.state, report.id).where(report.author_id == worker).order_by(report.id))
    pages = [f"/children/reports/{key}" for key in dict(reports.all()).values()]
    for model in (children.ChildrenDelegation, children.ChildrenSafetyCheck):
        query = select(model.case_id).join(c.Case, c.Case.id == model.case_id)
        case = session.scalars(query.where(c.Case.worker_id == worker, c.Case.status.in_(OPEN))).first()
        pages += [f"/children/cases/{case}/care", f"/children/cases/{case}/care/contacts/new"] if case else []
    child = session.scalars(select(c.Client).where(c.Client.klass == "minor", c.Client.worker_id == worker)).first()
    return [*pages, *(_grown(session, child) if child is not None else [])]


def _grown(session: Session, child: c.Client) -> list[str]:
    """The child is old enough to be asked, and only the guardian was: a duty that can be ended by hand."""
    today = clock.today()
    child.birth_on, child.birth_precision = today.replace(year=today.year - 15, day=1), "day"
    for row in session.scalars(select(c.Consent).where(c.Consent.client_id == child.id, c.Consent.signer == "self")):
        row.withdrawn_on = today
    consent = c.Consent(client_id=child.id, basis="consent", text_version="1", language="zh", scopes=["service"])
    consent.signer, consent.signed_on, consent.created_at = "guardian", today - timedelta(days=300), clock.now()
    consent.belongs_to(child)
    session.add(consent)
    return [f"/duties/own_consent/{child.id}", f"/clients/{child.id}/of-age"]


def _restricted(path: str, worker: UUID) -> Any:
    """Restricted files of the worker that are still open."""
    return select(c.Case.id).where(
        c.Case.station_path.like(path + "%"), c.Case.klass == "P3", c.Case.worker_id == worker, c.Case.client_id.is_not(None),
        c.Case.status.in_(OPEN), c.Case.domain == "elderly",
    )  # fmt: skip


def _suspected(session: Session, client: Any) -> None:
    """A target group that waits to be confirmed."""
    tag = c.TargetTag(client_id=client.id, code="EL09", status="suspected", from_on=clock.today(), created_at=clock.now())
    tag.belongs_to(client)
    session.add(tag)


def _people(session: Session, path: str, worker: UUID) -> list[Any]:
    """Ordinary people of the worker who have no case."""
    busy = select(c.Case.client_id).where(c.Case.client_id.is_not(None))
    query = select(c.Client).where(
        c.Client.station_path.like(path + "%"), c.Client.worker_id == worker, c.Client.klass == "P2", c.Client.id.not_in(busy)
    )
    return list(session.scalars(query.order_by(c.Client.id)))


def _passing(session: Session, station: Any, worker: UUID, people: list[UUID]) -> list[str]:
    """Pages of what passes between colleagues that no link leads to: acts for ticked persons, an absence that ends, an order undone."""
    named = "&".join(f"person={key}" for key in people[1:])
    cover = session.scalars(select(o.Cover.id).where(o.Cover.path == station.path)).first()
    person = session.get_one(c.Client, people[2])
    frame = c.Handover(kind="ordered", organisation_id=station.id, path=station.path, from_id=worker, created_at=clock.now())
    session.add(frame)
    session.flush()
    item = c.HandoverItem(handover_id=frame.id, client_id=person.id, from_id=worker, to_id=worker, state="ordered")
    item.belongs_to(person)
    item.answered_at = clock.now()
    session.add(item)
    session.flush()
    acts = [f"/clients/several/{act}?{named}" for act in ("assign", "tag", "end")]
    return [*acts, f"/team/covers/{cover}/end", f"/handovers/{frame.id}", f"/handovers/{frame.id}/undo"]


def _waiting(session: Session, station: Any, worker: UUID) -> None:
    """A role and a code that wait for the head's confirmation."""
    now = clock.now()
    newcomer = o.User(username="newcomer", name="郑新来", home_path=station.path, created_at=now, language="zh")
    session.add(newcomer)
    session.flush()
    grant = o.Grant(
        user_id=newcomer.id,
        role="worker",
        organisation_id=station.id,
        state="proposed",
        from_on=clock.today(),
        reason="任命文件",
        proposed_at=now,
    )
    session.add(grant)
    session.flush()
    session.add(o.GrantPlace(grant_id=grant.id, organisation_id=station.id, path=station.path))
    colleague = session.scalars(
        select(o.Grant.user_id).where(o.Grant.organisation_id == station.id, o.Grant.role == "worker", o.Grant.user_id != worker)
    ).first()
    session.add(
        o.OneTimeCode(user_id=colleague, purpose="forgotten", code_hash="x", made_at=now, expires_at=now + timedelta(days=3))
    )


def _unfinished(session: Session, worker: UUID, grant: UUID) -> None:
    now = clock.now()
    note = t.Draft(
        user_id=worker,
        grant_id=grant,
        form="service",
        record="",
        address="/visits/services/new",
        saved_at=now,
        expires_at=now + timedelta(days=7),
    )
    note.title, note.payload = "登记服务", {"note": ["写到一半"]}
    session.add(note)


def _end(session: Session, client: Any) -> None:
    client.state, client.next_visit_on = "ended", None
    stay = session.scalars(select(c.Enrolment).where(c.Enrolment.client_id == client.id)).first()
    stay.to_on, stay.end_reason = clock.today(), "moved"


def _visit(session: Session, client: Any, worker: UUID) -> UUID:
    """Today's visit of the worker, young enough to be amended, moved or voided."""
    visit = c.Visit(
        station_id=client.station_id, worker_id=worker, happened_on=clock.today(), kind="home", created_at=clock.now()
    )
    visit.belongs_to(client)
    session.add(visit)
    session.flush()
    person = c.VisitPerson(visit_id=visit.id, client_id=client.id, happened_on=clock.today(), outcome="done")
    person.belongs_to(client)
    session.add(person)
    return visit.id


def _service(session: Session, station: Any, worker: UUID) -> UUID:
    key = uuid7()
    session.add(
        c.ServiceRecord(
            id=key,
            file_id=key,
            klass="P1",
            station_id=station.id,
            station_path=station.path,
            kind="station",
            item="B1.1",
            catalogue_version="2021.1",
            happened_on=clock.today(),
            minutes=30,
            head_count=5,
            worker_id=worker,
            created_at=clock.now(),
        )
    )
    return key


def _task(session: Session, client: Any, worker: UUID) -> UUID:
    task = c.Task(
        kind="follow_up", client_id=client.id, user_id=worker, due_on=clock.today(), state="open", created_at=clock.now()
    )
    task.belongs_to(client)
    session.add(task)
    session.flush()
    return task.id
