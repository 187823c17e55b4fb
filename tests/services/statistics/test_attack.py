"""An attacker with a linear program: all he can add up, and what is shown. He must not find a small cell exactly.

The equations are written here anew from the published areas and dimensions, not taken from the code that protects.
"""

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_matrix
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.models.statistics import StatCell, StatFact, StatRelease
from caseapp.reference.statistics import newest

Cell = tuple[str, str]


def known(release: StatRelease) -> dict[str, dict[Cell, str]]:
    """What is published: measure → (area, dims key) → shown."""
    measure = {table.code: table.measure for table in newest().tables if not table.derived}
    found: dict[str, dict[Cell, str]] = defaultdict(dict)
    with system_session("attack") as session:
        query = select(StatCell.table, StatCell.area, StatCell.dims_key, StatCell.shown).where(StatCell.release_id == release.id)
        for table, area, key, shown in session.execute(query):
            if table in measure:
                before = found[measure[table]].setdefault((area, key), shown)
                assert before == shown, "one cell, one answer in every table"
    return found


def truth(release: StatRelease) -> dict[str, dict[Cell, int]]:
    """True values of the cells."""
    parent = {area["code"]: area["parent"] for area in release.areas}
    leaf = {root: area["code"] for area in release.areas for root in area["roots"]}
    found: dict[str, dict[Cell, int]] = defaultdict(lambda: defaultdict(int))
    with system_session("attack") as session:
        for fact in session.scalars(select(StatFact).where(StatFact.period == release.period)):
            code = leaf.get(fact.area)
            while code:
                found[fact.measure][code, fact.dims_key] += fact.value
                code = parent[code]
    return found


def parts(key: str) -> dict[str, str]:
    """A key as dimension → value."""
    return dict(part.split("=") for part in key.split(";")) if key else {}


def equations(cells: dict[Cell, str], release: StatRelease) -> list[list[tuple[Cell, int]]]:
    """Every sum a reader can write.

    In each area a cell is the sum of those that say one dimension more, where its values do not overlap, or that say a finer
    value of the same; and the areas right below add up to the one above for each cell they all have.
    """
    catalogue, rows = newest(), []
    by_area: dict[str, list[str]] = defaultdict(list)
    for area, key in cells:
        by_area[area].append(key)
    for area, keys in by_area.items():
        finer: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key in keys:
            dims = parts(key)
            for name, code in dims.items():
                dimension = catalogue.dimensions[name]
                rest = ";".join(f"{n}={c}" for n, c in dims.items() if n != name)
                if not dimension.overlap:
                    finer[rest, name].append(key)
                if dimension.within:
                    finer[f"{dimension.within}={dimension.value(code).parent}", name].append(key)  # type: ignore[union-attr]
        rows += [
            [((area, whole), -1), *(((area, key), 1) for key in held)] for (whole, _n), held in finer.items() if whole in keys
        ]
    children: dict[str, list[str]] = defaultdict(list)
    for area in release.areas:
        if area["parent"] and area["code"] in by_area:
            children[area["parent"]].append(area["code"])
    for above, below in children.items():
        for key in by_area[above]:
            if all((code, key) in cells for code in below):
                rows.append([((above, key), -1), *(((code, key), 1) for code in below)])
    return rows


def span(cells: dict[Cell, str], rows: list[list[tuple[Cell, int]]], targets: list[Cell]) -> dict[Cell, tuple[float, float]]:
    """The least and the most each target may be, by linear programs over the hidden cells."""
    hidden = {cell: place for place, cell in enumerate(c for c, shown in cells.items() if shown == "*")}
    matrix, right = lil_matrix((len(rows), len(hidden))), np.zeros(len(rows))
    for number, row in enumerate(rows):
        for cell, sign in row:
            if cell in hidden:
                matrix[number, hidden[cell]] += sign
            else:
                right[number] -= sign * int(cells[cell])
    found = {}
    for target in targets:
        aim = np.zeros(len(hidden))
        aim[hidden[target]] = 1
        ends = []
        for sign in (1, -1):
            answer = linprog(sign * aim, A_eq=matrix.tocsr(), b_eq=right, bounds=(0, 100_000), method="highs")
            assert answer.status == 0, answer.message
            ends.append(sign * answer.fun)
        found[target] = (ends[0], ends[1])
    return found


def small_cells(cells: dict[Cell, str], true: dict[Cell, int], limits: dict[str, int]) -> list[Cell]:
    """The hidden cells that are small in truth."""
    return [cell for cell, shown in cells.items() if shown == "*" and 0 < true.get(cell, 0) < limits.get(cell[1], 5)]


def limits() -> dict[str, int]:
    """From how many on a cell may be shown, by its key."""
    found = {}
    for table in newest().tables:
        for values in table.cells():
            found[table.dims_key(*(value.code for value in values))] = max(value.k for value in values)
    return found


def test_no_small_cell_is_found(publish: Any) -> None:
    release = publish()
    shown, true, least = known(release), truth(release), limits()
    attacked: dict[str, int] = defaultdict(int)
    for measure, cells in shown.items():
        if measure == "hours":  # minutes: small are the persons behind a cell, not its value
            continue
        targets = small_cells(cells, true[measure], least)
        for cell, (low, high) in span(cells, equations(cells, release), targets).items():
            attacked[measure] += 1
            assert high - low > 0.01, f"{measure} {cell} is exactly {low:.2f}"
    assert sum(attacked.values()) > 100
    assert {"on_file", "visits", "visited", "services", "cases_active"} <= attacked.keys()


def test_the_attack_finds_what_is_hidden_alone(publish: Any) -> None:
    """The attacker is worth something: where only small cells are hidden, he finds most of them."""
    release = publish()
    true = truth(release)["visits"]
    areas = {area["code"] for area in release.areas}
    naive = {
        cell: "*" if 0 < true.get(cell, 0) < 10 else str(true.get(cell, 0))
        for cell in known(release)["visits"]
        if cell[0] in areas
    }
    targets = [cell for cell, text in naive.items() if text == "*"]
    found = span(naive, equations(naive, release), targets)
    exact = [cell for cell, (least, most) in found.items() if most - least < 0.01]
    assert exact
    for cell in exact:
        assert found[cell][0] == pytest.approx(true[cell], abs=0.01)
