"""From true cases to the problem that is searched, and from its answer to the rows of the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from caseapp.reference.extracts import UNKNOWN, Attribute, ExtractKind
from caseapp.services.statistics.extract.lattice import Column, Problem, Rules


@dataclass(frozen=True)
class TrueCase:
    """One closed case as it is: keyed marks of case, person and household, true values by attribute. Never leaves the job."""

    case_mark: str
    person: str
    household: str | None
    values: Mapping[str, Any]
    sensitive: Mapping[str, Any]


@dataclass(frozen=True)
class Chosen:
    """What is told: for whom, which attributes (area always among them) and which sensitive ones."""

    kind: ExtractKind
    recipient: str
    attributes: tuple[str, ...]
    sensitive: tuple[str, ...]

    @property
    def told(self) -> list[Attribute]:
        """The attributes in the order of the rules."""
        return [one for one in self.kind.attributes if one.code in self.attributes or one.required]

    @property
    def quasi(self) -> list[str]:
        """Their codes: the columns by which somebody could be known."""
        return [one.code for one in self.told]


# what an earlier extract leaves of each sensitive attribute for a person: all their classes have these values in common
Before = Mapping[str, Mapping[str, frozenset[str]]]


def problem(chosen: Chosen, cases: Sequence[TrueCase], before: Before) -> Problem:
    """The problem of these cases, in their order."""
    recipient = chosen.kind.recipient(chosen.recipient)
    persons, numbers = _numbered([case.person for case in cases])
    sensitive, earlier = [], []
    for code in chosen.sensitive:
        rule = chosen.kind.sensitive_one(code)
        names = [*(value.code for value in rule.values), UNKNOWN]
        places = {name: place for place, name in enumerate(names)}
        sensitive.append(np.array([places[rule.told(case.sensitive.get(code))] for case in cases], dtype=np.int64))
        earlier.append(places)
    held: dict[int, list[frozenset[int] | None]] = {}
    for person, told in before.items():
        if person in numbers:
            held[numbers[person]] = [
                frozenset(places[value] for value in told[code] if value in places) if code in told else None
                for code, places in zip(chosen.sensitive, earlier, strict=True)
            ]
    return Problem(
        columns=tuple(_column(one, chosen.recipient, recipient.k, cases) for one in chosen.told),
        sensitive=tuple(sensitive),
        units=units_of(cases),
        persons=persons,
        area=chosen.quasi.index("area"),
        rules=Rules(
            recipient.average_risk,
            recipient.distinct,
            recipient.entropy,
            recipient.confidence,
            recipient.closeness,
            recipient.records_per_area,
            chosen.kind.suppression,
        ),
        before=held,
    )


def units_of(cases: Sequence[TrueCase]) -> Any:
    """A number for each row, the same for rows that hang together by a person or a household."""
    persons, _numbers = _numbered([case.person for case in cases])
    households, _names = _numbered([case.household or f"none of {case.person}" for case in cases])
    size = (int(persons.max(initial=-1)) + 1) + (int(households.max(initial=-1)) + 1)
    links = coo_array((np.ones(len(cases)), (persons, households + int(persons.max(initial=-1)) + 1)), shape=(size, size))
    return connected_components(links, directed=False)[1][persons].astype(np.int64)


def levels_of(chosen: Chosen, node: Sequence[int]) -> dict[str, int]:
    """Attribute → number of its level (1 is the finest that exists), of a node of the search."""
    return {one.code: one.lowest(chosen.recipient) + place for one, place in zip(chosen.told, node, strict=True)}


def node_of(chosen: Chosen, levels: Mapping[str, int]) -> tuple[int, ...]:
    """The way back."""
    return tuple(levels[one.code] - one.lowest(chosen.recipient) for one in chosen.told)


def row_of(chosen: Chosen, levels: Mapping[str, int], case: TrueCase) -> dict[str, str]:
    """What the file tells of a case."""
    told = {one.code: one.told(case.values.get(one.code), levels[one.code]) for one in chosen.told}
    return told | {code: chosen.kind.sensitive_one(code).told(case.sensitive.get(code)) for code in chosen.sensitive}


def _column(one: Attribute, recipient: str, k: int, cases: Sequence[TrueCase]) -> Column:
    codes, names, least = [], [], []
    raw = [case.values.get(one.code) for case in cases]
    for level in range(one.lowest(recipient), one.top + 1):
        told = {value: one.told(value, level) for value in set(raw)}
        places = {name: place for place, name in enumerate(sorted(set(told.values())))}
        codes.append(np.array([places[told[value]] for value in raw], dtype=np.int64))
        names.append(tuple(places))
        least.append(np.array([max(k, one.raised(level).get(name, 0)) for name in places], dtype=np.int64))
    return Column(one.code, one.weight, tuple(codes), tuple(names), tuple(least))


def _numbered(names: Sequence[str]) -> tuple[Any, dict[str, int]]:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64), numbers
