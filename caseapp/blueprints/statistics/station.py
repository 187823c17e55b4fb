"""A station's own live counts: on screen only, for its head and workers."""

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
from caseapp.core.periods import Quarter
from caseapp.core.text import _
from caseapp.queries.statistics import station as queries
from caseapp.reference.statistics import newest


@bp.get("/station")
@requires(Permission.STATION_COUNTS)
def station() -> Any:
    """This month so far, or this quarter so far."""
    today = clock.today()
    whole = request.args.get("span") == "quarter"
    first = Quarter.of(today).first_day if whole else today.replace(day=1)
    found = queries.counts(the_actor(), first, today)
    dimensions = newest().dimensions
    return page(
        "statistics/station.html",
        counts=found,
        whole=whole,
        first=first,
        last=today,
        ages=[(v.label(tag()), found.by_age[v.code]) for v in dimensions["age_band"].values if v.code in found.by_age],
        sexes=[(value.label(tag()), found.by_sex.get(value.code, 0)) for value in dimensions["sex"].values],
        cases=[(domain.code, domain.label, found.cases.get(domain.code, 0)) for domain in domains.all()],
        finding=_("Persons on file by age band: %(n)s in all.", n=found.on_file),
    )
