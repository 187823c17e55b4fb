"""The gate on releases as they stand in the database: files, facts and areas agree, and what is hidden alone is found."""

import csv
import io
from dataclasses import replace
from typing import Any

from caseapp.access.system import system_session
from caseapp.core.periods import Quarter
from caseapp.models.organisation import Organisation
from caseapp.queries.statistics.places import places
from caseapp.reference.statistics import versions
from caseapp.services.statistics import history
from caseapp.services.statistics.attack.read import key_of, read
from caseapp.services.statistics.attack.score import Limits
from caseapp.services.statistics.attack.truth import Truth
from caseapp.services.statistics.gate import Effort, examine


def test_stored_releases_are_attacked_from_their_files(publish: Any) -> None:
    publish(Quarter(2026, 3))
    with system_session("attack") as session:
        past = history.out(session, places(session).nodes)
        run = history.contractors(session)
        stations = {str(row.id) for row in session.query(Organisation).filter(Organisation.kind == "station")}
    assert [one.facts[0].period for one in past] == ["2026Q3"] and set(run) <= stations
    report = examine(past[0], [], run, effort=Effort(1, 0))
    assert report.figures["cells"] > 1000 and report.figures["small"] > 100 and report.figures["insiders_checked"] >= 5
    assert report.figures["insiders_attacked"] == 1
    naive = replace(past[0], folder=_only_small(past[0]))
    exact = [hit for hit in examine(naive, [], run, effort=Effort(0, 0)).hits if (hit.who, hit.kind) == ("outsider", "exact")]
    assert len(exact) > 50


def _only_small(one: Any) -> dict[str, bytes]:
    """The same release with true numbers wherever they are not small themselves."""
    told = read([one.folder], versions())
    true, limits, found = Truth(told, [one.facts], [one.chains]).cells[0], Limits(told[0]), dict(one.folder)
    measures = {table.code: table.measure for table in told[0].catalogue.tables if not table.derived}
    for code, measure in measures.items():
        rows = list(csv.DictReader(io.StringIO(one.folder[f"{code}.csv"].decode())))
        for row in rows:
            names = [name for name in row if name not in ("geo", "period", "count")]
            key = key_of((name, row[name]) for name in names)
            value, persons, _largest = true.get((measure, row["period"], row["geo"], key), (0, 0, 0))
            row["count"] = "*" if limits.is_small(measure, key, value, persons) else str(value)
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        found[f"{code}.csv"] = out.getvalue().encode()
    return found
