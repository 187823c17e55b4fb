"""What somebody has who holds every extract there ever was: measured on rows as they were handed out, persons taken once.

A class of the union is every row that tells the same; an attribute that is `*` tells nothing, so that two files with different
columns meet. Beside the size and the variety of each class, a person who stands in several classes must not be narrowed by
comparing them: the values that all their classes share are at least `distinct`. Only the standard library, as `measure.py`.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from caseapp.services.statistics.extract.measure import ALL, Limits, Mark, shares, units_of


@dataclass(frozen=True)
class Handed:
    """One extract as it was handed out: its rows, whose each is, which columns are sensitive."""

    rows: Sequence[Mapping[str, str]]
    marks: Sequence[Mark]
    quasi: Sequence[str]
    sensitive: Sequence[str]


def measure_union(extracts: Sequence[Handed], limits: Limits) -> list[tuple[str, str, float, float]]:
    """The faults of all extracts together, as `Measured.faults`; judged are the classes in which the last one has a part."""
    rows = [row for one in extracts for row in one.rows]
    marks = [mark for one in extracts for mark in one.marks]
    keys = [_key(one, row) for one in extracts for row in one.rows]
    new = len(rows) - len(extracts[-1].rows)
    units = units_of(marks)
    classes: dict[frozenset[tuple[str, str]], list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        classes[key].append(place)
    faults: dict[tuple[str, str, float, float], None] = {}
    for key in {keys[place] for place in range(new, len(rows))}:
        size = len({units[place] for place in classes[key]})
        wanted = max([limits.k, *(limits.raised.get(name, {}).get(value, 0) for name, value in key)])
        if size < wanted:
            faults[("union_k", "", size, wanted)] = None
        for name in extracts[-1].sensitive:
            held = [place for place in classes[key] if name in rows[place]]
            share = shares(rows, units, held, name)
            entropy = math.exp(-sum(p * math.log(p) for p in share.values()))
            if len(share) < limits.distinct or entropy < limits.entropy - 1e-9 or max(share.values()) > limits.confidence + 1e-9:
                faults[("union_l", name, len(share), limits.distinct)] = None
    for name, left in _compared(extracts):
        if left < limits.distinct:
            faults[("compared", name, left, limits.distinct)] = None
    return list(faults)


def common_values(extracts: Sequence[Handed], persons: Set[str]) -> dict[str, dict[str, frozenset[str]]]:
    """For each of these persons and each sensitive attribute: the values that all classes of all files with the person share.

    A class is one of one file here: which file a row came from is known to whoever compares.
    """
    found: dict[str, dict[str, frozenset[str]]] = {}
    for one in extracts:
        classes: dict[frozenset[tuple[str, str]], list[int]] = defaultdict(list)
        for place, row in enumerate(one.rows):
            classes[_key(one, row)].append(place)
        for held in classes.values():
            inside = {one.marks[place][0] for place in held} & persons
            for name in one.sensitive if inside else ():
                values = frozenset(one.rows[place][name] for place in held)
                for person in inside:
                    told = found.setdefault(person, {})
                    told[name] = told.get(name, values) & values
    return found


def _compared(extracts: Sequence[Handed]) -> list[tuple[str, int]]:
    """For each person with a part in the last extract who stands in several classes: how many values these have in common."""
    times: dict[str, set[tuple[int, frozenset[tuple[str, str]]]]] = defaultdict(set)
    for number, one in enumerate(extracts):
        for mark, row in zip(one.marks, one.rows, strict=True):
            times[mark[0]].add((number, _key(one, row)))
    several = {mark[0] for mark in extracts[-1].marks if len(times[mark[0]]) > 1}
    told = common_values(extracts, several)
    return [(name, len(values)) for person in told.values() for name, values in person.items()]


def _key(one: Handed, row: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((name, row[name]) for name in one.quasi if row[name] != ALL)
