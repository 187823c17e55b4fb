"""Reading unfinished notes: the actor's own, under the grant they were written in (the row rules see to both)."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.access.outside import is_outside
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.trust import Draft


def counting(actor: Actor) -> Any:
    """How many unfinished notes the actor has under this grant: a scalar query that rides along with another."""
    mine = (Draft.user_id == actor.user_id, Draft.grant_id == actor.grant_id, Draft.expires_at > clock.now())
    return select(func.count(Draft.id)).where(*mine).scalar_subquery()


def mine(actor: Actor) -> list[tuple[Draft, bool]]:
    """The actor's drafts, the last saved first, each with whether its file may still be opened."""
    query = select(Draft).where(Draft.user_id == actor.user_id, Draft.expires_at > clock.now())
    drafts = list(db.session.scalars(query.order_by(Draft.saved_at.desc(), Draft.id.desc())))
    files = {draft.file_id for draft in drafts if draft.file_id}
    seen = _in_scope(actor, files)
    return [(draft, draft.file_id is None or draft.file_id in seen) for draft in drafts]


def one(draft_id: UUID, actor: Actor) -> Draft:
    """One of the actor's drafts whose file is still in scope; NotFound otherwise."""
    draft = db.session.scalar(
        select(Draft).where(Draft.id == draft_id, Draft.user_id == actor.user_id, Draft.expires_at > clock.now())
    )
    if draft is None or (draft.file_id and not _in_scope(actor, {draft.file_id})):
        raise NotFound()
    return draft


def _in_scope(actor: Actor, files: set[UUID]) -> set[UUID]:
    """Which of these files (clients' or cases') the actor may still see."""
    if not files or is_outside(actor):
        return set()
    found: set[UUID] = set()
    for model in (Client, Case):
        found |= set(db.session.scalars(select(model.file_id).where(model.file_id.in_(sorted(files)))))
    return found
