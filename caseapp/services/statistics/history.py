"""What is out, for whoever protects the next release and whoever attacks it: files, facts and areas, and who runs what."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from caseapp.core.periods import Quarter, edition, plain_name
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatCell, StatFact, StatRelease
from caseapp.queries.statistics.places import Node
from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics import files
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.cells import HIDDEN, Fact, Published
from caseapp.services.statistics.gate import Past


def out(session: Any, nodes: Sequence[Node]) -> list[Past]:
    """Every release that is out, oldest first. Needs a session without row rules."""
    found = []
    for release in session.scalars(select(StatRelease).order_by(StatRelease.number)):
        chains = publication.cover(publication.read(release.areas), nodes)
        found.append(Past(files.files(session, release), _facts(session, edition(release.period, release.edition)), chains))
    return found


def stocks(session: Any, period: Quarter) -> list[Fact]:
    """The facts of the quarter before where that is released: what was there then, and came and went since, is known."""
    release = _before(session, period)
    return _facts(session, edition(release.period, release.edition)) if release else []


def hidden_stocks(session: Any, catalogue: Catalogue, period: Quarter) -> frozenset[tuple[str, str, str]]:
    """(measure, area, key) of stocks that the release of the quarter before hides and that a balance would give back.

    Whoever reads what is there now, what came and what went reckons what was there: so what is there now stays hidden too.
    """
    release = _before(session, period)
    if release is None:
        return frozenset()
    measures = {table.code: table.measure for table in catalogue.tables if not table.derived}
    query = select(StatCell.table, StatCell.area, StatCell.dims_key).where(
        StatCell.release_id == release.id, StatCell.table.in_(list(measures)), StatCell.shown == HIDDEN
    )
    return given_back(catalogue, ((measures[table], area, key) for table, area, key in session.execute(query)))


def given_back(catalogue: Catalogue, hidden: Iterable[tuple[str, str, str]]) -> frozenset[tuple[str, str, str]]:
    """Those of some hidden cells (measure, area, key) that a balance of the quarter after would give back."""
    keys: dict[str, set[str]] = {}
    for measure, tables in catalogue.linked().items():
        cells = (table.dims_key(*(value.code for value in values)) for table in tables for values in table.cells())
        keys[measure] = {"", *cells}
    shared = {pair.stock: keys[pair.stock] & keys[pair.came] & keys[pair.went] for pair in catalogue.balances if pair.stock}
    return frozenset(cell for cell in hidden if cell[2] in shared.get(cell[0], ()))


def _before(session: Any, period: Quarter) -> StatRelease | None:
    """The release in force of the quarter before."""
    query = select(StatRelease).where(StatRelease.period == str(period.before())).order_by(StatRelease.number.desc()).limit(1)
    found: StatRelease | None = session.scalar(query)
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
