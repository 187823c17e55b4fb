"""The registry: two persons, a chain whose every link can be reckoned anew, rows that the database itself lets nobody change."""

import gzip
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from caseapp.access import paths
from caseapp.access.system import system_session
from caseapp.core.errors import Conflict, Forbidden, Invalid
from caseapp.core.periods import Quarter
from caseapp.extensions import db, intent
from caseapp.models import casework as c
from caseapp.models import ddl
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatCell, StatCertificate, StatExport, StatPreparation, StatRelease
from caseapp.queries.statistics import published
from caseapp.services.organisation.tree import relocate
from caseapp.services.statistics import certificates, files
from caseapp.services.statistics.refresh import refresh
from caseapp.services.statistics.release import approve, cancel, prepare
from caseapp.services.statistics.release.chain import cells_sha, faults, head, told
from tests import rows
from tests.cast import PASSWORD
from tests.laid import figures
from tests.services.statistics.fixtures import Q3

TRIGGERS = {  # tables that the database refuses to change
    "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'tr\\_%\\_no\\_update' ESCAPE '\\'",
    "postgresql": "SELECT event_object_table FROM information_schema.triggers WHERE trigger_name LIKE 'tr\\_%\\_no\\_update'",
}


def test_each_head_stands_on_the_one_before(publish: Any) -> None:
    first, second = publish(Quarter(2026, 2)), publish()
    assert (first.number, first.previous_head, second.number, second.previous_head) == (1, "", 2, first.head)
    assert (first.made_by, first.checked_by) == ("Pia", "Pat")
    with system_session("test") as session:
        assert faults(session) == []
        said = json.loads(files.files(session, session.get_one(StatRelease, second.id))["release.json"])
    assert said["chain"]["head"] == second.head == head(said["chain"]["previous"], said["chain"]["release"])


@pytest.mark.parametrize("what", ["cutoff", "name", "cell"])
def test_whoever_exchanges_a_release_is_found_out(sqlite: Any, what: str) -> None:
    """Past the triggers, as somebody could who owns the database file: the chain tells which number does not agree."""
    with sqlite.app.app_context(), system_session("test", write=True) as session:
        release = figures.release(session)
        ddl.thaw(session.connection(), ("stat_release", "stat_cell"))
        release.previous_head = ""
        query = select(StatCell.table, StatCell.area, StatCell.dims_key, StatCell.shown).order_by(StatCell.position)
        release.cells_sha256 = cells_sha(session.execute(query))
        release.certificate_sha256 = "0" * 64
        session.add(StatCertificate(release_id=release.id, content=b"x", sha256="0" * 64))
        release.head = head("", told(release))
        session.flush()
        assert faults(session) == []
        if what == "cutoff":
            release.cut_off_on = release.cut_off_on.replace(day=11)
        elif what == "name":
            release.checked_by = "Somebody else"
        else:
            session.execute(update(StatCell).where(StatCell.position == 3).values(shown="41"))
        session.flush()
        assert faults(session) == [f"{release.number}: {'cells' if what == 'cell' else 'head'}"]


def test_the_database_itself_refuses_every_change(engine: Any, publish: Any) -> None:
    release = publish()
    with engine.app.app_context():
        with system_session("an export", write=True) as session:
            figures.export(session, engine.cast, session.get_one(StatRelease, release.id), "cora")
            if session.get(StatCertificate, release.id) is None:
                certificates.keep(session, release.id, b"witnesses")
        for statement in (
            update(StatRelease).values(hidden=0),
            update(StatCell).values(shown="1"),
            update(StatExport).values(purpose="another"),
            update(StatCertificate).values(sha256="0" * 64),  # its bytes may be sealed anew, under another key
            delete(StatCell),
            delete(StatRelease),
            delete(StatCertificate),
            delete(StatExport),
            *([text("TRUNCATE stat_cell")] if engine.name == "postgresql" else []),
        ):
            with (
                pytest.raises(DBAPIError, match=r"never changes|permission denied"),
                system_session("test", write=True) as session,
            ):
                session.execute(statement)


