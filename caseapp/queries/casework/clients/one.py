"""One person on file: the row, or the row with what hangs on it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Client, TargetTag

# without those of a restricted case, which a person's page or line never shows (contract.md section 5)
OPEN_TAGS = selectinload(Client.tags.and_(TargetTag.case_id.is_(None)))


def one(client_id: UUID) -> Client:
    """The person's own row, of a minor too; NotFound outside the scope."""
    found: Client | None = db.session.scalar(select(Client).where(Client.id == client_id))
    if found is None:
        raise NotFound()
    return found


def opened(client_id: UUID, actor: Actor, permission: Permission = Permission.CLIENT_READ) -> Client:
    """The person whose file is opened: NotFound outside the scope, PurposeNeeded for a minor's file, Forbidden by role."""
    client = one(client_id)
    policy.require(actor, permission, client)
    return client


def detailed(client_id: UUID, actor: Actor, permission: Permission = Permission.CLIENT_READ) -> Client:
    """As `opened`, with documents, contacts and target tags loaded; of a closed file the row rules load none of these."""
    query = select(Client).where(Client.id == client_id)
    query = query.options(selectinload(Client.documents), selectinload(Client.contacts), OPEN_TAGS)
    found: Client | None = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    policy.require(actor, permission, found)
    return found


def named(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of those of the persons whose line is in scope."""
    wanted = sorted({key for key in ids if key is not None})
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.scalars(select(Client).where(Client.id.in_(wanted)))}
