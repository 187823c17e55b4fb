"""Unfinished notes: the unsaved text of a form, kept encrypted for its writer alone, under one grant, for seven days."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from caseapp.access.system import side_write
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import User
from caseapp.models.trust import Draft

KEPT = timedelta(days=7)
LARGEST = 200_000  # characters of one draft
MOST = 60  # of one user; the oldest gives way


@dataclass(frozen=True)
class Kept:
    """What a form had in it: which form, which record (or the form's own op_id), where it goes on, names and values."""

    form: str
    record: str
    address: str
    title: str
    file_id: UUID | None
    payload: dict[str, list[str]]


def keep(kept: Kept, user_id: UUID, grant_id: UUID) -> None:
    """Saves the text beside the request, over an older draft of the same form and record.

    Refuses what is too large. Drafts past their seven days go with it.
    """
    size = sum(len(value) for values in kept.payload.values() for value in values)
    if not 1 <= len(kept.form) <= 40 or len(kept.record) > 40 or not 1 <= len(kept.address) <= 200:
        raise Invalid(_l("This form cannot be kept as a draft."), code="draft_invalid")
    if size > LARGEST or len(kept.payload) > 500:
        raise Invalid(_l("This text is too long to be kept as a draft."), code="draft_too_large")
    side_write(lambda session: _write(session, kept, user_id, grant_id))


def _write(session: Session, kept: Kept, user_id: UUID, grant_id: UUID) -> None:
    now = clock.now()
    session.execute(delete(Draft).where(Draft.expires_at <= now))
    mine = (Draft.user_id == user_id, Draft.grant_id == grant_id)
    # the user's row is held, so that two windows that save at the same moment make one draft
    session.execute(select(User.id).where(User.id == user_id).with_for_update())
    row = session.scalar(select(Draft).where(*mine, Draft.form == kept.form, Draft.record == kept.record))
    if row is None:
        if (session.scalar(select(func.count(Draft.id)).where(*mine)) or 0) >= MOST:
            oldest = select(Draft.id).where(*mine).order_by(Draft.saved_at, Draft.id).limit(1)
            session.execute(delete(Draft).where(Draft.id == session.scalar(oldest)))
        row = Draft(user_id=user_id, grant_id=grant_id, form=kept.form, record=kept.record)
        session.add(row)
    row.address, row.file_id, row.title, row.payload = kept.address, kept.file_id, kept.title, kept.payload
    row.saved_at, row.expires_at = now, now + KEPT


def done(actor: Actor, form: str, record: str) -> None:
    """Forgets the draft of a form that was saved, in the same transaction. Pages need not call it: dispatch does."""
    query = delete(Draft).where(Draft.user_id == actor.user_id, Draft.form == form, Draft.record == record)
    db.session.execute(query)


def drop(draft_id: UUID, actor: Actor) -> None:
    """Throws one of the actor's drafts away. Raises NotFound for another's."""
    gone: Any = db.session.execute(delete(Draft).where(Draft.id == draft_id, Draft.user_id == actor.user_id))
    if gone.rowcount != 1:
        raise NotFound()
