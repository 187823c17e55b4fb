"""Organisations a station works with: those in scope, and one of them."""

from uuid import UUID

from sqlalchemy import select

from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.details.governance import GovernancePartner
from caseapp.queries.paging import LIMIT, page

MOST = 100  # offered in a form


def listed(
    kind: str | None = None, former: bool = False, cursor: str | None = None, limit: int = LIMIT
) -> Page[GovernancePartner]:
    """A page of them by kind; `former` shows those no longer worked with instead."""
    query = select(GovernancePartner).where(GovernancePartner.is_active.is_(not former))
    if kind:
        query = query.where(GovernancePartner.kind == kind)
    return page(db.session, query, [GovernancePartner.kind, GovernancePartner.id], cursor, limit)


def one(partner_id: UUID) -> GovernancePartner:
    """One of them; NotFound outside the scope."""
    found = db.session.scalar(select(GovernancePartner).where(GovernancePartner.id == partner_id))
    if found is None:
        raise NotFound()
    return found


def offered(station_id: UUID) -> list[tuple[str, str]]:
    """(id, name) of those a station works with now, for a form."""
    query = select(GovernancePartner).where(GovernancePartner.station_id == station_id, GovernancePartner.is_active.is_(True))
    return [(str(row.id), row.name) for row in db.session.scalars(query.order_by(GovernancePartner.id).limit(MOST))]
