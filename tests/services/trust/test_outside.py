"""The wall around people, at work: whichever way a bureau's request turns to the database, no person's table answers."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session, selectinload
from uuid_utils.compat import uuid7

from caseapp.access import guard, outside
from caseapp.access.system import joined, system_session
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatCell, StatFact
from caseapp.models.trust import AuditSeen, FileAccess

client = c.Client.__table__
BUREAUS = ("cora", "cyr", "pia", "con", "val", "sam", "sec")


@pytest.fixture
def asks(as_: Any) -> Callable[..., Any]:
    """Binds the session to somebody who sent a request, and not to a command."""

    def become(name: str, channel: str = "page") -> Any:
        actor = replace(as_(name), channel=channel)
        guard.bind(db.session, actor)
        return actor

    return become


def ways() -> dict[str, Callable[[], object]]:
    """Every road to the database that the product has, each asking for a person."""

    def system(statement: Any) -> object:
        with system_session("a try") as session:
            return session.execute(statement).all()

    def within(statement: Any) -> object:
        with joined("a try") as session:
            return session.execute(statement).all()

    def engine(statement: Any) -> object:
        with db.engine.connect() as connection:
            return connection.execute(statement).all()

    def own(statement: Any) -> object:
        with Session(db.engine) as session:
            return session.execute(statement).all()

    hidden = select(StatCell.area).where(select(client.c.id).exists())
    return {
        "rows": lambda: db.session.scalars(select(c.Client)).all(),
        "one by its id": lambda: db.session.get(c.Client, uuid7()),
        "a number": lambda: db.session.scalar(select(func.count()).select_from(c.Visit)),
        "plain tables": lambda: db.session.connection().execute(select(client.c.id)).all(),
        "a system session": lambda: system(select(c.Client.id)),
        "a session joined to the request's": lambda: within(select(func.count()).select_from(c.Case)),
        "a connection": lambda: engine(hidden),
        "a session of one's own": lambda: own(select(StatFact.value)),
        "by hand": lambda: db.session.execute(text("SELECT 1 FROM client")).all(),
        "by hand, nothing at all": lambda: db.session.execute(text("SELECT 1")).all(),
        "to the driver": lambda: db.session.connection().exec_driver_sql("SELECT count(*) FROM visit").all(),
        "written": lambda: db.session.connection().execute(insert(client).values(id=uuid7(), risk="red")),
        "changed": lambda: db.session.execute(update(c.Client).values(risk="red")),
        "loaded beside": lambda: db.session.scalars(select(c.Household).options(selectinload(c.Household.members))).all(),
        "who saw a file": lambda: db.session.scalar(select(func.count()).select_from(AuditSeen)),
        "who may open one": lambda: db.session.scalar(select(func.count()).select_from(FileAccess)),
    }


def test_no_way_leads_to_a_person(asks: Any, caplog: Any) -> None:
    """Refused as what is not there, whatever is on file; the log names the role and the table and no value."""
    for name in BUREAUS:
        for way, ask in ways().items():
            asks(name)
            caplog.clear()
            with pytest.raises(NotFound) as refused:
                ask()
            assert refused.type is outside.OutsideError, f"{name}, {way}"
            (entry,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
            assert entry.startswith("outside: a statement of a ") and "=" not in entry


def test_programme_data_stands_open(asks: Any) -> None:
    for channel in ("page", "api"):
        asks("cora", channel)
        assert db.session.scalar(select(func.count()).select_from(Organisation)) > 5
        assert db.session.scalar(select(func.count()).select_from(StatCell)) == 0
        with system_session("accounts") as session:
            assert session.scalar(select(func.count()).select_from(Organisation)) > 5


def test_it_is_lifted_for_a_reason_and_stands_again(asks: Any) -> None:
    asks("sam")
    with outside.lifted("a test"), system_session("a test") as session:
        assert session.scalar(select(func.count()).select_from(c.Client)) == 0
    with pytest.raises(outside.OutsideError), system_session("a test") as session:
        session.scalar(select(func.count()).select_from(c.Client))
    with pytest.raises(ZeroDivisionError), outside.lifted("a test that fails"):
        1 / 0  # noqa: B018
    with pytest.raises(outside.OutsideError):
        db.session.scalar(select(func.count()).select_from(c.Client))


def test_those_who_read_files_and_commands_meet_no_wall(asks: Any, as_: Any) -> None:
    for name in ("bo", "ann", "chen", "tao"):
        asks(name)
        assert db.session.scalar(select(func.count()).select_from(c.Client)) == 0
    as_("pia")  # a command on the machine that holds the data
    with system_session("a command") as session:
        assert session.scalar(select(func.count()).select_from(c.Client)) == 0


def test_an_auditor_reads_the_trail_and_no_person(asks: Any) -> None:
    asks("dee")
    assert db.session.scalar(select(func.count()).select_from(AuditSeen)) == 0
    with pytest.raises(outside.OutsideError):
        db.session.scalar(select(func.count()).select_from(c.Client))
