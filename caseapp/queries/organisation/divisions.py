"""Changes of divisions that wait for their day, and what was changed before."""

from uuid import UUID

from sqlalchemy import func, select

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import DivisionChange

SHOWN = 200


def waiting(actor: Actor) -> list[DivisionChange]:
    """The changes under the actor's places that wait, the next day first (the row rules see to the places)."""
    query = select(DivisionChange).where(DivisionChange.state == "waiting")
    return list(db.session.scalars(query.order_by(DivisionChange.effective_on, DivisionChange.id).limit(SHOWN)))


def due(actor: Actor) -> list[DivisionChange]:
    """Those whose day has come."""
    query = select(DivisionChange).where(DivisionChange.state == "waiting", DivisionChange.effective_on <= clock.today())
    return list(db.session.scalars(query.order_by(DivisionChange.effective_on, DivisionChange.id)))


def due_count(actor: Actor) -> int:
    """How many are due, for Today."""
    query = select(func.count(DivisionChange.id)).where(DivisionChange.state == "waiting")
    return db.session.scalar(query.where(DivisionChange.effective_on <= clock.today())) or 0


def waiting_one(change_id: UUID, actor: Actor) -> DivisionChange:
    """One that waits; NotFound otherwise."""
    change = db.session.scalar(select(DivisionChange).where(DivisionChange.id == change_id, DivisionChange.state == "waiting"))
    if change is None:
        raise NotFound()
    return change


def history(code: str | None) -> list[DivisionChange]:
    """What was changed about a division, the latest first."""
    query = select(DivisionChange).where(DivisionChange.code == code, DivisionChange.state == "done")
    return list(db.session.scalars(query.order_by(DivisionChange.effective_on.desc(), DivisionChange.id.desc()).limit(SHOWN)))
