"""Joining two records of a station and taking them apart: every row there and back, whatever hangs on them, and who may not."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select, update

from caseapp.access import images
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.core.periods import Quarter
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.base import OfPerson
from caseapp.models.statistics import StatFact
from caseapp.models.trust import AuditEntry, Draft
from caseapp.queries.casework import clients
from caseapp.queries.casework.clients import lookalikes, merging, search
from caseapp.schemas.casework.client.duplicates import Merge
from caseapp.services.casework import due
from caseapp.services.casework.clients import contacts, merge
from caseapp.services.statistics.refresh import refresh
from tests import doubles, rows
from tests.services.casework.test_across import paper


def stand(reader=doubles.everything):
    """What stands in the tables now."""
    db.session.rollback()
    with system_session("what stands") as session:
        return reader(session)


def laid(cast, as_, seed=1, **more):
    """Two records with everything reckoned."""
    db.session.rollback()
    with system_session("doubles", write=True) as session:
        one, two = doubles.pair(session, cast, Random(seed), **more)
    as_("ann")
    due.refresh_all([clients.one(one), clients.one(two)])
    db.session.commit()
    return one, two


def command(one, two, **more):
    """What the head sends after comparing."""
    return Merge(two, clients.one(one).version, clients.one(two).version, seen=True, **more)


def joined(one, two, actor, **more):
    """Two records become one."""
    row = merge.join(command(one, two, **more), clients.one(one), clients.one(two), actor)
    key = row.id
    db.session.commit()
    return key


def apart(key, actor):
    """And two again."""
    left = merge.undo(*merging.one(key), actor)
    db.session.commit()
    return left


@pytest.mark.parametrize("seed", range(12))
def test_every_row_goes_there_and_comes_back(as_, cast, seed):
    dice = Random(f"choices {seed}")
    one, two = laid(cast, as_, seed)
    before = stand()
    ann = as_("ann")
    choices = merging.compare(clients.one(one), clients.one(two)).choices
    key = joined(one, two, ann, from_twin=tuple(code for code in choices if dice.random() < 0.5))
    after = stand()
    left_behind = {
        (name, column.name)
        for (name, _id), row in after.items()
        for table in images.tables()
        if table.name == name
        for column in images.moving(table)
        if row[column.name] == two
    }
    assert left_behind == set(), "every row that named the record given up names the one that stays"
    assert apart(key, as_("ann")) == []
    again = stand()
    assert again.keys() == before.keys()
    assert {k: (before[k], again[k]) for k in before if before[k] != again[k]} == {}


def test_every_table_of_persons_is_moved_or_stays_for_a_reason():
    """A new table of persons is joined without being named, or says in `STAYS` why it is not."""
    known = {table.name for table in images.tables()}
    mapped = {mapper.class_ for mapper in db.Model.registry.mappers}
    assert {model.__tablename__ for model in mapped if issubclass(model, OfPerson)} <= known
    assert all(images.moving(table) or table.name in {name.split(".")[0] for name in images.STAYS} for table in images.tables())
    named = {f"{table.name}.{column.name}" for table in images.tables() for column in table.columns}
    assert images.STAYS.keys() <= named
    loose = {  # ids of persons that no foreign key tells of
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("client_id") and not column.foreign_keys
    }
    assert loose == set()


def test_what_becomes_of_two_records(as_, cast):
    with system_session("rows", write=True) as session:
        one = rows.client(session, cast, "Riverside", "Wang", worker_id=cast.users["bo"], risk="green")
        two = rows.client(session, cast, "Riverside", "Wang S", worker_id=cast.users["ben"], risk="orange", living="alone")
        two.address, two.note, one.note = "4 West lane", "deaf", "has a dog"
        for person, from_on, status in ((one, 5, "suspected"), (two, 2, "confirmed")):
            tag = c.TargetTag(
                client_id=person.id, code="EL02", status=status, from_on=clock.today().replace(month=from_on, day=1)
            )
            tag.created_at = clock.now()
            tag.belongs_to(person)
            session.add(tag)
            rows.visit(session, person, person.worker_id, clock.today() - timedelta(days=from_on))
        paper(session, two)
        number = two.file_no
        one, two = one.id, two.id
    ann = as_("ann")
    both = merging.compare(clients.one(one), clients.one(two))
    assert {"name", "worker_id"} == set(both.choices)
    assert {row.code for row in both.differences} == {"name", "worker_id", "living", "address"}
    joined(one, two, ann, from_twin=("worker_id",))
    kept = clients.detailed(one, as_("bo"))
    assert (kept.name, kept.other_names, kept.living, kept.address) == ("Wang", "Wang S", "alone", "4 West lane")
    assert (kept.risk, kept.worker_id, kept.note) == ("orange", cast.users["ben"], "has a dog\ndeaf")
    assert [(row.status, row.from_on.month) for row in kept.tags if row.status != "cancelled"] == [("confirmed", 2)]
    assert db.session.scalar(select(func.count(c.VisitPerson.id)).where(c.VisitPerson.client_id == one)) == 2
    stays = db.session.scalars(select(c.Enrolment).where(c.Enrolment.client_id == one).order_by(c.Enrolment.to_on)).all()
    assert {(row.to_on, row.end_reason) for row in stays} == {(None, None), (clock.today(), "merged")}
    assert next(row for row in stays if row.to_on is None).worker_id == cast.users["ben"]
    with pytest.raises(NotFound):
        clients.one(two)
    assert [row.id for row in search.find(number, as_("bo"))] == ([one] if search.FILE_NO.fullmatch(number) else [])
    assert [row.id for row in merging.by_old_number(number)] == [one]
    as_("eve")
    assert merging.by_old_number(number) == [] and merging.pointer(two) is None


def test_the_stricter_class_holds_and_goes_back(as_, cast):
    one, two = laid(cast, as_, 3, klasses=["P2", "minor"])
    before = stand()
    key = joined(one, two, as_("ann"))
    after = stand()
    own = [row for (name, _id), row in after.items() if row.get("file_id") == one and name != "draft" and "class" in row]
    assert own and {row["class"] for row in own} == {"minor"}
    as_("chen")
    assert db.session.scalars(select(c.TargetTag).where(c.TargetTag.client_id == one)).all() == []
    apart(key, as_("ann"))
    assert stand() == before


def test_chains_lead_to_the_end_and_are_taken_apart_from_there(as_, cast):
    with system_session("rows", write=True) as session:
        keys = [rows.client(session, cast, "Riverside", f"Wang {n}", worker_id=cast.users["bo"]).id for n in range(3)]
    before = stand()
    first = joined(keys[1], keys[0], as_("ann"))
    second = joined(keys[2], keys[1], as_("ann"))
    ann = as_("ann")
    assert merging.pointer(keys[0]) == merging.pointer(keys[1]) == keys[2]
    with pytest.raises(Conflict, match="later joining"):
        merge.undo(*merging.one(first), ann)
    apart(second, as_("ann"))
    as_("ann")
    assert merging.pointer(keys[0]) == keys[1]
    apart(first, as_("ann"))
    assert stand() == before
    ann = as_("ann")
    with pytest.raises(Conflict, match="already"):
        merge.undo(*merging.one(first), ann)


def test_what_was_changed_since_stays_and_is_named(as_, cast):
    with system_session("rows", write=True) as session:
        one, two = (rows.client(session, cast, "Riverside", name, worker_id=cast.users["bo"]) for name in ("Wang", "Wong"))
        for person in (one, two):
            for kind in ("own", "relative"):
                contact = c.Contact(client_id=person.id, kind=kind, name=f"{kind} of {person.name}", created_at=clock.now())
                contact.belongs_to(person)
                session.add(contact)
        two.living = "alone"
        one, two = one.id, two.id
    key = joined(one, two, as_("ann"))
    bo = as_("bo")
    kept = clients.detailed(one, bo)
    by_name = {row.name: row for row in kept.contacts}
    gone, changed = by_name["own of Wong"], by_name["relative of Wong"]
    lost, altered = gone.id, changed.id
    contacts.remove(gone, kept, bo)
    changed.note = "only in the evening"
    kept.living = "with_spouse"
    visit = rows.visit(db.session, kept, bo.user_id, clock.today()).id
    db.session.commit()
    left = apart(key, as_("ann"))
    assert {(row["table"], row["id"]) for row in left} == {("contact", str(lost)), ("client", str(one))}
    as_("ann")
    assert clients.one(one).living == "with_spouse"
    back = db.session.get_one(c.Contact, altered)
    assert (back.client_id, back.note) == (two, "only in the evening"), "a part that the joining did not touch goes along"
    assert db.session.scalar(select(c.VisitPerson.client_id).where(c.VisitPerson.visit_id == visit)) == one


def test_time_runs_out_and_the_images_go(as_, cast):
    one, two = laid(cast, as_, 5)
    key = joined(one, two, as_("ann"))
    with system_session("later", write=True) as session:
        session.execute(update(c.ClientMerge).values(undo_until=clock.today() - timedelta(days=1)))
        others = [rows.client(session, cast, "Riverside", "Zhao", worker_id=cast.users["bo"]).id for _n in range(2)]
    ann = as_("ann")
    assert merging.recent() == []
    with pytest.raises(Conflict, match="Too much time"):
        merge.undo(*merging.one(key), ann)
    db.session.rollback()
    joined(*others, as_("ann"))
    assert stand(lambda session: session.get_one(c.ClientMerge, key).images_enc) is None


@pytest.mark.parametrize("name", ["bo", "chen", "tao"])
def test_only_the_head(as_, cast, name):
    one, two = laid(cast, as_, 1, klasses=["P2", "P2"])
    actor = as_(name)
    with pytest.raises(Forbidden):
        merge.join(command(one, two), clients.one(one), clients.one(two), actor)
    with pytest.raises(Forbidden):
        merge.keep_apart(clients.one(one), clients.one(two), actor)


def test_refusals(as_, cast):
    one, two = laid(cast, as_, 1, state="on_file")
    ann = as_("ann")
    good = command(one, two)
    rows_of = lambda: (clients.one(one), clients.one(two))  # noqa: E731 - read anew each time
    with pytest.raises(Invalid):
        merge.join(good, clients.one(one), clients.one(one), ann)
    for stale in ({"version": good.version + 1}, {"twin_version": good.twin_version + 1}):
        with pytest.raises(Conflict, match="meanwhile"):
            merge.join(Merge(**{**good.__dict__, **stale}), *rows_of(), ann)
    db.session.rollback()
    with system_session("rows", write=True) as session:
        session.get_one(c.Client, two).deceased_on = clock.today()
    ann = as_("ann")
    with pytest.raises(Conflict, match="died"):
        merge.join(command(one, two), *rows_of(), ann)
    db.session.rollback()
    with system_session("rows", write=True) as session:
        session.get_one(c.Client, two).deceased_on = None
        paper(session, session.get_one(c.Client, one))
        paper(session, session.get_one(c.Client, two), "222403195001011219")
    ann = as_("ann")
    with pytest.raises(Conflict, match="different ID numbers"):
        merge.join(command(one, two), *rows_of(), ann)
    db.session.rollback()
    with system_session("rows", write=True) as session:
        hill = rows.client(session, cast, "Hillside", "Wang", worker_id=cast.users["eve"]).id
    as_("ann")
    with pytest.raises(NotFound):
        clients.one(hill)
    assert stand(lambda session: session.scalar(select(func.count()).select_from(c.ClientMerge))) == 0


def told(session):
    """What the trail has of a joining."""
    return session.execute(select(AuditEntry.people, AuditEntry.changes).where(AuditEntry.event == "client.merged")).one()


def test_the_trail_names_both_records_and_every_row(as_, cast):
    one, two = laid(cast, as_, 2)
    joined(one, two, as_("ann"))
    entry = stand(told)
    people, changes = entry
    assert {one.bytes, two.bytes} <= {people[n : n + 16] for n in range(0, len(people), 16)}
    moved = [row for row in changes["rows"] if row["table"] == "enrolment"]
    assert moved and all("deaf" not in str(row) and "lane" not in str(row) for row in changes["rows"])


def test_unfinished_notes_go_along(as_, cast):
    one, two = laid(cast, as_, 4)
    joined(one, two, as_("ann"))
    found = stand(lambda session: [(d.file_id, d.address) for d in session.scalars(select(Draft))])
    assert {file for file, _address in found} == {one}
    assert all(str(two) not in address for _file, address in found)


def test_two_people_are_asked_once(as_, cast):
    with system_session("rows", write=True) as session:
        one, two = (rows.client(session, cast, "Riverside", "Wang", worker_id=cast.users["bo"]).id for _n in range(2))
    ann = as_("ann")
    assert [(pair.one.id, pair.two.id) for pair in lookalikes.of_station(ann)] == [(one, two)]
    merge.keep_apart(clients.one(one), clients.one(two), ann)
    db.session.commit()
    assert lookalikes.of_station(as_("ann")) == []
    ann = as_("ann")
    with pytest.raises(Conflict):
        merge.keep_apart(clients.one(two), clients.one(one), ann)
    assert lookalikes.of_station(as_("hal")) == []


def test_figures_of_the_quarter_count_one_person_and_released_ones_stay(as_, cast):
    with system_session("rows", write=True) as session:
        one, two = (rows.client(session, cast, "Riverside", "Wang", worker_id=cast.users["bo"]) for _n in range(2))
        for person in (one, two):
            rows.visit(session, person, cast.users["bo"], clock.today())
        one, two = one.id, two.id
    period = Quarter.of(clock.today())

    def counted():
        refresh(period)
        query = select(StatFact.measure, func.sum(StatFact.value)).where(StatFact.period == str(period), StatFact.dims_key == "")
        found = stand(lambda session: {row[0]: row[1] for row in session.execute(query.group_by(StatFact.measure))})
        return {name: found[name] for name in ("on_file", "visited", "visits")}

    db.session.rollback()
    assert counted() == {"on_file": 2, "visited": 2, "visits": 2}
    joined(one, two, as_("ann"))
    db.session.rollback()
    assert counted() == {"on_file": 1, "visited": 1, "visits": 2}
