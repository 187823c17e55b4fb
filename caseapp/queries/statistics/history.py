"""Named cells of several releases and areas, each in one statement: what desks, charts and comparisons are made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from caseapp.core.actor import Actor
from caseapp.core.periods import read_period
from caseapp.models.statistics import StatCell, StatRelease
from caseapp.queries.statistics.published import HIDDEN, NOTHING, reading

Wanted = tuple[str, str]  # table, key of the cell, "" for the total
MOST = 8  # periods that a chart goes back


@dataclass(frozen=True)
class Past:
    """Consecutive periods, oldest first, with the release of each; None where that was not released."""

    periods: tuple[str, ...]
    releases: Mapping[str, StatRelease]

    @property
    def before(self) -> StatRelease | None:
        """The release of the period before the last."""
        return self.releases.get(self.periods[-2]) if len(self.periods) > 1 else None


class Cells:
    """What is shown, by release, area and cell; what is not there reads as nothing to show."""

    def __init__(self, found: Mapping[tuple[UUID, str, str, str], str]) -> None:
        self._found = found

    def __contains__(self, place: tuple[StatRelease | None, str, Wanted]) -> bool:
        release, area, (table, key) = place
        return release is not None and (release.id, area, table, key) in self._found

    def shown(self, release: StatRelease | None, area: str, wanted: Wanted) -> str:
        """The published text of a cell: digits, * or -."""
        return self._found.get((release.id, area, *wanted), NOTHING) if release is not None else NOTHING

    def value(self, release: StatRelease | None, area: str, wanted: Wanted) -> float | None:
        """The number of a cell, None where none is shown."""
        return value(self.shown(release, area, wanted))

    def __or__(self, other: "Cells") -> "Cells":
        return Cells({**self._found, **other._found})

    @property
    def any_hidden(self) -> bool:
        """Whether an asterisk is among them."""
        return HIDDEN in self._found.values()

    def of_area(self, release: StatRelease | None, area: str) -> dict[Wanted, str]:
        """Everything that was read of one area of one release."""
        if release is None:
            return {}
        return {
            (table, key): shown for (held, code, table, key), shown in self._found.items() if (held, code) == (release.id, area)
        }

    def across(self, release: StatRelease | None, wanted: Wanted) -> dict[str, str]:
        """One cell in every area that has it."""
        if release is None:
            return {}
        return {code: shown for (held, code, *cell), shown in self._found.items() if held == release.id and tuple(cell) == wanted}


def value(shown: str) -> float | None:
    """The number of what is shown; None for an asterisk, and where there is nothing."""
    return None if shown in (HIDDEN, NOTHING, "") else float(shown)


def past(actor: Actor, found: StatRelease, most: int = MOST) -> Past:
    """The periods up to that of a release: one statement."""
    told = of_periods(actor, list(_back(found.period, most))[::-1])
    return Past(told.periods, {**told.releases, found.period: found})


def of_periods(actor: Actor, periods: Sequence[str]) -> Past:
    """These periods with their releases in force: one statement."""
    with reading(actor) as session:
        rows = session.scalars(select(StatRelease).where(StatRelease.period.in_(periods)).order_by(StatRelease.number))
        return Past(tuple(periods), {row.period: row for row in rows})


def cells(actor: Actor, releases: Iterable[StatRelease | None], wanted: Iterable[Wanted], areas: Sequence[str]) -> Cells:
    """The wanted cells of these releases in these areas, of which the grant shows its own: one statement by the primary key."""
    ids, asked = sorted({release.id for release in releases if release is not None}), set(wanted)
    query = select(StatCell.release_id, StatCell.area, StatCell.table, StatCell.dims_key, StatCell.shown).where(
        StatCell.release_id.in_(ids),
        StatCell.table.in_(sorted({table for table, _key in asked})),
        StatCell.area.in_(areas),
        StatCell.dims_key.in_(sorted({key for _table, key in asked})),
    )
    with reading(actor) as session:
        rows = session.execute(query).all() if ids and asked and areas else ()
        return Cells({(held, area, table, key): shown for held, area, table, key, shown in rows if (table, key) in asked})


def _back(period: str, most: int) -> Iterator[str]:
    step = read_period(period)
    for _turn in range(most):
        yield str(step)
        step = step.before()