def test_nobody_publishes_the_own_work_or_without_the_own_password(app: Any, county: Any, as_: Any) -> None:
    refresh(Q3)
    pia = as_("pia")
    row = prepare(Q3, "end", pia)
    db.session.commit()
    preparation_id = row.id
    db.session.rollback()
    intent.set("read")
    with pytest.raises(Forbidden, match="another officer"):
        approve(preparation_id, PASSWORD, as_("pia"), address="here")
    with pytest.raises(Forbidden):
        approve(preparation_id, PASSWORD, as_("cora"), address="here")
    with pytest.raises(Invalid, match="password"):
        approve(preparation_id, "guessed-wrongly", as_("pat"), address="here")
    with system_session("test") as session:
        assert session.scalars(select(StatRelease)).all() == []
    approve(preparation_id, PASSWORD, as_("pat"), address="here")
    with pytest.raises(Conflict):
        approve(preparation_id, PASSWORD, as_("pat"), address="here")
    with system_session("test") as session:
        release = session.scalars(select(StatRelease)).one()
        gone = session.get_one(StatPreparation, preparation_id)
        assert (gone.state, gone.release_id, gone.content) == ("published", release.id, None)
    intent.set("write")


def test_a_preparation_that_facts_have_left_behind_cannot_be_published(app: Any, county: Any, as_: Any) -> None:
    refresh(Q3)
    row = prepare(Q3, "end", as_("pia"))
    assert len(json.loads(gzip.decompress(row.content))) == row.cells
    db.session.commit()
    preparation_id = row.id
    db.session.rollback()
    with system_session("one more", write=True) as session:
        rows.client(session, county, "Riverside", "Late", birth_on=date(1941, 1, 2))
    refresh(Q3)
    intent.set("read")
    with pytest.raises(Conflict, match="prepare it anew"):
        approve(preparation_id, PASSWORD, as_("pat"), address="here")
    db.session.rollback()
    intent.set("write")
    again = prepare(Q3, "with the late one", as_("pia")).id
    db.session.commit()
    with pytest.raises(Conflict, match="being prepared"):
        prepare(Q3, "and again", as_("pia"))
    cancel(again, "not yet", as_("pat"))
    db.session.commit()
    assert db.session.get(StatPreparation, preparation_id).state == "expired"


def test_a_place_that_moves_changes_no_release_of_the_past(engine: Any, publish: Any) -> None:
    """The county goes from the city to the province itself: its rows go along, what was published of it stays as it was.

    Its officers read that as before; of what was released under the old place since it left they would read nothing.
    """
    release = publish()
    seen = {name: published.lines(engine.cast.actor(name), release) for name in ("cora", "cyr", "oto")}
    db.session.rollback()
    with engine.app.app_context(), system_session("a county moves", write=True) as session:
        before = files.files(session, session.get_one(StatRelease, release.id))
        row, province = (session.get_one(Organisation, engine.cast.places[name]) for name in ("county", "province"))
        old = row.path
        relocate(session, row, province)
        assert session.get_one(Organisation, row.id).path != old
        assert session.scalars(select(StatCell.area).where(StatCell.area_path == old)).first() is not None
        assert files.files(session, session.get_one(StatRelease, release.id)) == before
        assert faults(session) == []
        frozen = set(session.scalars(text(TRIGGERS[engine.name])))
        assert {table.name for table, _column in paths.tables_with_paths()}.isdisjoint(frozen), "a move would be refused"
    cora = engine.cast.actor("cora")
    assert [path for path, _left in cora.formerly] == [old] and old not in cora.paths
    assert {name: published.lines(engine.cast.actor(name), release) for name in seen} == seen
    long_ago = replace(cora, formerly=((old, release.published_at),))
    assert seen["cora"] and not published.lines(long_ago, release), "what came there after it had left"


def test_a_person_who_goes_changes_no_release_of_the_past(publish: Any) -> None:
    release = publish()
    with system_session("test") as session:
        before = files.files(session, session.get_one(StatRelease, release.id))
    with system_session("whoever asks to be forgotten", write=True) as session:
        for model in (c.VisitPerson, c.TargetTag, c.ServiceRecord):
            session.execute(delete(model))
        session.execute(update(c.Client).values(name="gone", birth_on=None, sex="9"))
        session.execute(update(c.Enrolment).values(to_on=c.Enrolment.from_on))
    with system_session("test") as session:
        assert files.files(session, session.get_one(StatRelease, release.id)) == before
        assert faults(session) == []
