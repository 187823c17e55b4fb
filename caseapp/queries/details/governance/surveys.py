"""Needs surveys: those in scope, the latest first, one with its findings, and those a project may rest on."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.details.governance import GovernanceSurvey
from caseapp.queries.paging import LIMIT, page


def listed(state: str | None = None, cursor: str | None = None, limit: int = LIMIT) -> Page[GovernanceSurvey]:
    """A page of surveys; voided ones only when asked for."""
    query = select(GovernanceSurvey).options(selectinload(GovernanceSurvey.findings))
    if state == "void":
        query = query.where(GovernanceSurvey.voided_at.is_not(None))
    else:
        query = query.where(GovernanceSurvey.voided_at.is_(None))
        if state == "running":
            query = query.where(GovernanceSurvey.to_on.is_(None))
        elif state == "finished":
            query = query.where(GovernanceSurvey.to_on.is_not(None))
    return page(db.session, query, [GovernanceSurvey.from_on, GovernanceSurvey.id], cursor, limit, descending=True)


def one(survey_id: UUID) -> GovernanceSurvey:
    """One survey with its findings; NotFound outside the scope."""
    query = select(GovernanceSurvey).where(GovernanceSurvey.id == survey_id).options(selectinload(GovernanceSurvey.findings))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def offered(station_id: UUID, most: int = 40) -> list[tuple[str, str]]:
    """(id, title) of a station's surveys that count, the latest first, for a project that rests on one."""
    query = (
        select(GovernanceSurvey)
        .where(GovernanceSurvey.station_id == station_id, GovernanceSurvey.voided_at.is_(None))
        .order_by(GovernanceSurvey.from_on.desc(), GovernanceSurvey.id.desc())
    )
    return [(str(row.id), row.title) for row in db.session.scalars(query.limit(most))]
