"""The first protection by itself: which sums tie the cells, and that no combination of shown ones gives a guarded one back."""

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

from caseapp.queries.statistics.places import Node
from caseapp.reference.statistics import Catalogue, key_of, newest
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.cells import HIDDEN, Fact, publish
from caseapp.services.statistics.protection import Cell, protect
from caseapp.services.statistics.sums import sums

CATALOGUE = newest()
COUNTY = Area("c", "C", "county", None, "/c/", ("c",), leaf=False)
TOWNS = [Area(code, code, "township", "c", f"/c/{code}/", (code,), leaf=True) for code in ("t1", "t2")]
NODES = [Node("c", "C", "county", "/c/", None), *(Node(t.code, t.name, "township", t.path, "c") for t in TOWNS)]


def tables(measure: str) -> Any:
    """The tables of one measure."""
    return CATALOGUE.linked()[measure]


def test_crossed_cells_are_tied_to_both_margins_and_stay_above_the_township() -> None:
    found = set(sums(tables("on_file"), [COUNTY, *TOWNS]))
    ages = [value.code for value in CATALOGUE.dimensions["age_band"].values]
    women = (("c", "sex=2"), *(("c", f"age_band={age};sex=2") for age in ages))
    assert women in found
    assert (("c", "age_band=80+"), *(("c", f"age_band=80+;sex={sex}") for sex in ("1", "2", "unknown"))) in found
    assert (("c", "age_band=80+"), ("t1", "age_band=80+"), ("t2", "age_band=80+")) in found
    assert not any(area != "c" and ";" in key for equation in found for area, key in equation)


def test_groups_that_overlap_do_not_add_up_but_areas_do() -> None:
    city = Area("p", "P", "city", None, "/p/", ("p",), leaf=False)
    county = Area("c", "C", "county", "p", "/p/c/", ("c",), leaf=True)
    found = sums(tables("on_file"), [city, county])
    grouped = [equation for equation in found if any("group=" in key for _area, key in equation)]
    assert grouped and all(len(equation) == 2 and equation[0][1] == equation[1][1] for equation in grouped)


def test_items_add_up_to_their_section_and_sections_to_their_domain() -> None:
    found = {equation[0]: equation[1:] for equation in sums(tables("services"), [COUNTY]) if equation[0][1]}
    items = [key for _area, key in found["c", "section=B1"]]
    assert items == [f"item=B1.{number}" for number in range(1, 8)]
    assert (("c", "domain=elderly"), ("c", "section=B1"), ("c", "section=B2")) in sums(tables("services"), [COUNTY])
    assert not any("section" in key for equation in sums(tables("services"), TOWNS) for _area, key in equation)


def facts(measure: str, counts: dict[str, dict[str, int]]) -> list[Fact]:
    """Facts of one measure, by area and key, each thing another person."""
    return [Fact(measure, "2026Q3", area, key, value, value) for area, held in counts.items() for key, value in held.items()]


def shown(found: list[Fact]) -> dict[tuple[str, str, str], str]:
    """What is published of them: (measure, area, key)."""
    chains = publication.cover([COUNTY, *TOWNS], NODES)
    cells = publish(CATALOGUE, "2026Q3", [COUNTY, *TOWNS], chains, found).cells
    return {(cell.table.measure, cell.area.code, cell.dims_key): cell.shown for cell in cells if not cell.table.derived}


def test_who_came_and_who_left_are_hidden_together() -> None:
    """On file before and after are shown, so that one of them would tell the other."""
    came = facts("enrolled", {"t1": {"": 3, "age_band=80+": 3}})
    left = facts("ended", {"t1": {"": 40, "end=moved": 40}})
    told = shown(came + left)
    assert told["enrolled", "c", ""] == told["ended", "c", ""] == HIDDEN
    assert told["ended", "c", "end=moved"] == HIDDEN, "else the total came back from its only part"
    alone = shown(left)
    assert alone["ended", "c", ""] == "40"


def test_where_only_zeros_are_left_it_ends_and_hides_them() -> None:
    """A guarded cell that everything else is zero beside: the search for company must end."""
    cells = {("c", ""): Cell(9, 9, 5), ("c", "x=1"): Cell(9, 9, 5), ("c", "x=2"): Cell(0, 0, 5)}
    equations = [(("c", ""), ("c", "x=1"), ("c", "x=2"))]
    assert protect(cells, equations, [("c", "x=1")]) >= {("c", "x=1"), ("c", "")}
    small = {("c", ""): Cell(3, 3, 5), ("c", "x=1"): Cell(3, 3, 5), ("c", "x=2"): Cell(0, 0, 5)}
    assert {("c", ""), ("c", "x=1")} <= protect(small, equations)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("measure", ["on_file", "services", "cases_active"])
def test_no_combination_of_what_is_shown_gives_a_small_cell(seed: int, measure: str) -> None:
    """Random small places, judged by how hidden cells can move (singular values) and not by the code that hides."""
    dice, catalogue = random.Random(seed), CATALOGUE
    county = [COUNTY, *TOWNS, *(Area(f"t{n}", f"t{n}", "township", "c", f"/c/t{n}/", (f"t{n}",), leaf=True) for n in range(3, 7))]
    nodes = [Node(a.code, a.name, a.level, a.path, a.parent) for a in county]
    held = [f for area in county[1:] for f in _random(measure, area.code, dice, catalogue)]
    cells = publish(catalogue, "2026Q3", county, publication.cover(county, nodes), held).cells
    told = {(c.area.code, c.dims_key): c.shown for c in cells if c.table.measure == measure and not c.table.derived}
    true: Counter[tuple[str, str]] = Counter()
    for fact in held:
        true[fact.area, fact.key] += fact.value
        true["c", fact.key] += fact.value
    equations = sums(tables(measure), county)
    hidden = [key for key, text in told.items() if text == HIDDEN]
    assert all(int(text) == true[key] for key, text in told.items() if text != HIDDEN)
    column = {key: place for place, key in enumerate(hidden)}
    matrix = np.zeros((len(equations), len(hidden)))
    for number, (total, *parts) in enumerate(equations):
        for key, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
            if key in column:
                matrix[number, column[key]] = sign
    _u, size, basis = np.linalg.svd(matrix)
    free = basis[int((size > 1e-9).sum()) :]  # all ways in which hidden cells can move while every sum holds
    for key in hidden:
        if 0 < true[key] < _least(measure, key[1]):
            assert np.abs(free[:, column[key]]).max(initial=0) > 1e-9, f"{key} follows from what is shown"
    assert not [key for key, text in told.items() if text != HIDDEN and 0 < true[key] < _least(measure, key[1])]


def _random(measure: str, area: str, dice: random.Random, catalogue: Catalogue) -> list[Fact]:
    groupings = catalogue.groupings(measure)
    counts: Counter[str] = Counter()
    for _thing in range(dice.randrange(3, 60)):
        drawn = {name: dice.choice(catalogue.dimensions[name].values).code for names in groupings for name in names}
        if "item" in drawn:
            item = catalogue.dimensions["item"].value(drawn["item"])
            assert item is not None
            drawn["section"] = str(item.parent)
            section = catalogue.dimensions["section"].value(drawn["section"])
            assert section is not None
            drawn["domain"] = str(section.parent)
        for names in groupings:
            counts[key_of({name: drawn[name] for name in names})] += 1
    return [Fact(measure, "2026Q3", area, key, value, value) for key, value in counts.items()]


def _least(measure: str, key: str) -> int:
    for table in tables(measure):
        for values in table.cells():
            if table.dims_key(*(value.code for value in values)) == key:
                return max(value.k for value in values)
    return CATALOGUE.threshold
