"""The gate before a release: the attack plays on it and on all that are out, as everybody and as those who know a part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caseapp.core import clock
from caseapp.models.statistics import StatRelease
from caseapp.reference.statistics import versions
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics import files, gate, history
from caseapp.services.statistics.cells import Fact, Published
from caseapp.services.statistics.protection import Beside


@dataclass(frozen=True)
class Cell:
    """A cell as the files want it."""

    table: str
    area: str
    dims: Mapping[str, str]
    shown: str


def examined(
    session: Any,
    candidate: StatRelease,
    cells: Iterable[Published],
    facts: Sequence[Fact],
    nodes: Sequence[Any],
    contractors: Mapping[str, str],
    beside: Sequence[Beside],
    effort: gate.Effort,
) -> dict[str, Any]:
    """What the attack found, as it is kept with the release; `passed` says whether the release may be made.

    `candidate` is of no session: it says which period, catalogue and areas. The files that are attacked are those that
    would be written. `beside` are the periods of the same quarter that it is tied to; what is not out of them is attacked as well.
    """
    held = [Cell(cell.table.code, cell.area.code, cell.dims, cell.shown) for cell in cells]
    areas = publication.read(candidate.areas)
    chains = publication.cover(areas, nodes)
    mine = gate.Past(files.folder(candidate, held), facts, chains)
    past = [*history.out(session, nodes), *history.not_out(session, beside, areas, chains)]
    return gate.examine(mine, past, contractors, versions(), effort=effort).plain()


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
