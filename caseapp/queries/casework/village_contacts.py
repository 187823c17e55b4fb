"""Village contacts: those of the stations in scope, by village, and one of them."""

from uuid import UUID

from sqlalchemy import select

from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import VillageContact
from caseapp.queries.paging import LIMIT, page


def listed(
    village: str | None = None, former: bool = False, cursor: str | None = None, limit: int = LIMIT
) -> Page[VillageContact]:
    """A page of the contacts in scope, village by village; `former` shows those who hold the post no longer instead."""
    query = select(VillageContact).where(VillageContact.is_active.is_(not former))
    if village:
        query = query.where(VillageContact.division_code == village)
    return page(db.session, query, [VillageContact.division_code, VillageContact.id], cursor, limit)


def one(contact_id: UUID) -> VillageContact:
    """One contact; NotFound outside the scope."""
    found = db.session.scalar(select(VillageContact).where(VillageContact.id == contact_id))
    if found is None:
        raise NotFound()
    return found


def of_village(division_code: str) -> list[VillageContact]:
    """Whom to call in one village, for the round: those who hold a post now."""
    query = select(VillageContact).where(VillageContact.division_code == division_code, VillageContact.is_active.is_(True))
    return list(db.session.scalars(query.order_by(VillageContact.id).limit(20)))
