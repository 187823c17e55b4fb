"""The wall around people, on the statements alone: every table that may not be read is found, however a statement hides it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from caseapp.access import outside
from caseapp.access.roles import ROLES
from caseapp.access.scope import FILED, OPEN, SCOPED
from caseapp.core.actor import Actor
from caseapp.extensions import db

TABLES = sorted(db.metadata.tables.values(), key=lambda table: str(table.name))
SHUT = [table for table in TABLES if table.name not in outside.READABLE]
DIALECTS = (sqlite.dialect(), postgresql.dialect())
cell = db.metadata.tables["stat_cell"]


def disguises(table: Any) -> dict[str, Any]:
    """Ways to ask a table for something without showing it at first sight."""
    other, key = table.alias("harmless"), next(iter(table.c))
    few = sa.select(other.c[key.name]).cte("few")
    return {
        "plain": sa.select(table),
        "count": sa.select(sa.func.count()).select_from(other),
        "whether there is one": sa.select(cell.c.area).where(sa.exists(sa.select(1).select_from(other))),
        "how many, beside a cell": sa.select(cell.c.area, sa.select(sa.func.count()).select_from(table).scalar_subquery()),
        "joined": sa.select(cell.c.area).select_from(cell.outerjoin(other, sa.true())),
        "beside": sa.select(cell.c.area, other.c[key.name]),
        "among": sa.select(cell.c.area).where(cell.c.area.in_(sa.select(sa.cast(key, sa.String)))),
        "named before": sa.select(few),
        "together": sa.union_all(sa.select(cell.c.area), sa.select(sa.cast(other.c[key.name], sa.String))),
        "in order of": sa.select(cell.c.area).order_by(sa.select(sa.func.max(key)).scalar_subquery()),
        "copied": sa.insert(cell).from_select(["area"], sa.select(sa.cast(key, sa.String))),
        "written": sa.insert(table),
        "changed": sa.update(table).values({key.name: sa.null()}),
        "changed by": sa.update(cell).values(area=sa.select(sa.cast(sa.func.max(key), sa.String)).scalar_subquery()),
        "deleted": sa.delete(table),
        "by hand, within": sa.select(sa.literal_column(f'(SELECT count(*) FROM "{table.name}")')),
    }


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_shut_table_is_found_under_every_disguise(dialect: Any) -> None:
    assert len(SHUT) > 60
    missed = [
        f"{table.name}, {how}"
        for table in SHUT
        for how, statement in disguises(table).items()
        if table.name not in outside.shut_in(str(statement.compile(dialect=dialect)))
    ]
    assert missed == []


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_what_may_be_read_or_written_is_let_through(dialect: Any) -> None:
    """A table's column of the name of another is no table: the person to ask at an outside body."""
    for table in TABLES:
        if table.name not in outside.READABLE:
            continue
        changed = sa.update(table).values({column.name: sa.bindparam(f"b_{column.name}") for column in table.c})
        for statement in (sa.select(table.alias()), sa.select(table), sa.insert(table), changed, sa.delete(table)):
            assert outside.shut_in(str(statement.compile(dialect=dialect))) == frozenset(), str(statement)


def test_no_row_of_a_person_is_ever_readable() -> None:
    """Nor anything that is shown to nobody; a new table is shut until it is put on the list."""
    assert not {model.__tablename__ for model in FILED} & outside.READABLE
    assert not {"stat_fact", "handover", "file_access"} & outside.READABLE
    assert "client" in {table.name for table in SHUT}
    known = {model.__tablename__ for model in (*SCOPED, *OPEN)}
    assert {table.name for table in TABLES} == known
    naming = {
        table.name: column.name
        for table in TABLES
        if table.name in outside.READABLE
        for column in table.c
        if any(key.column.table.name not in outside.READABLE for key in column.foreign_keys)
    }
    assert naming == {}, "a readable table that points at a row of a person"


def test_who_stands_outside() -> None:
    """Everybody but those who read files: a role more is outside until its rows are said."""

    def actor(role: str) -> Actor:
        return Actor(user_id=None, grant_id=None, role=role, paths=())  # type: ignore[arg-type]

    inside = {code for code in ROLES if not outside.is_outside(actor(code))}
    assert inside == {"worker", "station_head", "supervisor", "township_supervisor"}
    assert outside.is_outside(actor("")) and outside.is_outside(actor("unheard of"))
    assert not outside.is_outside(None)


def test_an_orm_statement_with_what_it_loads_beside_is_seen_whole() -> None:
    """Eager joins are in no statement as it is written, but in the one that is sent."""
    from caseapp.models.casework import Client
    from caseapp.models.statistics import StatCell

    person = aliased(Client, name="anything")
    statement = sa.select(StatCell.area).join(person, sa.true())
    assert outside.shut_in(str(statement)) == {"client"}


def test_the_wall_is_not_lifted_without_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"), outside.lifted(""):
        pass
