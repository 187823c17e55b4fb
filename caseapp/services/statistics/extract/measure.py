"""What an extract really keeps, measured on its finished bytes by code that shares nothing with what made them.

Only the standard library. A class is all rows that say the same in every quasi-identifier. Persons of one household count as
one, and so does a person in several rows: a *unit* is what hangs together by persons or households. Shares within a class give
each unit the weight 1, spread over its rows; the shares of the whole file are those of its rows, which is what a reader sees.
"""

import csv
import io
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ALL = "*"
Mark = tuple[str, str | None]  # person, household


@dataclass(frozen=True)
class Limits:
    """What must hold (`reference/data/extract`); `raised` is attribute → value → k of classes with that value."""

    k: int
    average_risk: float
    distinct: int
    entropy: float
    confidence: float
    closeness: float
    records_per_area: int
    raised: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """One sensitive attribute over all classes: the worst of each measure."""

    distinct: int
    entropy: float
    confidence: float
    closeness: float


@dataclass(frozen=True)
class Measured:
    """The measures of a whole file; `faults` names what does not hold, as (measure, attribute or "", found, wanted)."""

    rows: int
    units: int
    classes: int
    k: int
    average_risk: float
    highest_risk: float
    area_least: int
    told: Mapping[str, Told]
    faults: tuple[tuple[str, str, float, float], ...]

    def plain(self) -> dict[str, Any]:
        """For the report."""
        return {
            "rows": self.rows,
            "units": self.units,
            "classes": self.classes,
            "k": self.k,
            "average_risk": round(self.average_risk, 5),
            "highest_risk": round(self.highest_risk, 5),
            "area_least": self.area_least,
            "told": {code: {name: round(value, 4) for name, value in vars(one).items()} for code, one in self.told.items()},
            "faults": [list(fault) for fault in self.faults],
        }


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file with a header, UTF-8 with or without a mark."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def measure(
    content: bytes, quasi: Sequence[str], sensitive: Sequence[str], limits: Limits, marks: Sequence[Mark] | None = None
) -> Measured:
    """Measures a file. `marks` say whose each row is, in the order of the rows; without them each row is somebody else.

    Raises ValueError when a column is missing or the marks are of another number than the rows.
    """
    rows = rows_of(content)
    if rows and not {*quasi, *sensitive} <= rows[0].keys():
        raise ValueError("a column of the extract is missing in its file")
    units = units_of(marks) if marks is not None else list(range(len(rows)))
    if len(units) != len(rows):
        raise ValueError("the marks are of another number than the rows")
    classes: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        classes[tuple(row[name] for name in quasi)].append(place)
    return _judged(rows, units, classes, quasi, sensitive, limits)


def _judged(
    rows: Sequence[Mapping[str, str]],
    units: Sequence[int],
    classes: Mapping[tuple[str, ...], Sequence[int]],
    quasi: Sequence[str],
    sensitive: Sequence[str],
    limits: Limits,
) -> Measured:
    faults: list[tuple[str, str, float, float]] = []
    sizes = {key: len({units[place] for place in held}) for key, held in classes.items()}
    for key, size in sizes.items():
        wanted = max([limits.k, *(limits.raised.get(name, {}).get(value, 0) for name, value in zip(quasi, key, strict=True))])
        if size < wanted:
            faults.append(("k", "", size, wanted))
    average = sum(len(classes[key]) / size for key, size in sizes.items()) / len(rows) if rows else 0.0
    if average > limits.average_risk:
        faults.append(("average_risk", "", average, limits.average_risk))
    told = {name: _told(rows, units, classes, name) for name in sensitive}
    for name, found in told.items():
        faults += _too_much(name, found, limits)
    areas: dict[str, int] = defaultdict(int)
    for row in rows:
        areas[row.get("area", ALL)] += 1
    least = min(areas.values(), default=0)
    if least < limits.records_per_area:
        faults.append(("records_per_area", "area", least, limits.records_per_area))
    k = min(sizes.values(), default=0)
    return Measured(
        len(rows), len(set(units)), len(classes), k, average, 1 / k if k else 0.0, least, told, tuple(dict.fromkeys(faults))
    )


def _told(
    rows: Sequence[Mapping[str, str]], units: Sequence[int], classes: Mapping[tuple[str, ...], Sequence[int]], name: str
) -> Told:
    whole = _counted(row[name] for row in rows)
    distinct, entropy, confidence, closeness = len(whole), float(len(whole)), 0.0, 0.0
    for held in classes.values():
        share = shares(rows, units, held, name)
        distinct = min(distinct, len(share))
        entropy = min(entropy, math.exp(-sum(p * math.log(p) for p in share.values())))
        confidence = max(confidence, *share.values())
        far = sum(abs(share.get(value, 0.0) - count / len(rows)) for value, count in whole.items()) / 2
        closeness = max(closeness, far)
    return Told(distinct, entropy, confidence, closeness)


def shares(rows: Sequence[Mapping[str, str]], units: Sequence[int], held: Sequence[int], name: str) -> dict[str, float]:
    """The share of each value among the units of a class."""
    times = _counted(units[place] for place in held)
    found: dict[str, float] = defaultdict(float)
    for place in held:
        found[rows[place][name]] += 1 / times[units[place]] / len(times)
    return dict(found)


def _too_much(name: str, found: Told, limits: Limits) -> list[tuple[str, str, float, float]]:
    little = 1e-9  # of sums of fractions
    faults: list[tuple[str, str, float, float]] = []
    if found.distinct < limits.distinct:
        faults.append(("distinct", name, found.distinct, limits.distinct))
    if found.entropy < limits.entropy - little:
        faults.append(("entropy", name, found.entropy, limits.entropy))
    if found.confidence > limits.confidence + little:
        faults.append(("confidence", name, found.confidence, limits.confidence))
    if found.closeness > limits.closeness + little:
        faults.append(("closeness", name, found.closeness, limits.closeness))
    return faults


def _counted(values: Iterable[Any]) -> dict[Any, int]:
    found: dict[Any, int] = defaultdict(int)
    for value in values:
        found[value] += 1
    return found


def units_of(marks: Sequence[Mark]) -> list[int]:
    """A number for each row, the same for rows that hang together by a person or a household."""
    above: dict[str, str] = {}

    def root(one: str) -> str:
        above.setdefault(one, one)
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    for person, household in marks:
        first = root(f"p{person}")
        if household is not None:
            above[root(f"h{household}")] = first
    numbers: dict[str, int] = {}
    return [numbers.setdefault(root(f"p{person}"), len(numbers)) for person, _household in marks]
