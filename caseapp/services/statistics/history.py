"""What is out, for whoever protects the next release and whoever attacks it: files, facts and areas, and who runs what."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from caseapp.core.errors import Conflict
from caseapp.core.periods import Period, edition, plain_name, read_period
from caseapp.core.text import _l
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatCell, StatFact, StatRelease, StatSnapshot
from caseapp.queries.statistics.places import Node
from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics import files
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.cells import HIDDEN, Fact, Published, nothing
from caseapp.services.statistics.family import known_before, relatives
from caseapp.services.statistics.gate import Past
from caseapp.services.statistics.protection import Beside


def out(session: Any, nodes: Sequence[Node]) -> list[Past]:
    """Every release that is out, oldest first. Needs a session without row rules."""
    found = []
    for release in session.scalars(select(StatRelease).order_by(StatRelease.number)):
        chains = publication.cover(publication.read(release.areas), nodes)
        found.append(Past(files.files(session, release), _facts(session, edition(release.period, release.edition)), chains))
    return found


def released(session: Any) -> set[str]:
    """The periods of which a release is out."""
    return set(session.scalars(select(StatRelease.period)))


def beside(session: Any, catalogue: Catalogue, period: Period) -> list[Beside]:
    """The other periods of its quarter that a release is looked at with; of the whole `catalogue`, not what is issued for a month.

    Raises Conflict where one of them was not counted.
    """
    require_counted(session, period)
    every = released(session)
    found = []
    for name in relatives(period, every):
        release = _in_force(session, name)
        issue, before = catalogue.issue(name), _in_force(session, known_before(read_period(name), every, with_months=True))
        facts = _facts(session, edition(name, release.edition if release else 0))
        shows = _shows(session, issue, release) if release else {}
        found.append(Beside(name, issue, facts, shows, behind(session, before) if before else ()))
    return found


def require_counted(session: Any, period: Period) -> None:
    """Refuses a release beside which a month is not counted that it would tell of: what nobody counted nobody can guard."""
    for name in relatives(period, released(session)):
        if not is_counted(session, read_period(name)):
            words = _l("Count %(period)s first: a month of its quarter is published beside the quarter.", period=name)
            raise Conflict(words, "period", code="no_facts")


def not_out(session: Any, held: Sequence[Beside], areas: Sequence[Area], chains: Mapping[str, Sequence[str]]) -> list[Past]:
    """Of what a release is looked at with, the months that are not out, for the gate: everything of them is hidden."""
    every = released(session)
    return [
        Past(folder(one.catalogue, one.period, areas, nothing(one.catalogue, areas)), [*one.facts], chains)  # type: ignore[list-item]
        for one in held
        if one.period not in every
    ]


def is_counted(session: Any, period: Period) -> bool:
    """Whether the facts of a period are there: those of a month that its quarter settled uncounted are not."""
    held = session.scalar(select(StatSnapshot).where(StatSnapshot.period == str(period)))
    return held is not None and not (held.part_of and not held.facts)


def stocks(session: Any, period: Period) -> tuple[str, list[Fact]]:
    """The released period whose stocks are those before this one, and its facts: what came and went since is known; else ("", []).

    What is looked at together is no constant: a month's stocks in the next month of the same quarter.
    """
    every = released(session)
    name = known_before(period, every, with_months=bool(relatives(period, every)))
    release = _in_force(session, name)
    return name, behind(session, release) if release else []


def hidden_stocks(session: Any, catalogue: Catalogue, before: str) -> frozenset[tuple[str, str, str]]:
    """(measure, area, key) of stocks that the release of the period before hides and that a balance would give back.

    Whoever reads what is there now, what came and what went reckons what was there: so what is there now stays hidden too.
    """
    release = _in_force(session, before)
    if release is None:
        return frozenset()
    measures = {table.code: table.measure for table in catalogue.tables if not table.derived}
    query = select(StatCell.table, StatCell.area, StatCell.dims_key).where(
        StatCell.release_id == release.id, StatCell.table.in_(list(measures)), StatCell.shown == HIDDEN
    )
    return given_back(catalogue, ((measures[table], area, key) for table, area, key in session.execute(query)))


def behind(session: Any, release: StatRelease) -> list[Fact]:
    """The facts of a release's own period, in the edition that it stands on."""
    return _facts(session, edition(release.period, release.edition))


