"""Lock 2: query form × loader style × actor, and the forms that must be refused; run again on every SQLAlchemy upgrade."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, insert, select, text, union_all, update
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from caseapp.access import guard, scope
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models import organisation as o
from tests import rows

SHOWN = {  # actor → names of the clients whose rows they see
    "ann": {"plain", "minor", "hidden"},
    "bo": {"plain", "minor", "hidden"},
    "ben": {"plain", "minor"},
    "chen": {"plain", "minor", "other"},
    "tao": {"plain", "minor"},
    "eve": {"other"},
    "far": set(),
    "cora": set(),
    "pia": set(),
    "pat": set(),
    "sam": set(),
    "sec": set(),
    "dee": set(),
    "con": set(),
    "val": set(),
}
OPEN_VISITS = {**SHOWN, "ben": {"plain"}, "chen": {"plain", "other"}, "tao": {"plain"}}  # what hangs on a minor's file is shut


@pytest.fixture
def laid(app: Any, cast: Any) -> None:
    """Four people: an ordinary one, a minor and a P3 file, all Bo's, and one in Hillside; each with a visit and a tag."""
    with system_session("test rows", write=True) as session:
        bo, eve = cast.users["bo"], cast.users["eve"]
        for name, station, klass, worker in (
            ("plain", "Riverside", "P2", bo),
            ("minor", "Riverside", "minor", bo),
            ("hidden", "Riverside", "P3", bo),
            ("other", "Hillside", "P2", eve),
        ):
            person = rows.client(session, cast, station, name, klass=klass, worker_id=worker)
            rows.visit(session, person, worker, date(2026, 9, 1))
            tag = c.TargetTag(client_id=person.id, code="EL03", from_on=date(2026, 1, 1), created_at=person.created_at)
            tag.belongs_to(person)
            session.add(tag)


def names(found: Any) -> set[str]:
    return {name for name in found if name is not None}


