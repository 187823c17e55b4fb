"""The list of cases, by the next step: what is late comes first."""

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Household
from caseapp.models.casework.case import LIVE
from caseapp.queries.paging import LIMIT, page
from caseapp.schemas.casework.case import CaseFilter


def listed(wanted: CaseFilter, cursor: str | None = None, limit: int = LIMIT) -> Page[Case]:
    """One page of the cases in scope that fit: live ones by the day of the next step, others the latest first."""
    query = _filtered(select(Case), wanted).options(selectinload(Case.client), selectinload(Case.household))
    if _by_next_step(wanted):
        return page(db.session, query.where(Case.next_step_on.is_not(None)), [Case.next_step_on, Case.id], cursor, limit)
    return page(db.session, query, [Case.stage_since, Case.id], cursor, limit, descending=True)


def whole(wanted: CaseFilter, most: int, *, restricted: bool) -> list[Case]:
    """The list at once, for a file: at most so many, restricted files on request; whose person is restricted is one too."""
    query = _filtered(select(Case), wanted).options(selectinload(Case.client), selectinload(Case.household))
    if not restricted:
        shut = (select(Client.id).where(Client.klass == "P3"), select(Household.id).where(Household.klass == "P3"))
        query = query.where(Case.klass != "P3", or_(Case.client_id.is_(None), Case.client_id.not_in(shut[0])))
        query = query.where(or_(Case.household_id.is_(None), Case.household_id.not_in(shut[1])))
    if _by_next_step(wanted):
        query = query.where(Case.next_step_on.is_not(None)).order_by(Case.next_step_on, Case.id)
    else:
        query = query.order_by(Case.stage_since.desc(), Case.id.desc())
    return list(db.session.scalars(query.limit(most)))


def communities(name: str, limit: int = 8) -> list[Case]:
    """Cases about a community whose name holds these words, the latest first: what a search by name finds besides persons."""
    named = Case.community_name.contains(name, autoescape=True)
    query = select(Case).where(Case.community_code.is_not(None), named).order_by(Case.id.desc())
    query = query.options(selectinload(Case.client), selectinload(Case.household))
    return list(db.session.scalars(query.limit(limit)))


def counts(domain: str) -> dict[str, int]:
    """How many cases of a domain stand at each stage: for the tabs of the list."""
    query = select(Case.status, func.count(Case.id)).where(Case.domain == domain).group_by(Case.status)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _by_next_step(wanted: CaseFilter) -> bool:
    return wanted.status in LIVE if wanted.status else wanted.live


def _filtered(query: Any, wanted: CaseFilter) -> Any:
    if wanted.domain:
        query = query.where(Case.domain == wanted.domain)
    if wanted.status:
        query = query.where(Case.status == wanted.status)
    elif wanted.live:
        query = query.where(Case.status.in_(LIVE))
    if wanted.worker:
        query = query.where(Case.worker_id == wanted.worker)
    if wanted.risk:
        query = query.where(Case.risk == wanted.risk)
    if wanted.due_before:
        query = query.where(Case.next_step_on < wanted.due_before)
    return query
