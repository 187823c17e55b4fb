"""The true numbers of a snapshot in the columns of the published tables: for whoever checks a release from outside."""

import csv
import io
from typing import Any

from sqlalchemy import select

from caseapp.core.errors import Conflict
from caseapp.core.periods import Period, editions, plain_name
from caseapp.core.text import _l
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatFact, StatRelease
from caseapp.reference.statistics import newest


def true_cells(session: Any, period: Period) -> str:
    """CSV (header; lines end in a line feed) of every fact of a period, its months among them where they are counted.

    Where the period was corrected, of the facts that the last correction stands on.

    Columns: `measure`, `geo` (township), `station` and `contractor` (ids, as in the certificate), one for each dimension
    of the catalogue (empty: not divided by it), `period`, `count` and `persons` (people behind it). Read in a system
    session by a command only. Raises Conflict where the period has no facts.
    """
    names = list(newest().dimensions)
    last = session.scalar(
        select(StatRelease).where(StatRelease.period == str(period)).order_by(StatRelease.number.desc()).limit(1)
    )
    spans = editions(period, last.edition if last else 0)
    rows = session.execute(
        select(
            StatFact.measure,
            StatFact.area,
            StatFact.station_id,
            Organisation.contractor_id,
            StatFact.dims_key,
            StatFact.period,
            StatFact.value,
            StatFact.persons,
        )
        .join(Organisation, Organisation.id == StatFact.station_id)
        .where(StatFact.period.in_(spans))
        .order_by(StatFact.measure, StatFact.period, StatFact.area, StatFact.station_id, StatFact.dims_key)
    )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["measure", "geo", "station", "contractor", *names, "period", "count", "persons"])
    some = False
    for row in rows:
        some = True
        dims = dict(part.split("=", 1) for part in row.dims_key.split(";") if part)
        told = [dims.get(name, "") for name in names]
        place = [row.measure, row.area, row.station_id, row.contractor_id or ""]
        writer.writerow([*place, *told, plain_name(row.period), row.value, row.persons])
    if not some:
        raise Conflict(_l("Run the refresh of this period after its end first."), "period", code="no_facts")
    return text.getvalue()
