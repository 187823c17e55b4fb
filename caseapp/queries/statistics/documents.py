"""The bureau's own words in its reports and circulars, and what a document is called by: kind, period, area."""

from collections.abc import Sequence

from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatDocument
from caseapp.queries.statistics import published
from caseapp.schemas.statistics.document import PARTS, YEARLY


def there_are(actor: Actor, area: str | None = None) -> list[tuple[str, str]]:
    """(kind, period) of every document that can be drafted, newest first: a year from its first release on.

    Of an area: where it has figures of its own in the quarter, and in the newest quarter of the year.
    """
    periods = published.periods(actor)
    held = set(periods) if area is None else published.periods_of(actor, area)
    newest = {period[:4]: period for period in reversed(periods)}
    years = [year for year in dict.fromkeys(period[:4] for period in periods) if newest[year] in held]
    return [
        (kind, period) for kind in PARTS for period in (years if kind == YEARLY else periods) if kind == YEARLY or period in held
    ]


def known(actor: Actor, kind: str, period: str) -> None:
    """NotFound for a kind that does not exist and for a period of which nothing is released."""
    if (kind, period) not in there_are(actor):
        raise NotFound()


def own(actor: Actor, kind: str, period: str, area: str) -> StatDocument | None:
    """What the actor's bureau has written into one document so far; None for nothing."""
    require(actor, Permission.FIGURES_READ)
    query = select(StatDocument).where(
        StatDocument.path == actor.paths[0],
        StatDocument.kind == kind,
        StatDocument.period == period,
        StatDocument.area == area,
    )
    return db.session.scalar(query)


def written(actor: Actor) -> Sequence[StatDocument]:
    """Everything that the actor's bureau has written into, newest first."""
    require(actor, Permission.FIGURES_READ)
    query = select(StatDocument).where(StatDocument.path == actor.paths[0])
    return db.session.scalars(query.order_by(StatDocument.written_at.desc(), StatDocument.id).limit(100)).all()


def bureau(actor: Actor) -> str:
    """Whose document it is: the name of the organisation that the actor acts for."""
    return db.session.scalar(select(Organisation.name).where(Organisation.path == actor.paths[0])) or ""
