"""One case, and the typed details its domain adds."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Household


def one(case_id: UUID, domain: str | None = None) -> Case:
    """A case with its subject loaded; NotFound outside the scope or under another domain's address."""
    query = (
        select(Case, Client, Household)
        .outerjoin(Client, Client.id == Case.client_id)
        .outerjoin(Household, Household.id == Case.household_id)
        .where(Case.id == case_id)
    )
    found = db.session.execute(query).first()
    if found is None or (domain is not None and found[0].domain != domain):
        raise NotFound()
    case: Case = found[0]
    set_committed_value(case, "client", found[1])
    set_committed_value(case, "household", found[2])
    return case


def opened(case_id: UUID, actor: Actor, permission: Permission = Permission.CASE_READ, domain: str | None = None) -> Case:
    """The case whose file is opened for that verb: NotFound outside the scope, Forbidden by role."""
    case = one(case_id, domain)
    policy.require(actor, permission, case)
    return case


def detail_of(case: Case, detail: Any) -> Any:
    """The domain's own row of a case (`detail` is its mapped class); None while nothing typed was said."""
    return db.session.scalar(select(detail).where(detail.case_id == case.id))


def latest_of(client_id: UUID, statuses: Collection[str]) -> Case | None:
    """The case of a person that was opened last, of those at one of these stages."""
    query = select(Case).where(Case.client_id == client_id, Case.status.in_(statuses))
    found: Case | None = db.session.scalar(query.order_by(Case.opened_on.desc(), Case.id.desc()).limit(1))
    return found


def many(ids: Iterable[UUID]) -> dict[UUID, Case]:
    """Those of the cases that are in scope, with their subjects."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    query = select(Case).where(Case.id.in_(wanted)).options(selectinload(Case.client), selectinload(Case.household))
    return {row.id: row for row in db.session.scalars(query)}
