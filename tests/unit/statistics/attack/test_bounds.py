"""The attack's bounds are those of all tables of whole numbers that fit what is shown, each one looked at."""

import random
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import pytest

from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.attack.insiders import Knower, Knowledge
from caseapp.services.statistics.attack.read import read
from caseapp.services.statistics.attack.reduce import reduce
from caseapp.services.statistics.attack.rules import Rules
from caseapp.services.statistics.attack.solve import bounds
from caseapp.services.statistics.attack.system import build
from caseapp.services.statistics.attack.truth import Truth
from caseapp.services.statistics.cells import Fact
from tests.unit.statistics.attack.small import COUNTY, catalogue, cells, chains, dimension, facts, folder, summed

A, X = dimension("a", "1 2"), dimension("x", "1 2")
FINE = dimension("f", "1:1 2:1 3:2", within="a")
GROUP = dimension("g", "p q", overlap=True)
SHAPES: dict[str, tuple[Catalogue, list[str]]] = {
    "one way": (catalogue([("n", "a", "township"), ("n", "x", "township")], [A, X]), ["a", "x"]),
    "a ring through the areas": (
        catalogue([("n", "a", "township"), ("n", "x", "township"), ("n", "a x", "county")], [A, X]),
        ["a", "x"],
    ),
    "finer below coarser": (
        catalogue([("n", "a", "township"), ("n", "f", "county"), ("n", "", "township")], [A, FINE]),
        ["f"],
    ),
}


def attacked(told: Catalogue, held: Sequence[Fact], hidden: Any, who: str = "") -> Any:
    """(measure, area, key) → what the attack, or a station, says of each hidden cell."""
    releases = read([folder(told, COUNTY, "2026Q3", summed(held, COUNTY), hidden)], {"tiny": told})
    reduced = reduce(build(releases, Rules()))
    truth = Truth(releases, [held], [chains(COUNTY)])
    found = bounds(reduced, insider=Knowledge(reduced, truth, Knower(who, (who,))).insider() if who else None)
    return {(block.measure, area, key): found[n] for n, ((block, area, key), _known, _parts) in enumerate(reduced.cells)}


def enumerated(told: Catalogue, names: Sequence[str], true: Any, hidden: Any, own: Mapping[tuple[str, str], int]) -> Any:
    """The same by trying every table of two townships with no finest cell below what is known of it."""
    keys = ["|".join(codes) for codes in product(*([v.code for v in told.dimensions[n].values] for n in names))]
    every = {(t.measure, area, key) for t in told.tables for area, key in cells(told, COUNTY, t)}
    shown = every - set(hidden)
    base = [summed(facts("n", "2026Q3", {(t, "s"): {key: 1}}, names, told), COUNTY) for t in ("t1", "t2") for key in keys]
    order = sorted(every)
    vectors = [[one.get((m, "2026Q3", area, key), 0) for m, area, key in order] for one in base]
    goal = [true.get((m, "2026Q3", area, key), 0) for m, area, key in order]
    fixed = [n for n, cell in enumerate(order) if cell in shown]
    least = [own.get((t, key), 0) for t in ("t1", "t2") for key in keys]
    most = true["n", "2026Q3", "c", ()]
    found: dict[Any, tuple[int, int]] = {}
    sums = [0] * len(order)

    def walk(place: int) -> None:
        if any(sums[n] > goal[n] for n in fixed):
            return
        if place == len(vectors):
            if all(sums[n] == goal[n] for n in fixed):
                for n, cell in enumerate(order):
                    if cell in hidden:
                        low, high = found.get(cell, (sums[n], sums[n]))
                        found[cell] = min(low, sums[n]), max(high, sums[n])
            return
        for times in range(least[place], most + 1):
            for n, one in enumerate(vectors[place]):
                sums[n] += one * (times if times == least[place] else 1)
            walk(place + 1)
        for n, one in enumerate(vectors[place]):
            sums[n] -= one * most

    walk(0)
    return found


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(6))
def test_bounds_are_those_of_every_table_that_fits(shape: str, seed: int) -> None:
    told, names = SHAPES[shape]
    dice = random.Random(f"{shape} {seed}")
    keys = ["|".join(codes) for codes in product(*([v.code for v in told.dimensions[n].values] for n in names))]
    numbers = {(t, s): {key: dice.randrange(3 - (s == "s")) for key in keys} for t in ("t1", "t2") for s in ("s", f"{t}s")}
    if shape == "a ring through the areas":
        numbers["t2", "s"] = {}  # two stations each would take long to try
    numbers["t1", "s"][keys[0]] = 1
    held = facts("n", "2026Q3", numbers, names, told)
    true = summed(held, COUNTY)
    every = sorted({(t.measure, area, key) for t in told.tables for area, key in cells(told, COUNTY, t)})
    total = ("n", "c", ())
    hidden = {cell for cell in every if dice.random() < 0.5 and cell != total}
    assert attacked(told, held, hidden) == enumerated(told, names, true, hidden, {})
    own = {(t, key): number for (t, s), codes in numbers.items() if s == "s" for key, number in codes.items()}
    assert attacked(told, held, hidden, "s") == enumerated(told, names, true, hidden, own)
