"""The demo: the same from the same seed, true to the rules it shows, and open to every account it names."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select

from caseapp import config, create_app, domains, reference
from caseapp.access.roles import ROLES
from caseapp.access.system import system_session
from caseapp.cli import mark
from caseapp.cli.demo import fill, stations
from caseapp.cli.demo.entry import ACCOUNTS
from caseapp.cli.demo.generate import generate
from caseapp.cli.demo.places import PASSWORD
from caseapp.core import clock, identity_numbers
from caseapp.extensions import Base, db, intent
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models import statistics as s
from caseapp.models import trust as t
from caseapp.queries.casework import reviews
from tests import conftest
from tests.services.statistics import test_attack as attack

SEED, PEOPLE = 7, 150


@contextmanager
def demo(url: str, folder: Path, seed: int = SEED, released: int = 1) -> Iterator[Flask]:
    """An app whose database holds a small demo."""
    app = create_app(conftest.settings(url, folder))
    with app.app_context():
        intent.set("write")
        flask_migrate.upgrade()
        with mock.patch.object(fill, "MANY", PEOPLE):  # on PostgreSQL as for a million: by several processes, indexes afterwards
            generate(seed, clock.today(), PEOPLE, lambda _line: None, released=released)
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database of each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.sqlite3"
    address = request.getfixturevalue("postgres_address")
    if address is None:
        conftest.missing("PostgreSQL")
    with sa.create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sa.text("CREATE DATABASE demo_test"))
    return f"{address}/demo_test"


@pytest.fixture(scope="module")
def app(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A small demo on each engine, made once for the tests of this module."""
    with demo(url, tmp_path_factory.mktemp("instance")) as made:
        with made.app_context(), system_session("test") as found:
            made.extensions["told"] = told(found)  # before any test signs in and is trailed
        yield made


@pytest.fixture
def session(app: Flask) -> Iterator[Any]:
    """A session that sees everything."""
    with app.app_context(), system_session("test") as found:
        yield found


def told(session: Any) -> list[Any]:
    """What two runs must have in common: keys, names, days."""
    people = select(c.Client.id, c.Client.name, c.Client.birth_on, c.Client.next_visit_on, c.Client.file_no).order_by(c.Client.id)
    visits = select(c.Visit.id, c.Visit.happened_on, c.Visit.worker_id).order_by(c.Visit.id)
    cases = select(c.Case.id, c.Case.status, c.Case.next_step, c.Case.next_step_on).order_by(c.Case.id)
    seen = select(t.AuditSeen.file_id, t.AuditSeen.times, t.AuditSeen.last_at).order_by(t.AuditSeen.file_id, t.AuditSeen.last_at)
    return [tuple(row) for query in (people, visits, cases, seen) for row in session.execute(query)]


def test_same_seed_same_rows(app: Flask, tmp_path: Path) -> None:
    """Twice the same, also where no figures are published; another seed tells other people."""
    first = app.extensions["told"]
    for seed, is_same in ((SEED, True), (8, False)):
        url = f"sqlite:///{tmp_path}/{seed}.sqlite3"
        with demo(url, tmp_path, seed, released=0) as again, again.app_context(), system_session("test") as session:
            assert (told(session)[:PEOPLE] == first[:PEOPLE]) is is_same
            assert not is_same or told(session) == first


def test_identity_numbers_are_valid_and_fit_the_person(session: Any) -> None:
    """Check digit, birth, sex and place of every number; each is of one person only, but for two who are on file at two stations."""
    numbers = []
    query = select(c.IdentityDocument, c.Client).join(c.Client, c.Client.id == c.IdentityDocument.client_id)
    for document, client in session.execute(query):
        found = identity_numbers.check(document.kind, document.number, known_prefixes=reference.known_prefixes())
        assert (found.birth_on, found.sex, found.warnings) == (client.birth_on, client.sex, ())
        numbers.append(found.normalised)
    assert len(numbers) > PEOPLE * 0.9 and len(numbers) - len(set(numbers)) <= 2


def test_cases_went_the_way_of_the_workflow(session: Any) -> None:
    """Every event is a step that its status offers, the last one leads to where the case stands, gates were met."""
    for case in session.scalars(select(c.Case)):
        workflow, status = domains.get(case.domain).workflow, "intake"
        steps = sa.or_(c.CaseEvent.to_status.is_not(None), c.CaseEvent.step == "opened")
        query = select(c.CaseEvent).where(c.CaseEvent.case_id == case.id, steps).order_by(c.CaseEvent.at)
        events = session.scalars(query).all()
        assert events[0].step == "opened"
        for before, event in pairwise(events):
            step = workflow.step(event.step, status)
            assert (event.from_status, event.to_status) == (status, step.to) and event.happened_on >= before.happened_on
            status = step.to
        assert status == case.status and events[-1].happened_on == case.stage_since <= clock.today()
        if status in ("serving", "evaluating", "closing", "closed", "follow_up", "archived"):
            assert case.risk_reason and _approved(session, case, "plan")
            assert not domains.get(case.domain).instruments or _level(session, case)
        if status in ("closed", "follow_up", "archived"):
            assert case.closed_on and case.closing_reason and _approved(session, case, "closure")


