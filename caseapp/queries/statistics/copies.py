"""Whose copy it is: from the number printed on an export to who had it made, when, of which release, for what purpose."""

from dataclasses import dataclass

from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import Organisation, User
from caseapp.models.statistics import StatExport, StatRelease
from caseapp.queries.statistics.published import reading


@dataclass(frozen=True)
class Copy:
    """One file that was made, its release, who made it and for which bureau ("" where that has moved since)."""

    row: StatExport
    release: StatRelease
    user: str
    bureau: str


def copy(actor: Actor, number: str) -> Copy:
    """The copy of a number, as it is printed, made at or under the actor's places.

    NotFound for a number that nobody printed, and for one of somebody else: the two cannot be told apart.
    """
    require(actor, Permission.FIGURES_EXPORT)
    with reading(actor) as session:
        query = select(StatExport, StatRelease).join(StatRelease, StatRelease.id == StatExport.release_id)
        found = session.execute(query.where(StatExport.watermark == read(number))).first()
    if found is None:
        raise NotFound()
    row, release = found
    user = db.session.scalar(select(User.name).where(User.id == row.user_id)) or ""
    bureau = db.session.scalar(select(Organisation.name).where(Organisation.path == row.path)) or ""
    return Copy(row, release, user, bureau)


def read(number: str) -> str:
    """A number as it is stored: small letters, nothing between them."""
    return "".join(number.split()).lower()[:20]
