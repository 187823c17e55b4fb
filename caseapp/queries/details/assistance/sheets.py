"""Means sheets: one with its sections, those of a family, the begun one of a case, the last that counts."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.details.assistance import MeansSection, MeansSheet
from caseapp.queries.details.assistance import sums
from caseapp.queries.details.assistance.family import Family
from caseapp.queries.details.assistance.sums import Sums

SHOWN = 12


def one(sheet_id: UUID, case: Case) -> MeansSheet:
    """A sheet of that case with its sections; NotFound otherwise."""
    found: MeansSheet | None = db.session.scalar(_whole().where(MeansSheet.id == sheet_id, MeansSheet.case_id == case.id))
    if found is None:
        raise NotFound()
    return found


def for_writing(sheet_id: UUID) -> MeansSheet:
    """The same locked until the end of the transaction, read anew: nobody finishes it while somebody writes a section."""
    lock = select(MeansSheet).where(MeansSheet.id == sheet_id).with_for_update().execution_options(populate_existing=True)
    if db.session.scalar(lock) is None:
        raise NotFound()
    found: MeansSheet = db.session.scalars(_whole().where(MeansSheet.id == sheet_id)).one()
    return found


def _whole() -> Any:
    return select(MeansSheet).options(selectinload(MeansSheet.sections)).execution_options(populate_existing=True)


def by_name(sheet: MeansSheet) -> dict[str, MeansSection]:
    """The sections by name."""
    return {row.section: row for row in sheet.sections}


def of_family(family: Family, limit: int = SHOWN) -> list[MeansSheet]:
    """The sheets of a family in whatever case in scope, the latest first."""
    query = select(MeansSheet).where(family.mine(MeansSheet)).order_by(MeansSheet.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def begun(case: Case) -> MeansSheet | None:
    """The sheet of a case that is being filled in."""
    query = select(MeansSheet).where(MeansSheet.case_id == case.id, MeansSheet.state == "draft")
    found: MeansSheet | None = db.session.scalar(query.order_by(MeansSheet.id.desc()).limit(1))
    return found


def last_finished(family: Family, before: MeansSheet | None = None) -> MeansSheet | None:
    """The last sheet that counts, with its sections; `before` another one."""
    query = _whole().where(family.mine(MeansSheet), MeansSheet.state == "finished")
    if before is not None:
        query = query.where(MeansSheet.id < before.id)
    found: MeansSheet | None = db.session.scalar(query.order_by(MeansSheet.id.desc()).limit(1))
    return found


def last_enquired_on(family: Family) -> date | None:
    """The day of the last enquiry whose sheet was finished and counts."""
    query = select(func.max(MeansSheet.enquired_on)).where(family.mine(MeansSheet), MeansSheet.state == "finished")
    return db.session.scalar(query)


def next_number(case: Case) -> int:
    """The number of the next sheet of a case."""
    return (db.session.scalar(select(func.max(MeansSheet.number)).where(MeansSheet.case_id == case.id)) or 0) + 1


def sums_of(sheet: MeansSheet) -> Sums:
    """What a sheet comes to: frozen as it was finished, else from its lines now."""
    if sheet.totals is not None:
        return Sums.read(sheet.totals)
    named = by_name(sheet)
    return sums.reckon({name: row.content or [] for name, row in named.items()}, named["members"].content or [])
