"""What a bureau sees first: four published figures of its area, each with its base."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics import glance as figures
from caseapp.queries.statistics import published
from caseapp.services.statistics.exports import quarter_words


@dataclass(frozen=True)
class Overview:
    """The newest release at a glance."""

    release_id: UUID
    period: str
    tiles: list[dict[str, Any]]
    hidden: bool


def glance() -> Overview | None:
    """The tiles of the newest release for the grant's own area; None where nothing is released for it."""
    actor = the_actor()
    release = published.of_period(actor)
    own = next(iter(published.places(actor, release)), None) if release else None
    if release is None or own is None:
        return None
    tiles, hidden = figures.tiles(actor, release, own.code, published.before(actor, release))
    return Overview(release.id, quarter_words(release.period), tiles, hidden)