V, P = aliased(c.Client), c.VisitPerson
FORMS: dict[str, Callable[[], set[str]]] = {
    "select": lambda: names(r.name for r in db.session.scalars(select(c.Client))),
    "columns": lambda: names(db.session.scalars(select(c.Client.name))),
    "alias": lambda: names(db.session.scalars(select(V.name))),
    "subquery": lambda: names(db.session.scalars(select(select(c.Client.name).subquery().c.name))),
    "cte": lambda: names(db.session.scalars(select(select(c.Client.name).cte("found").c.name))),
    "union": lambda: names(db.session.scalars(union_all(select(c.Client.name), select(c.Client.name)))),
    "join": lambda: (
        names(db.session.scalars(select(c.Client.name).join(c.TargetTag, c.TargetTag.client_id == c.Client.id)))
        | names(db.session.scalars(select(c.Client.name).join(c.Enrolment, c.Enrolment.client_id == c.Client.id, isouter=True)))
    ),
    "in subquery": lambda: names(
        db.session.scalars(select(c.Client.name).where(c.Client.id.in_(select(c.Client.id).where(c.Client.sex == "2"))))
    ),
    "exists": lambda: names(
        db.session.scalars(select(c.Client.name).where(exists().where(c.Client.id == c.Client.id).correlate(None)))
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", SHOWN)
def test_every_query_form_shows_only_the_actors_rows(laid: None, as_: Any, name: str, form: str) -> None:
    as_(name)
    assert FORMS[form]() == SHOWN[name]


@pytest.mark.parametrize("name", OPEN_VISITS)
def test_what_hangs_on_a_file_is_shut_with_it(laid: None, as_: Any, name: str) -> None:
    as_(name)
    visits = db.session.execute(select(c.Visit.id)).all()
    assert len(visits) == len(OPEN_VISITS[name])
    assert db.session.scalar(select(func.count(P.id))) == len(OPEN_VISITS[name])
    assert db.session.scalar(select(func.count()).select_from(c.TargetTag)) == len(OPEN_VISITS[name])


@pytest.mark.parametrize(("whole", "shown"), [(False, {"plain", "minor"}), (True, {"plain", "minor", "hidden"})])
def test_who_stands_in_sees_what_the_absent_one_may(laid: None, as_: Any, cast: Any, whole: bool, shown: set[str]) -> None:
    """Ben for Bo: the child's file, and what is restricted only where the head said so; in every form of query."""
    with system_session("absence", write=True) as session:
        row = o.Cover(absent_id=cast.users["bo"], cover_id=cast.users["ben"], reason="leave", with_restricted=whole)
        row.organisation_id, row.path = cast.places["Riverside"], cast.paths["Riverside"]
        row.from_on = row.to_on = clock.today()
        row.created_at = clock.now()
        session.add(row)
    as_("ben")
    for form, ask in FORMS.items():
        assert ask() == shown, form
    assert db.session.scalar(select(func.count(P.id))) == len(shown)
    assert db.session.scalar(select(func.count()).select_from(c.TargetTag)) == len(shown)


LOADERS: dict[str, Callable[[], tuple[Any, ...]]] = {
    "selectin": lambda: (selectinload(c.Client.tags),),
    "joined": lambda: (joinedload(c.Client.tags),),
}


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("name", ["ann", "bo", "ben", "tao", "eve"])
def test_every_loader_style_hides_the_children_too(laid: None, as_: Any, name: str, loader: str) -> None:
    as_(name)
    people = db.session.scalars(select(c.Client).options(*LOADERS[loader]())).unique().all()
    assert {p.name for p in people if p.tags} == OPEN_VISITS[name]


@pytest.mark.parametrize("name", ["ann", "bo", "ben", "tao", "eve"])
def test_children_read_from_a_join_that_is_written_out_are_hidden_too(laid: None, as_: Any, name: str) -> None:
    """Only the rules of the tables named are built for it: the others' would cost more than the statement."""
    as_(name)
    query = select(c.Client).outerjoin(c.Client.tags).options(contains_eager(c.Client.tags))
    people = db.session.scalars(query).unique().all()
    assert {p.name for p in people if p.tags} == OPEN_VISITS[name]
    assert c.Case not in guard.criteria(db.session)


@pytest.mark.parametrize("name", ["ben", "eve", "cora"])
def test_one_by_id_is_not_found_outside(laid: None, as_: Any, name: str) -> None:
    with system_session("ids") as session:
        ids = dict(session.execute(select(c.Client.name, c.Client.id)).all())
    as_(name)
    for person, key in ids.items():
        assert (db.session.get(c.Client, key) is not None) == (person in SHOWN[name])


def test_nobody_bound_sees_nothing(laid: None, as_: Any) -> None:
    guard.bind(db.session, None)
    assert db.session.scalars(select(c.Client)).all() == []


def test_bulk_writes_stay_inside(laid: None, as_: Any) -> None:
    as_("eve")
    changed = db.session.execute(update(c.Client).values(risk="red"))
    assert changed.rowcount == 1
    gone = db.session.execute(delete(c.TargetTag))
    assert gone.rowcount == 1


def test_forms_that_criteria_do_not_reach_are_refused(laid: None, as_: Any) -> None:
    as_("bo")
    key = db.session.scalars(select(c.Client.id)).first()
    with pytest.raises(guard.ScopeError):
        db.session.execute(update(c.Client), [{"id": key, "risk": "red"}])
    with pytest.raises(guard.ScopeError):
        db.session.scalars(select(c.Client).from_statement(text("SELECT * FROM client"))).all()
    with pytest.raises(guard.ScopeError):
        db.session.execute(insert(c.RefusedItem).from_select(["id"], select(c.Client.id)))
    other = aliased(c.Client)
    with pytest.raises(guard.ScopeError):
        db.session.execute(select(c.Case.id).join(other, other.id == c.Case.client_id))
    beneath = select(c.Assessment.id).join(other, other.id == c.Assessment.client_id).where(c.Assessment.case_id == c.Case.id)
    with pytest.raises(guard.ScopeError):
        db.session.execute(select(c.Case.id).where(beneath.exists()))


def test_a_flush_cannot_write_outside_the_grant(laid: None, as_: Any, cast: Any) -> None:
    as_("bo")
    person = db.session.scalars(select(c.Client).where(c.Client.name == "plain")).one()
    person.station_path = cast.paths["Hillside"]
    with pytest.raises(guard.ScopeError):
        db.session.flush()


def test_narrowed_criteria_equal_all_of_them(laid: None, as_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard names only the models a statement names; with every criterion set the answers are the same."""
    for name in ("ann", "ben", "tao", "eve", "cora"):
        as_(name)
        narrow = {form: ask() for form, ask in FORMS.items()}
        monkeypatch.setattr(guard, "scoped_in", lambda _statement: set(scope.SCOPED))
        assert {form: ask() for form, ask in FORMS.items()} == narrow
        monkeypatch.undo()


def test_every_table_is_scoped_or_declared_open() -> None:
    mapped = {mapper.class_ for mapper in db.Model.registry.mappers}
    assert mapped == scope.SCOPED.keys() | scope.OPEN
    assert not scope.SCOPED.keys() & scope.OPEN
