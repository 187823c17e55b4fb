"""A release so small that its certificate is written by hand: two townships of two stations, persons on file by sex.

In the first township three men are on file, one at the first station and two at the second; everything else is large. The four
cells by sex of the two townships are hidden. A witness moves men and women of one station against those of another.
"""

import gzip
import json
from dataclasses import dataclass, replace
from typing import Any

from caseapp.reference.statistics import newest
from caseapp.services.statistics.verify import Evidence

COUNTS = {"s1": (1, 20), "s2": (2, 20), "s3": (20, 30), "s4": (25, 30)}  # station → men, women
TOWNSHIP = {"s1": "t1", "s2": "t1", "s3": "t2", "s4": "t2"}
SWAPS = {  # first station, second station, by how much the first township's men move
    "up": [("s2", "s3", 4), ("s1", "s4", 4), ("s1", "s3", 4)],
    "down": [("s2", "s3", -2), ("s1", "s4", -1), ("s2", "s4", -2), ("s1", "s3", -1)],
}
CELL = ["on_file", "t1", "sex=1"]


@dataclass(frozen=True)
class Place:
    """A published area."""

    code: str
    level: str


@dataclass(frozen=True)
class Number:
    """One true number."""

    measure: str
    area: str
    station: str
    key: str
    value: int
    persons: int
    largest: int = 1


def catalogue() -> Any:
    """The newest catalogue with one table."""
    full = newest()
    return replace(full, tables=(full.table("on_file_sex"),), balances=(), never_more=())


def facts(counts: dict[str, tuple[int, int]] = COUNTS) -> list[Number]:
    """The truth."""
    found = []
    for station, (men, women) in counts.items():
        for key, value in (("", men + women), ("sex=1", men), ("sex=2", women)):
            found.append(Number("on_file", TOWNSHIP[station], station, key, value, value))
    return found


def shown(hidden: set[tuple[str, str]], true: list[Number]) -> dict[tuple[str, str, str], str]:
    """The release as it is printed."""
    found = {}
    for area, members in (("c", ("t1", "t2")), ("t1", ("t1",)), ("t2", ("t2",))):
        for key in ("", "sex=1", "sex=2"):
            value = sum(n.value for n in true if n.area in members and n.key == key)
            found["on_file_sex", area, key] = "*" if (area, key) in hidden else str(value)
    return found


HIDDEN = {(area, key) for area in ("t1", "t2") for key in ("sex=1", "sex=2")}


def certificate() -> dict[str, Any]:
    """The certificate before it is packed."""
    witnesses, cell = [], {"cell": CELL, "value_at_least": 7}
    for way, swaps in SWAPS.items():
        cell[way] = []
        for one, other, men in swaps:
            cell[way].append(len(witnesses))
            moves = ((one, "sex=1", men), (one, "sex=2", -men), (other, "sex=1", -men), (other, "sex=2", men))
            witnesses.append([[["on_file", TOWNSHIP[s], s, key], delta] for s, key, delta in moves])
    return {
        "version": 1,
        "period": "2026Q3",
        "frames": [{"measure": "on_file", "frames": [["sex"]]}],
        "witnesses": witnesses,
        "cells": [cell],
    }


def pack(content: Any) -> bytes:
    """As it is kept."""
    return gzip.compress(json.dumps(content, sort_keys=True, separators=(",", ":")).encode(), mtime=0)


def evidence(content: Any = None, **more: Any) -> Evidence:
    """The whole of it, with what a test changes."""
    true = more.pop("facts", None) or facts()
    held = {
        "catalogue": catalogue(),
        "period": "2026Q3",
        "areas": [Place("c", "county"), Place("t1", "township"), Place("t2", "township")],
        "chains": {"t1": ["t1", "c"], "t2": ["t2", "c"]},
        "facts": true,
        "shown": shown(HIDDEN, true),
        "certificate": pack(content or certificate()),
        "contractors": {"s2": "x", "s4": "x"},
    }
    return Evidence(**(held | more))
