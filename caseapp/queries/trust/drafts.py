"""Reading unfinished notes."""

from sqlalchemy import func, select

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.trust import Draft


def count(actor: Actor) -> int:
    """How many unfinished notes the actor has under this grant."""
    query = select(func.count(Draft.id)).where(Draft.user_id == actor.user_id, Draft.expires_at > clock.now())
    return db.session.scalar(query) or 0
