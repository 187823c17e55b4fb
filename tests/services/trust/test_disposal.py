"""Disposal: only whose time is over, never who is held; two people; nothing of them is left anywhere, everybody else and every figure stays."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select, update

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.trust import AskedAct, AuditEntry, DisposalCertificate
from caseapp.services.trust import asked
from caseapp.services.trust import disposal as service
from tests import laid
from tests.content import digests
from tests.engines import owned

LONG_AGO = date(1990, 5, 1)  # protection files are kept for thirty years
FIGURES = ("stat_fact", "stat_snapshot", "stat_release", "stat_cell", "stat_export", "stat_extract_case")
TELL_BY_ID = {"asked_act", "audit_entry", "audit_seen", "audit_waiting", "audit_number"}  # that it was done, and about which file


@pytest.fixture
def person(app: Flask, engine: Any) -> UUID:
    """The ordinary person of Riverside, long gone with every case; the household's cases are closed too."""
    row = laid.lay(engine)["Riverside"]
    client_id: UUID = row.ids["client_id"]
    with system_session("long ago", write=True) as session:
        client = session.get_one(c.Client, client_id)
        mine = sa.or_(c.Case.client_id == client_id, c.Case.household_id == client.household_id)
        session.execute(update(c.Case).where(mine).values(status="closed", closed_on=LONG_AGO))
        stay = update(c.Enrolment).where(c.Enrolment.client_id == client_id)
        session.execute(stay.values(to_on=LONG_AGO, end_reason="moved", from_on=date(1989, 1, 1)))
        session.execute(update(c.Client).where(c.Client.id == client_id).values(state="ended", birth_on=date(1945, 3, 2)))
        client.name = "Zebedee Quill"
    return client_id


def due() -> set[UUID]:
    """Whose time is over at Riverside."""
    return {one.client_id for one in service.due("/22/2224/222403/222403101/s1/", clock.today())}


def everywhere(ids: set[UUID], words: tuple[str, ...]) -> Iterator[str]:
    """Tables in which an id or a word is found, in any column of any kind."""
    marks = {one.bytes for one in ids}, {str(one) for one in ids} | {one.hex for one in ids} | set(words)
    with owned(write=False) as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(sa.select(*[sa.type_coerce(column, sa.types.NullType()) for column in table.columns])):
                for value in row:
                    text, raw = str(value), bytes(value) if isinstance(value, bytes | memoryview) else b""
                    if any(mark in raw for mark in marks[0]) or any(mark in text for mark in marks[1]):
                        yield table.name
                        break


def test_two_people_delete_for_good_and_nothing_else_changes(app: Flask, as_: Any, engine: Any, person: UUID) -> None:
    assert person in due()
    with system_session("before") as session:
        client = session.get_one(c.Client, person)
        files = {person, *session.scalars(select(c.Case.id).where(c.Case.client_id == person))}
        words = (client.name, client.file_no)
        goes_too = select(c.Client.id).where(c.Client.merged_into_id == person)  # the same human under another number
        files |= set(session.scalars(goes_too))
        others = {row.id: row.name for row in session.scalars(select(c.Client).where(c.Client.id.not_in(files)))}
        shared = session.scalars(select(c.VisitPerson.visit_id).where(c.VisitPerson.client_id == person)).all()
        with_others = select(c.VisitPerson.visit_id).where(c.VisitPerson.visit_id.in_(shared), c.VisitPerson.client_id != person)
        kept_visits = set(session.scalars(with_others))
    figures = {name: digests(engine)[name] for name in FIGURES}
    ann = as_("ann")
    with pytest.raises(Invalid):
        service.ask(ann.paths[0], [next(iter(others))], "over", ann)  # somebody who is on file
    asked_id = service.ask(ann.paths[0], [person], "ten years are over", ann).id
    db.session.commit()
    with pytest.raises(Forbidden):
        asked.agree(asked_id, replace(as_("ann"), channel="command"))
    db.session.rollback()
    asked.agree(asked_id, replace(as_("tao"), channel="command"))
    db.session.commit()

    with system_session("after") as session:
        assert service.left(session, files) == {}
        assert {one.id: one.name for one in session.scalars(select(c.Client))} == others
        assert set(session.scalars(select(c.Visit.id).where(c.Visit.id.in_(kept_visits)))) == kept_visits
        certificate = session.scalars(select(DisposalCertificate)).one()
        assert certificate.persons == 1 and certificate.deleted["client"] == 2 and sum(certificate.deleted.values()) > 20
        assert certificate.asked_by_id != certificate.agreed_by_id
        told = session.scalars(select(AuditEntry).where(AuditEntry.event == "asked.done")).one()
        assert "file.disposed" in told.changes["events"]
        assert person.bytes in bytes(told.people or b"")
        assert session.get_one(AskedAct, asked_id).state == "done"
    assert set(everywhere(files, words)) <= TELL_BY_ID
    if engine.name == "sqlite":  # what is deleted is overwritten, also in the file
        db.session.remove()
        db.engine.dispose()
        with closing(sqlite3.connect(db.engine.url.database or "")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert words[0].encode() not in Path(db.engine.url.database or "").read_bytes()
    assert {name: digests(engine)[name] for name in FIGURES} == figures
    with pytest.raises(sa.exc.DBAPIError), owned(write=True) as connection:
        connection.execute(sa.text("UPDATE disposal_certificate SET persons = 2"))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_is_held_or_on_file_again_stays(app: Flask, as_: Any, engine: Any, person: UUID) -> None:
    """Also when the hold is set after somebody asked: then nobody of the list is deleted."""
    bo = as_("bo")
    with pytest.raises(Forbidden):
        service.hold(db.session.get_one(c.Client, person), "mine", bo)
    ann = as_("ann")
    asked_id = service.ask(ann.paths[0], [person], "over", ann).id
    db.session.commit()
    ann = as_("ann")
    service.hold(db.session.get_one(c.Client, person), "A lawsuit about the flat", ann)
    db.session.commit()
    assert person not in due()
    tao = replace(as_("tao"), channel="command")
    with pytest.raises(Conflict):
        asked.agree(asked_id, tao)
    db.session.rollback()
    ann = as_("ann")
    service.lift(db.session.get_one(c.Client, person), ann)
    db.session.commit()
    assert person in due()
    db.session.rollback()
    with system_session("on file again", write=True) as session:
        session.execute(update(c.Enrolment).where(c.Enrolment.client_id == person).values(to_on=None, end_reason=None))
    assert person not in due()
    tao = replace(as_("tao"), channel="command")
    with pytest.raises(Conflict):
        asked.agree(asked_id, tao)
