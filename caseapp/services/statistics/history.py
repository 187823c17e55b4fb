"""What the gate attacks: a candidate and every release that is out, each with its files, its facts and its areas."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from caseapp.core.periods import edition, plain_name
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatFact, StatRelease
from caseapp.queries.statistics.places import Node
from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.cells import Fact, Published
from caseapp.services.statistics.files import files
from caseapp.services.statistics.gate import Past


def out(session: Any, nodes: Sequence[Node]) -> list[Past]:
    """Every release that is out, oldest first. Needs a session without row rules."""
    found = []
    for release in session.scalars(select(StatRelease).order_by(StatRelease.number)):
        chains = publication.cover(publication.read(release.areas), nodes)
        found.append(Past(files(session, release), _facts(session, edition(release.period, release.edition)), chains))
    return found


def candidate(
    catalogue: Catalogue,
    period: str,
    areas: Sequence[Area],
    cells: Sequence[Published],
    facts: Sequence[Fact],
    nodes: Sequence[Node],
) -> Past:
    """A release that stands in no database yet."""
    return Past(folder(catalogue, period, areas, cells), facts, publication.cover(areas, nodes))


def contractors(session: Any) -> dict[str, str]:
    """Station → who runs it, where that is a contractor."""
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
