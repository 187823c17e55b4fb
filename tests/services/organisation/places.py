"""More places for tests of the tree: written in a system session beside those of the cast."""

from typing import Any

from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models import organisation as o

TOWN, HILL = "222403101000", "222403102000"  # of Riverside and Hillside
EAST, WEST = "222403101201", "222403101202"  # villages of Riverside's township


def put(kind: str, name: str, parent: str, step: str, code: str | None = None, level: str | None = None, **more: Any) -> Any:
    """An organisation under the one of that path, with its division where a level is given; its id."""
    db.session.rollback()  # on SQLite a second writer would wait for the test itself
    with system_session("test places", write=True) as session:
        above = session.scalar(select(o.Organisation).where(o.Organisation.path == parent))
        if level and code:
            division = o.Division(code=code, name=name, level=level, source="test", counts_for_coverage=level == "township")
            division.parent_code = above.division_code if above else None
            session.add(division)
            session.flush()
        row = o.Organisation(
            kind=kind, name=name, short_name=name, parent_id=above.id if above else None, division_code=code, **more
        )
        row.path, row.created_at = f"{parent}{step}/", clock.now()
        session.add(row)
        session.flush()
        return row.id


def contractor(cast: Any, buyer: str = "county", code: str = "91350100m000100y43") -> Any:
    """A contractor that an office of the cast buys from; its id."""
    db.session.rollback()  # on SQLite a second writer would wait for the test itself
    with system_session("test contractor", write=True) as session:
        row = o.Organisation(kind="contractor", name="Good Works", short_name="Good Works", path=f"/c/{code}/")
        row.credit_code, row.created_at = code.upper(), clock.now()
        session.add(row)
        session.flush()
        session.add(o.Purchase(contractor_id=row.id, organisation_id=cast.places[buyer], from_on=clock.today()))
        return row.id


def at(path: str) -> Any:
    """The organisation of a path, as it now is."""
    db.session.rollback()  # on SQLite a second writer would wait for the test itself
    with system_session("test look") as session:
        row = session.scalar(select(o.Organisation).where(o.Organisation.path == path))
        session.expunge_all()
        return row


def set_row(model: Any, key: Any, **values: Any) -> None:
    """Changes a row behind everybody's back."""
    db.session.rollback()  # on SQLite a second writer would wait for the test itself
    with system_session("test", write=True) as session:
        row = session.get(model, key)
        for name, value in values.items():
            setattr(row, name, value)