def _shows(session: Any, issue: Catalogue, release: StatRelease) -> dict[tuple[str, str, str], int]:
    measures = {table.code: table.measure for table in issue.tables if not table.derived}
    query = select(StatCell.table, StatCell.area, StatCell.dims_key, StatCell.shown).where(
        StatCell.release_id == release.id, StatCell.table.in_(list(measures)), StatCell.shown != HIDDEN
    )
    return {(measures[table], area, key): int(shown) for table, area, key, shown in session.execute(query)}


def given_back(catalogue: Catalogue, hidden: Iterable[tuple[str, str, str]]) -> frozenset[tuple[str, str, str]]:
    """Those of some hidden cells (measure, area, key) that a balance of the period after would give back."""
    keys: dict[str, set[str]] = {}
    for measure, tables in catalogue.linked().items():
        cells = (table.dims_key(*(value.code for value in values)) for table in tables for values in table.cells())
        keys[measure] = {"", *cells}
    shared = {pair.stock: keys[pair.stock] & keys[pair.came] & keys[pair.went] for pair in catalogue.balances if pair.stock}
    return frozenset(cell for cell in hidden if cell[2] in shared.get(cell[0], ()))


def _in_force(session: Any, period: str) -> StatRelease | None:
    """The release of a period that no correction has superseded."""
    query = select(StatRelease).where(StatRelease.period == period).order_by(StatRelease.number.desc()).limit(1)
    found: StatRelease | None = session.scalar(query) if period else None
    return found


def contractors(session: Any) -> dict[str, str]:
    """Station → the contractor that runs it: whose people see the raw data of all its stations."""
    query = select(Organisation.id, Organisation.contractor_id).where(
        Organisation.kind == "station", Organisation.contractor_id.is_not(None)
    )
    return {str(station): str(contractor) for station, contractor in session.execute(query)}


def folder(catalogue: Catalogue, period: str, areas: Sequence[Area], cells: Sequence[Published]) -> dict[str, bytes]:
    """Of the files of a release those that an attacker needs: the tables of counts, and what they are."""
    outs = {table.code: io.StringIO() for table in catalogue.tables if not table.derived}
    writers = {code: csv.writer(text, lineterminator="\n") for code, text in outs.items()}
    for table in catalogue.tables:
        if table.code in writers:
            writers[table.code].writerow(["geo", *table.names, "period", "count"])
    for cell in cells:
        if cell.table.code in writers:
            codes = (cell.dims.get(name, "") for name in cell.table.names)
            writers[cell.table.code].writerow([cell.area.code, *codes, period, cell.shown])
    about = {
        "period": period,
        "catalogue_version": catalogue.version,
        "areas": [area.plain() for area in areas],
        "tables": [
            {"code": t.code, "file": f"{t.code}.csv", "measure": t.measure, "derived": t.derived} for t in catalogue.tables
        ],
    }
    return {f"{code}.csv": text.getvalue().encode() for code, text in outs.items()} | {"release.json": json.dumps(about).encode()}


def _facts(session: Any, period: str) -> list[Fact]:
    row = StatFact
    query = (
        select(row.measure, row.period, row.area, row.dims_key, row.value, row.persons, row.station_id, row.largest)
        .where(row.period == period)
        .order_by(row.measure, row.area, row.station_id, row.dims_key)
    )
    return [
        Fact(measure, plain_name(own), area, key, value, persons, str(station), largest)
        for measure, own, area, key, value, persons, station, largest in session.execute(query)
    ]