def _approved(session: Any, case: Any, kind: str) -> bool:
    """Whether the approval holds for the content as it stands now (hash), and by somebody else than its author."""
    query = select(c.Review).where(c.Review.case_id == case.id, c.Review.kind == kind).order_by(c.Review.asked_at.desc())
    review = session.scalars(query).first()
    if kind == "plan":
        plan = session.scalars(select(c.Plan).where(c.Plan.case_id == case.id)).one()
        plan_goals = session.scalars(select(c.Goal).where(c.Goal.plan_id == plan.id).order_by(c.Goal.position)).all()
        plan_items = session.scalars(select(c.PlanItem).where(c.PlanItem.plan_id == plan.id).order_by(c.PlanItem.position)).all()
        sa.orm.attributes.set_committed_value(plan, "goals", plan_goals)
        sa.orm.attributes.set_committed_value(plan, "items", plan_items)
        content = reviews.plan_content(plan)
    else:
        content = reviews.closure_content(case)
    assert review.content_hash == reviews.digest(content) and review.content == content
    return bool(review.state == "approved" and review.decided_by_id != case.worker_id)


def _level(session: Any, case: Any) -> bool:
    """Every result comes to what its answers say; where the way to the plan asks for the main instrument, its level is confirmed."""
    rows = session.scalars(select(c.Assessment).where(c.Assessment.case_id == case.id)).all()
    for row in rows:
        instrument = reference.instrument(row.instrument, row.instrument_version)
        result = reference.score(instrument, row.answers, row.conditions)
        assert (result.computed_level, dict(result.groups)) == (row.computed_level, row.groups)
        assert row.total == (None if instrument.by_rules else result.total) and row.klass == (instrument.klass or case.klass)
    domain = domains.get(case.domain)
    asked = {need for step in domain.workflow.steps if step.name == "plan" for need in step.needs}
    main = domain.instruments[0]
    return "ability_assessment" not in asked or any(row.confirmed_at is not None and row.instrument == main for row in rows)


def test_a_crisis_lies_shut_in_an_open_file(session: Any) -> None:
    """Found, told, noted step by step, and the worker's next contact waits; nothing of it is of the file's own class."""
    rows = session.scalars(select(c.Assessment).where(c.Assessment.instrument == "suicide_risk")).all()
    assert rows
    for row in rows:
        case = session.get(c.Case, row.case_id)
        assert (row.klass, row.computed_level, case.klass, case.holds_restricted) == ("P3", "high", "P2", True)
        opened = select(t.FileAccess.user_id).where(t.FileAccess.file_id == case.id, t.FileAccess.kind == "assigned")
        assert session.scalars(opened).all() == [case.worker_id]
        tasks = session.scalars(select(c.Task).where(c.Task.assessment_id == row.id).order_by(c.Task.due_on, c.Task.id)).all()
        events = session.scalars(select(c.CaseEvent).where(c.CaseEvent.step == "protocol_step", c.CaseEvent.case_id == case.id))
        assert {one.klass for one in [*tasks, *events]} == {"P3"}
        waiting = [task for task in tasks if task.state == "open"]
        assert [task.kind for task in waiting] == ["crisis_contact"] and waiting[0].due_on >= clock.today()


def test_every_account_signs_in(app: Flask) -> None:
    """The known password opens every account named at the start; no first page is an error; `worker` finds people."""
    for name in [name for line in ACCOUNTS for name in line]:
        client = app.test_client()
        form = client.get("/login").text
        token = form.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        answer = client.post("/login", data={"csrf_token": token, "username": name, "password": PASSWORD})
        assert answer.status_code == 302, name
        first = client.get("/", follow_redirects=True)
        assert first.status_code == 200 and first.request.path == "/", name
        if name == "worker":
            assert client.get("/clients").text.count('href="/clients/0') >= 10


