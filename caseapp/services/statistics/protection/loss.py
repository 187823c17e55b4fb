"""What protection costs: per table and level, how many cells are not shown, why, and how much of the volume they hold."""

from collections.abc import Sequence
from typing import Any

from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.protection.search import Search


def loss(catalogue: Catalogue, searches: Sequence[Search]) -> dict[str, Any]:
    """Table → level → cells, primary (small in everybody's eyes), insider (in an insider's), secondary, hidden, % of cells and volume.

    The volume of a table at a level is the sum of its cells but the totals.
    """
    found: dict[str, Any] = {}
    for search in searches:
        values = search.system.rows @ search.system.truth
        places = {name: number for number, name in enumerate(search.system.names)}
        for table in catalogue.tables:
            if table.derived or table.measure not in search.system.measures:
                continue
            keys = list(table.cell_keys())
            for area in search.system.areas:
                if area.level not in table.levels:
                    continue
                told = found.setdefault(table.code, {}).setdefault(area.level, _nothing())
                for key in keys:
                    number = places[table.measure, area.code, key]
                    _count(told, search, number, 0 if key == "" and len(keys) > 1 else int(values[number]))
    for levels in found.values():
        for told in levels.values():
            told["percent"] = round(100 * told["hidden"] / told["cells"], 1)
            told["volume_percent"] = round(100 * told.pop("volume_hidden") / max(1, told.pop("volume")), 2)
    return found


def _nothing() -> dict[str, Any]:
    return {"cells": 0, "primary": 0, "insider": 0, "secondary": 0, "hidden": 0, "volume": 0, "volume_hidden": 0}


def _count(told: dict[str, Any], search: Search, number: int, volume: int) -> None:
    told["cells"] += 1
    told["volume"] += volume
    if search.hidden[number]:
        target = search.targets.get(number)
        why = "secondary" if target is None else "primary" if target.everybody else "insider"
        told[why] += 1
        told["hidden"] += 1
        told["volume_hidden"] += volume
