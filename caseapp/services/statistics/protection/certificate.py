"""The certificate of a release: its witnesses as differences, so that a third party adds them up without a solver."""

import gzip
import json
from collections.abc import Sequence
from typing import Any

from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.protection.search import Search

VERSION = 1


def write(catalogue: Catalogue, period: str, searches: Sequence[Search]) -> bytes:
    """Gzip (without time) of canonical JSON: version, period, frames, witnesses, and which of them serve each guarded cell.

    A witness is a list of [[measure, fact area, station, key], difference]. A cell has the value that it must be able to
    reach (`value_at_least`), `up` and `down` witnesses, and `readers`: ["everybody"], or the insiders for whom alone it is
    guarded, because what the others contribute is small.
    """
    witnesses: list[Any] = []
    cells: list[Any] = []
    for search in searches:
        place: dict[int, int] = {}
        for cell in sorted(search.targets):
            target = search.targets[cell]
            told: dict[str, Any] = {"cell": list(search.system.names[cell]), "value_at_least": search.value(cell) + target.up}
            told["readers"] = (
                ["everybody"]
                if target.everybody
                else sorted([*search.known.names[i]] for i, need in target.own.items() if any(need))
            )
            for name, sign in (("up", 1), ("down", -1)):
                numbers = search.chosen(cell, sign)
                for number in numbers:
                    if number not in place:
                        place[number] = len(witnesses)
                        witness = search.witnesses[number]
                        witnesses.append(
                            [
                                [list(search.system.atom(int(column))), int(delta)]
                                for column, delta in zip(witness.columns, witness.deltas, strict=True)
                            ]
                        )
                told[name] = [place[number] for number in numbers]
            cells.append(told)
    frames = [
        {"measure": measure, "frames": [list(dims) for dims in catalogue.frames(measure)]} for measure in catalogue.linked()
    ]
    content = {"version": VERSION, "period": period, "frames": frames, "witnesses": witnesses, "cells": cells}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)
