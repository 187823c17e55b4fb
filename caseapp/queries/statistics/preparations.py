"""Releases on their way, for the bureau that makes them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.statistics import StatPreparation
from caseapp.models.trust import Job


def latest(actor: Actor, limit: int = 20) -> Sequence[StatPreparation]:
    """What is or was on its way, newest first, but what has become a release."""
    require(actor, Permission.RELEASE_MAKE)
    query = select(StatPreparation).where(StatPreparation.state != "published").order_by(StatPreparation.made_at.desc())
    return db.session.scalars(query.limit(limit)).all()


def preparation(actor: Actor, preparation_id: UUID) -> StatPreparation:
    """One of them; NotFound for what is not the bureau's."""
    require(actor, Permission.RELEASE_MAKE)
    found = db.session.get(StatPreparation, preparation_id)
    if found is None:
        raise NotFound()
    return found


def job_of(row: StatPreparation) -> Job | None:
    """The work behind it, with how far it is."""
    return db.session.get(Job, row.job_id) if row.job_id else None
