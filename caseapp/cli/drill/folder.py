"""The files of a release that stands in no database, as section 11 of the design has them."""

import csv
import io
import json
from collections.abc import Sequence

from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.cells import Published


def folder(catalogue: Catalogue, period: str, areas: Sequence[Area], cells: Sequence[Published]) -> dict[str, bytes]:
    """File name → bytes, of what somebody needs who attacks: the tables and what they are."""
    outs = {table.code: io.StringIO() for table in catalogue.tables if not table.derived}
    writers = {code: csv.writer(out, lineterminator="\n") for code, out in outs.items()}
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
    return {f"{code}.csv": out.getvalue().encode() for code, out in outs.items()} | {"release.json": json.dumps(about).encode()}
