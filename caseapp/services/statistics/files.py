"""The files of a release: one long CSV per table, release.json and the hierarchies, the same bytes every time."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from caseapp.core import clock
from caseapp.models.statistics import StatCell, StatRelease
from caseapp.reference.statistics import Catalogue, TableKind, versions
from caseapp.services.statistics.release import chain


def files(session: Any, release: StatRelease) -> dict[str, bytes]:
    """File name → bytes of a release, made from the published cells alone."""
    query = (
        select(StatCell.table, StatCell.area, StatCell.dims, StatCell.shown)
        .where(StatCell.release_id == release.id)
        .order_by(StatCell.position)
    )
    return folder(release, session.execute(query))


def folder(release: StatRelease, cells: Iterable[Any]) -> dict[str, bytes]:
    """The same of a release that is not made yet; `cells` have table, area, dims and shown, in their order."""
    catalogue = versions()[release.catalogue_version].issue(release.period)
    rows: dict[str, list[Any]] = {}
    for row in cells:
        rows.setdefault(row.table, []).append(row)
    found = {_name(table): _table(table, release.period, rows.get(table.code, [])) for table in catalogue.tables}
    found |= {f"hierarchies/{name}.csv": data for name, data in _hierarchies(catalogue, release).items()}
    found["release.json"] = _json(summary(release))
    return found


def write(folder: Path, found: Mapping[str, bytes]) -> None:
    """Writes the files below a folder."""
    for name, data in found.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def summary(release: StatRelease) -> dict[str, Any]:
    """What release.json says; nothing of what is hidden."""
    catalogue = versions()[release.catalogue_version].issue(release.period)
    return {
        "id": str(release.id),
        "number": release.number,
        "period": release.period,
        "catalogue_version": release.catalogue_version,
        "protection": {"zh": catalogue.protection.zh, "en": catalogue.protection.en, "mark": "*"},
        "parameters": release.params,
        "cut_off_on": release.cut_off_on.isoformat(),
        "published_at": clock.local(release.published_at).isoformat(),
        "cells_sha256": release.cells_sha256,
        "loss": {"cells": release.cells, "hidden": release.hidden, "tables": release.report},
        "areas": release.areas,
        "gate": release.gate,
        "reason": release.reason,
        "chain": {"release": chain.told(release), "previous": release.previous_head, "head": release.head},
        "tables": [
            {
                "code": table.code,
                "file": _name(table),
                "measure": table.measure,
                "subject": table.subject or None,
                "dimensions": list(table.names),
                "levels": list(table.levels),
                "derived": table.derived,
                "title": {"zh": table.zh, "en": table.en},
                "unit": {"zh": table.fact("unit"), "en": table.fact("unit", "en")},
                "definition": {"zh": table.fact("definition"), "en": table.fact("definition", "en")},
            }
            for table in catalogue.tables
        ],
    }


def _name(table: TableKind) -> str:
    return f"derived/{table.code}.csv" if table.derived else f"{table.code}.csv"


def _table(table: TableKind, period: str, rows: Sequence[Any]) -> bytes:
    header = ["geo", *table.names, "period", "value" if table.derived else "count"]
    lines = [[row.area, *((row.dims or {}).get(name, "") for name in table.names), period, row.shown] for row in rows]
    return _csv(header, lines)


def _hierarchies(catalogue: Catalogue, release: StatRelease) -> dict[str, bytes]:
    geo: list[list[str]] = []
    for area in release.areas:
        if area["parent"]:
            geo.append([area["code"], area["parent"]])
        geo += [[root, area["code"]] for root in area["roots"] if root != area["code"]]
    found = {"geo": _csv(["child", "parent"], geo)}
    for dimension in catalogue.dimensions.values():
        found[dimension.code] = _csv(["child", "parent"], [[value.code, value.parent or ""] for value in dimension.values])
    return found


def _csv(header: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue().encode()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