def test_accounts_hold_every_role_and_worker_has_work(session: Any) -> None:
    """Each role has an account; what `worker` should find is there whatever the seed."""
    held = session.execute(select(o.User.username, o.Grant.role).join(o.Grant, o.Grant.user_id == o.User.id))
    roles = {row.username: row.role for row in held}
    assert {roles[name] for line in ACCOUNTS for name in line} == set(ROLES)
    worker = session.scalars(select(o.User.id).where(o.User.username == "worker")).one()
    mine = session.scalars(select(c.Client).where(c.Client.worker_id == worker, c.Client.next_visit_on.is_not(None))).all()
    cases = session.scalars(select(c.Case).where(c.Case.worker_id == worker)).all()
    today = clock.today()
    assert sum(row.next_visit_on == today for row in mine) >= 2 and any(row.next_visit_on < today for row in mine)
    assert {"planning", "closing", "serving", "intake"} <= {row.status for row in cases}
    assert any(row.risk == "red" for row in cases) and any(row.klass == "P3" for row in cases)
    assert any(row.klass == "minor" for row in mine) and any(row.next_step == "fix_plan" for row in cases)


def test_grants_trail_and_figures(session: Any) -> None:
    """No worker-read file without a trail; grants were confirmed by their roles; the quarter before is published."""
    seen = set(session.scalars(select(t.AuditSeen.file_id)))
    assert set(session.scalars(select(c.Client.id))) <= seen and set(session.scalars(select(c.Case.id))) <= seen
    for entry in session.scalars(select(t.AuditEntry).where(t.AuditEntry.kind == "change", t.AuditEntry.people.is_not(None))):
        assert len(entry.people) == 16 * entry.count
    confirmed = {(row.grant_id, row.as_role) for row in session.scalars(select(o.GrantConfirmation))}
    for grant in session.scalars(select(o.Grant).where(o.Grant.role == "worker")):
        assert (grant.id, "station_head") in confirmed
    assert len(session.scalars(select(s.StatRelease)).all()) == 1


def test_no_future_and_no_hole(session: Any) -> None:
    """Nothing happened after today or before a person was on file; numbers go on where the demo stopped."""
    days = dict(session.execute(select(c.Enrolment.client_id, c.Enrolment.from_on)).all())
    for person in session.scalars(select(c.VisitPerson)):
        assert days[person.client_id] <= person.happened_on <= clock.today()
    counters = {(row.place, row.series): row.value for row in session.scalars(select(t.Counter))}
    for client in session.scalars(select(c.Client)):
        year, number = client.file_no.split("-")[-2:]
        assert int(number) <= counters[client.station_path, f"P-{year}"]


def test_indexes_that_were_set_aside_are_back(session: Any) -> None:
    known = {table.name: {index.name for index in table.indexes} for table in Base.metadata.sorted_tables}
    looked = sa.inspect(session.get_bind())
    there = {table: {index["name"] for index in looked.get_indexes(table)} for table in known}
    assert {table: names - there[table] for table, names in known.items() if names - there[table]} == {}


def test_mark(session: Any) -> None:
    """Production refuses a demo database, the demo refuses an unmarked one; an old demo says so."""
    found = mark.find()
    assert found is not None and found.is_complete and not found.is_old
    assert mark.Mark(1, clock.today() - timedelta(days=8), 1, True).is_old
    real = config.from_environment(
        {"CASEAPP_SECRET_KEY": "0123456789abcdefghijklmnop", "CASEAPP_DATA_KEYS": conftest.KEY, "CASEAPP_ENV": "production"}
    )
    with pytest.raises(config.BadSettings, match="demo database"):
        mark.require_fitting(real)


def test_demo_leaves_other_databases_alone(sqlite: Any) -> None:
    """The cast's database carries no mark."""
    with sqlite.app.app_context(), pytest.raises(config.BadSettings, match="not marked"):
        mark.require_fitting(config.from_environment({"CASEAPP_ENV": "demo"}))


def test_pieces_are_bounded() -> None:
    """However many people a station has, so many are kept in memory at most (and a household's more)."""
    assert stations.PIECE <= 500


def test_no_small_cell_of_the_published_quarters_is_found(app: Flask) -> None:
    """The attack of the statistics tests, over every release of the demo."""
    with app.app_context():
        with system_session("test") as found:
            releases = found.scalars(select(s.StatRelease)).all()
            found.expunge_all()
        assert releases
        for release in releases:
            shown, true = attack.known(release), attack.truth(release)
            for measure in set(shown) - {"hours"}:
                cells = shown[measure]
                targets = attack.small_cells(cells, true[measure], attack.limits())
                for cell, (low, high) in attack.span(cells, attack.equations(cells, release), targets).items():
                    assert high - low > 0.01, f"{release.period} {measure} {cell} is exactly {low:.2f}"
