"""A correction: a settled quarter counted once more, and what of it may be told beside the releases that are out.

Sources: statistics design, sections 4 (revision) and 5. What was published stays; the correction is a release of its own that
supersedes it, made and checked like any other and attacked together with all that are out.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from caseapp.core.errors import Conflict
from caseapp.core.periods import Quarter
from caseapp.core.text import _l
from caseapp.models.statistics import StatCell, StatRelease
from caseapp.queries.statistics.places import Node, places
from caseapp.reference.statistics import Catalogue, versions
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics.cells import HIDDEN, Fact
from caseapp.services.statistics.protection import Asked
from caseapp.services.statistics.protection.system import components
from caseapp.services.statistics.refresh import recount, restore
from caseapp.services.statistics.release.facts import behind, facts_of
from caseapp.services.statistics.release.revise import Cell, Revision, revise


def lay(session: Any, old: StatRelease, contractors: dict[str, str]) -> None:
    """Counts the period of a release once more and keeps of it what a correction may publish, as the next edition of its facts.

    Needs a system session that writes. Raises Conflict (`nothing_to_correct`) where nothing is left: nothing has changed, or so
    little that it would tell of those few.
    """
    period, catalogue, number = Quarter.read(old.period), _catalogue(old), old.edition + 1
    recount(session, period, number, catalogue)
    found = _of(session, old, number, contractors, settle=True)
    if not found.taken:
        raise Conflict(
            _l(
                "Nothing can be corrected: either nothing has changed since, or so little that the change would tell of those few. "
                "It counts in the next quarter."
            ),
            "period",
            code="nothing_to_correct",
        )
    tied = components(catalogue)
    restore(session, period, number, [(area, station, tied[of]) for area, station, of in sorted(found.kept)], old.edition)


def asked(session: Any, old: StatRelease, contractors: dict[str, str], plain: Asked) -> Asked:
    """How a correction is to be protected beside what is asked of every release.

    What was hidden stays hidden; what was shown and has not changed stays; what has changed by few is guarded, seen from each
    release of the period.
    """
    number = old.edition + 1
    shown = _shown(session, old)
    now = _of(session, old, number, contractors, settle=False)
    changed = dict(now.changed)
    for release in _earlier(session, old):
        for cell, (up, down) in _of(session, release, number, contractors, settle=False).changed.items():
            held = changed.get(cell, (0, 0))
            changed[cell] = max(up, held[0]), max(down, held[1])
    return replace(
        plain,
        locked=frozenset(cell for cell in now.same if cell in shown and cell not in changed),
        shut=frozenset(cell for cell in (*now.same, *now.cells) if cell not in shown),
        changed={cell: amounts for cell, amounts in changed.items() if cell in shown},
    )


def _of(session: Any, old: StatRelease, number: int, contractors: dict[str, str], *, settle: bool) -> Revision:
    period, catalogue = Quarter.read(old.period), _catalogue(old)
    nodes: Sequence[Node] = places(session).nodes
    areas = publication.read(old.areas)
    before: list[Fact] = behind(session, old)
    after = facts_of(session, period, number)[0]
    chains, tied = publication.cover(areas, nodes), components(catalogue)
    return revise(catalogue, old.period, areas, chains, before, after, tied, contractors, settle=settle)


def _catalogue(release: StatRelease) -> Catalogue:
    return versions()[release.catalogue_version]


def _earlier(session: Any, old: StatRelease) -> Sequence[StatRelease]:
    query = select(StatRelease).where(StatRelease.period == old.period, StatRelease.number < old.number)
    found: Sequence[StatRelease] = session.scalars(query).all()
    return found


def _shown(session: Any, old: StatRelease) -> set[Cell]:
    """The cells that a release shows in any of its tables."""
    measures = {table.code: table.measure for table in _catalogue(old).tables if not table.derived}
    query = select(StatCell.table, StatCell.area, StatCell.dims_key).where(
        StatCell.release_id == old.id, StatCell.shown != HIDDEN, StatCell.table.in_(list(measures))
    )
    return {(measures[table], area, key) for table, area, key in session.execute(query)}
