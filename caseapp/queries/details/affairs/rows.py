"""Rows of a case of social affairs: the typed part, the one row of its matter, dated entries."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.details.affairs import AffairsDetail

Row = TypeVar("Row")


def detail(case: Case) -> AffairsDetail:
    """The typed part of a case; NotFound for a case without one, which no page makes."""
    found: AffairsDetail | None = db.session.scalar(select(AffairsDetail).where(AffairsDetail.case_id == case.id))
    if found is None:
        raise NotFound()
    return found


def of_matter(case: Case, *kinds: str, matter: str | None = None) -> AffairsDetail:
    """The typed part of a case of one of these kinds, or of a matter; NotFound otherwise, as for any wrong door."""
    found = detail(case)
    if (kinds and found.kind not in kinds) or (matter is not None and found.matter != matter):
        raise NotFound()
    return found


def one(model: type[Row], case: Case) -> Row | None:
    """The one row of a case in a table of a matter, if something was said."""
    kept: Any = model
    found: Row | None = db.session.scalar(select(kept).where(kept.case_id == case.id))
    return found


def entries(model: type[Row], case: Case, *order: Any) -> list[Row]:
    """Dated entries of a case, the latest first, voided ones included."""
    kept: Any = model
    query = select(kept).where(kept.case_id == case.id).order_by(*(column.desc() for column in order), kept.id.desc())
    return list(db.session.scalars(query.limit(500)))


def entry(model: type[Row], entry_id: UUID, case: Case) -> Row:
    """One entry of that case; NotFound otherwise."""
    kept: Any = model
    found: Row | None = db.session.scalar(select(kept).where(kept.id == entry_id, kept.case_id == case.id))
    if found is None:
        raise NotFound()
    return found
