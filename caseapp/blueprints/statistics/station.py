"""A station's own live counts, quarter by quarter: on screen only, in the words and definitions of the published tables."""

from typing import Any

from flask import request

from caseapp import domains
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics.blueprint import bp
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.periods import Quarter
from caseapp.queries.statistics import station as queries
from caseapp.reference.statistics import TableKind, newest
from caseapp.services.statistics.exports import quarter_words


@bp.get("/station")
@requires(Permission.STATION_COUNTS)
def station() -> Any:
    """The running quarter so far, or one of those before."""
    actor, catalogue = the_actor(), newest()
    quarters = queries.quarters(actor)
    asked = request.args.get("period")
    quarter = next((q for q in quarters if str(q) == asked), None) if asked else Quarter.of(clock.today())
    if quarter is None:
        raise NotFound()
    found = queries.counts(actor, domains.measures(), catalogue, quarter)
    return page(
        "statistics/station.html",
        quarter=quarter,
        running=quarter.last_day >= clock.today(),
        last=min(quarter.last_day, clock.today()),
        quarters=[(str(q), quarter_words(str(q))) for q in quarters],
        totals={code: held.get("", 0) for code, held in found.items()},
        met=found["duty"].get("met=met", 0),
        subjects=[
            (subject, [_table(table, found) for table in tables if not table.derived and len(table.dimensions) == 1])
            for subject, tables in catalogue.by_subject()
        ],
    )


def _table(table: TableKind, found: queries.Counts) -> dict[str, Any]:
    counts = found[table.measure]
    lines = [(value.label(tag()), counts.get(table.dims_key(value.code), 0)) for value in table.dimensions[0].values]
    return {
        "kind": table,
        "label": table.label(tag()),
        "unit": table.fact("unit", tag()),
        "definition": table.fact("definition", tag()),
        "total": counts.get("", 0),
        "lines": [line for line in lines if line[1]],
        "overlap": table.dimensions[0].overlap,
    }
