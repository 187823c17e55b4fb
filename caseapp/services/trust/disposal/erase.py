"""Deletes persons' rows from every table, for good. Which rows those are is read from the mapped tables, so that none is forgotten.

What stays: the trail (file ids and field names, no values of P2 and P3), released figures and settled facts, visits that others shared
(without the person), and the other station's own file where a referral was accepted.
"""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, false, func, or_, select, update
from sqlalchemy.orm import Session

from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.trust import AuditSeen, Draft

STAYS = frozenset({AuditSeen.__tablename__})
UNNAMED = {("referral", "to_client_id")}  # of the sender's file: only the name goes
Found = dict[str, set[Any]]  # table → keys of its rows


def erase(session: Session, clients: Iterable[UUID]) -> dict[str, int]:
    """Deletes everything about these persons; table → rows. Needs a session without row rules; the caller commits."""
    session.flush()
    people = _with_merged(session, set(clients))
    homes = _empty_homes(session, people)
    cases = set(session.scalars(select(c.Case.id).where(or_(c.Case.client_id.in_(people), c.Case.household_id.in_(homes)))))
    files = people | homes | cases
    _part_from_others(session, people, files)
    found = _doomed(session, people, files)
    counted: dict[str, int] = {}
    for table in reversed(_tables()):
        keys = found.get(table.name)
        if keys:
            done: Any = session.execute(delete(table).where(_key(table).in_(keys)))
            counted[table.name] = int(done.rowcount)
    drafts: Any = session.execute(
        delete(Draft).where(or_(Draft.file_id.in_(files), Draft.record.in_([str(one) for one in files])))
    )
    if drafts.rowcount:
        counted[Draft.__tablename__] = int(drafts.rowcount)
    return counted


def left(session: Session, files: Collection[UUID]) -> dict[str, int]:
    """Rows that still name one of these files or persons, outside of what stays: nothing after `erase`."""
    found = {}
    for table in _tables():
        tests = [column.in_(files) for column in _naming(table)]
        count = session.scalar(select(func.count()).select_from(table).where(or_(false(), *tests)))
        if count:
            found[table.name] = count
    return found


def _tables() -> list[Table]:
    """Tables with rows of persons, those that others point to first."""
    return [table for table in db.metadata.sorted_tables if table.name not in STAYS and _naming(table)]


def _naming(table: Table) -> list[Any]:
    client: Any = c.Client.__table__.c.id
    return [column for column in table.columns if column.name == "file_id" or column.references(client)]


def _key(table: Table) -> Any:
    return next(iter(table.primary_key.columns))


def _with_merged(session: Session, people: set[UUID]) -> set[UUID]:
    """Records that were joined to one of them are pointers to the same human."""
    while True:
        more = set(session.scalars(select(c.Client.id).where(c.Client.merged_into_id.in_(people), c.Client.id.not_in(people))))
        if not more:
            return people
        people |= more


def _empty_homes(session: Session, people: set[UUID]) -> set[UUID]:
    """Households in which nobody else is on file."""
    homes = {one for one in session.scalars(select(c.Client.household_id).where(c.Client.id.in_(people))) if one is not None}
    homes |= set(session.scalars(select(c.HouseholdMember.household_id).where(c.HouseholdMember.client_id.in_(people))))
    others = select(c.HouseholdMember.household_id).where(
        c.HouseholdMember.household_id.in_(homes),
        c.HouseholdMember.client_id.is_not(None),
        c.HouseholdMember.client_id.not_in(people),
    )
    there = set(session.scalars(others))
    there |= {
        one
        for one in session.scalars(
            select(c.Client.household_id).where(c.Client.household_id.in_(homes), c.Client.id.not_in(people))
        )
        if one is not None
    }
    return homes - there


def _part_from_others(session: Session, people: set[UUID], files: set[UUID]) -> None:
    """A visit that lies in one of these files but had others too goes to the file of one of them."""
    mine = session.scalars(select(c.Visit).where(c.Visit.file_id.in_(files))).all()
    for visit in mine:
        other = session.scalars(
            select(c.VisitPerson).where(c.VisitPerson.visit_id == visit.id, c.VisitPerson.client_id.not_in(people)).limit(1)
        ).first()
        if other is not None:
            session.execute(update(c.Visit).where(c.Visit.id == visit.id).values(file_id=other.file_id, klass=other.klass))
    for name, column in UNNAMED:
        table = db.metadata.tables[name]
        session.execute(update(table).where(table.c[column].in_(people), table.c.file_id.not_in(files)).values({column: None}))
    session.expire_all()


def _doomed(session: Session, people: set[UUID], files: set[UUID]) -> Found:
    """Rows of these files, rows that name one of the persons, and whatever hangs on such a row."""
    found: Found = {}
    for _turn in range(3):  # a table that points to itself, or to one that comes later, needs another look
        before = sum(map(len, found.values()))
        for table in _tables():
            tests = [column.in_(people if column.name != "file_id" else files) for column in _naming(table)]
            for key in table.foreign_keys:
                above = found.get(key.column.table.name)
                if above and key.column.table.name != "client":
                    tests.append(key.parent.in_(above))
            keys = set(session.scalars(select(_key(table)).where(or_(false(), *tests))))
            if keys:
                found.setdefault(table.name, set()).update(keys)
        if sum(map(len, found.values())) == before:
            break
    return found
