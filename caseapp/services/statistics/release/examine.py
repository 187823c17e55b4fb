"""The gate before a release: the attack plays on it and on all that are out, as everybody and as those who know a part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from caseapp.core import clock
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatRelease
from caseapp.reference.statistics import versions
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics import files, gate
from caseapp.services.statistics.cells import Fact, Published
from caseapp.services.statistics.release.facts import behind


@dataclass(frozen=True)
class Cell:
    """A cell as the files want it."""

    table: str
    area: str
    dims: Mapping[str, str]
    shown: str


def contractors(session: Any) -> dict[str, str]:
    """Station → the contractor that runs it: whose people see the raw data of all its stations."""
    query = select(Organisation.id, Organisation.contractor_id).where(Organisation.contractor_id.is_not(None))
    return {str(station): str(contractor) for station, contractor in session.execute(query)}


def examined(
    session: Any,
    candidate: StatRelease,
    cells: Iterable[Published],
    facts: Sequence[Fact],
    nodes: Sequence[Any],
    effort: gate.Effort,
) -> dict[str, Any]:
    """What the attack found, as it is kept with the release; `passed` says whether the release may be made.

    `candidate` is of no session: it says which period, catalogue and areas. The files that are attacked are those that
    would be written.
    """
    held = [Cell(cell.table.code, cell.area.code, cell.dims, cell.shown) for cell in cells]
    mine = gate.Past(files.folder(candidate, held), facts, _chains(candidate, nodes))
    past = [
        gate.Past(files.files(session, release), behind(session, release), _chains(release, nodes))
        for release in session.scalars(select(StatRelease).order_by(StatRelease.number))
    ]
    return gate.examine(mine, past, contractors(session), versions(), effort=effort).plain()


def _chains(release: StatRelease, nodes: Sequence[Any]) -> dict[str, list[str]]:
    return publication.cover(publication.read(release.areas), nodes)


def draft(period: str, version: str, areas: list[dict[str, Any]], cut_off: Any) -> StatRelease:
    """A release that is not made yet, as far as its files need one."""
    return StatRelease(
        period=period,
        number=0,
        catalogue_version=version,
        cut_off_on=cut_off,
        published_at=clock.now(),
        areas=areas,
        cells=0,
        hidden=0,
        cells_sha256="",
    )
