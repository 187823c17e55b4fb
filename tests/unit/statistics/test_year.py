"""A year of months, quarters and halves: however they come out, nobody is found; where the quarter is not tied to its months, somebody is."""

import random
from dataclasses import replace
from itertools import product
from typing import Any
from unittest.mock import patch

import pytest

from caseapp.reference.statistics import Balance
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.attack.read import read
from caseapp.services.statistics.attack.reduce import reduce
from caseapp.services.statistics.attack.rules import Balance as Stock
from caseapp.services.statistics.attack.rules import Rules
from caseapp.services.statistics.attack.solve import bounds
from caseapp.services.statistics.attack.system import build
from caseapp.services.statistics.cells import Fact, publish
from caseapp.services.statistics.gate import Effort, Past, Report, examine
from caseapp.services.statistics.halves import add_up
from caseapp.services.statistics.history import folder, given_back
from caseapp.services.statistics.protection import Asked
from caseapp.services.statistics.protection.system import over_time
from tests.unit.statistics.attack import small
from tests.unit.statistics.year import Bureau, Year, catalogue

VISITS = catalogue("visits_kind", "visits_age")
CASES = catalogue("cases_opened", "cases_opened_domain", "cases_closed", "cases_closed_domain", "cases_active")
MIXED = (  # months first, the quarter between them, the quarter first, one of them at last
    *("2026M01", "2026M02", "2026M03", "2026Q1", "2026M04", "2026Q2", "2026M06", "2026M05"),
    *("2026Q3", "2026M08", "2026M07", "2026M09", "2026M10", "2026M11", "2026Q4", "2026M12"),
)
SOME = Effort(sampled=1, riskiest=1)


def attacked(bureau: Bureau, period: str, effort: Effort = SOME) -> Report:
    """What the gate says of the release of a period with everything that came before it."""
    told = bureau.year.catalogue
    *past, last = bureau.pasts(period)
    return examine(last, past, bureau.year.contractors, {told.version: told}, effort=effort)


def test_a_year_of_months_and_quarters_in_any_order_tells_of_nobody() -> None:
    bureau = Bureau(Year(VISITS, 1, persons=60))
    for period in MIXED:
        bureau.release(period)
        report = attacked(bureau, period)
        assert (report.hits, report.undecided, bureau.faults()) == ([], [], []), period
        assert report.figures["rules_broken"] == 0 and report.figures["insiders_attacked"] == 2
    shown = [cell for out in bureau.out.values() for cell in out.cells.values()]
    assert 0 < shown.count("*") < len(shown) * 2 // 3
    quarters = [bureau.out[f"2026Q{number}"].cells for number in (1, 2, 3, 4)]
    table = VISITS.table("visits_kind")
    assert table is not None
    half, year = (add_up(VISITS, table, held) for held in (quarters[:2], quarters))
    for cell, value in year.items():
        parts = [told["visits_kind", *cell] for told in quarters]
        assert value == ("*" if "*" in parts else str(sum(map(int, parts))))
    assert "*" in half.values() and any(value.isdigit() for value in half.values())


@pytest.mark.parametrize("order", ["2026M01 2026M02 2026Q1 2026M03", "2026Q1 2026M03 2026M01"])
def test_stocks_and_flows_of_a_quarter_and_its_months_tell_of_nobody(order: str) -> None:
    bureau = Bureau(Year(CASES, 1, persons=60))
    for period in order.split():
        bureau.release(period)
        report = attacked(bureau, period)
        assert (report.hits, report.undecided, bureau.faults()) == ([], [], []), period


def test_without_the_ties_somebody_is_found() -> None:
    """Two months and the quarter give the third: the gate sees it, also of a month that is not out."""
    year, found = Year(catalogue("visits", "consultations", whole=True), 1), set()
    for tied in (True, False):
        bureau = Bureau(year, tied=tied, insiders=False)
        for period in ("2026M01", "2026M02", "2026Q1", "2026M03"):
            bureau.release(period)
            hits = [hit for hit in attacked(bureau, period, Effort(0, 0)).hits if hit.who == "outsider"]
            assert not (tied and hits), period
            found |= {(hit.kind, period) for hit in hits}
    assert {"2026Q1", "2026M03"} & {period for _kind, period in found}


def test_the_verifier_sees_worlds_in_which_the_months_are_not_the_quarter() -> None:
    bureau = Bureau(Year(VISITS, 1, persons=60))
    bureau.release("2026M01")
    with patch.object(over_time, "equal", lambda ties, *_more: ties.stack([])):
        bureau.release("2026Q1")
    assert any("the months are not their quarter" in fault for fault in bureau.faults())


def test_what_was_taken_back_since_is_not_told_by_subtraction() -> None:
    """One visit of January was void when the quarter was counted: the months tell one more than the quarter."""
    year = Year(VISITS, 1, persons=60)
    months = {name: [*held["visits"]] for name, held in year.months.items()}
    bureau = Bureau(year)
    for period in ("2026M01", "2026M02", "2026M03"):
        bureau.release(period)
    year.months["2026M01"]["visits"] = months["2026M01"][1:]
    with patch.object(Bureau, "beside", _months_as_they_were(bureau)):
        bureau.release("2026Q1")
    assert bureau.out["2026Q1"].cells["visits_kind", "p", ""] == "*"


def _months_as_they_were(bureau: Bureau) -> Any:
    plain, held = Bureau.beside, {name: out.facts for name, out in bureau.out.items()}
    return lambda self, period: [replace(one, facts=held[one.period]) for one in plain(self, period)]


@pytest.mark.parametrize("seed", range(5))
def test_bounds_over_time_are_those_of_every_world(seed: int) -> None:
    """Three months of two values and their quarter, some cells hidden: each world of months is looked at."""
    dice = random.Random(seed)
    told = small.catalogue([("n", "a", "county")], [small.dimension("a", "1 2")])
    months = [f"2026M0{number}" for number in (1, 2, 3)]
    true = {month: {"1": dice.randrange(3), "2": dice.randrange(3)} for month in months}
    true["2026Q1"] = {code: sum(true[month][code] for month in months) for code in "12"}
    tree: Any = {"c": ("county", None)}
    every = [(period, code) for period in true for code in ("", "1", "2")]
    hidden = {cell for cell in every if dice.random() < 0.6 and cell != ("2026Q1", "")}
    folders = [
        small.folder(
            told,
            tree,
            period,
            small.summed(small.facts("n", period, {("c", "s"): held}, ["a"], told), tree),
            [("n", "c", (("a", code),) if code else ()) for when, code in hidden if when == period],
        )
        for period, held in true.items()
    ]
    reduced = reduce(build(read(folders, {"tiny": told}), Rules(flows=frozenset({"n"}))))
    found = bounds(reduced)
    ends = {(b.period, k[0][1] if k else ""): found[n] for n, ((b, _a, k), _known, _parts) in enumerate(reduced.cells)}
    seen: dict[tuple[str, str], tuple[int, int]] = {}
    most = sum(true["2026Q1"].values())
    for codes in product(range(most + 1), repeat=2):
        for first, second in product(product(range(codes[0] + 1), repeat=2), product(range(codes[1] + 1), repeat=2)):
            if sum(first) > codes[0] or sum(second) > codes[1]:
                continue
            ones, twos = (*first, codes[0] - sum(first)), (*second, codes[1] - sum(second))
            world = {
                (month, code): held[place] for place, month in enumerate(months) for code, held in (("1", ones), ("2", twos))
            }
            world |= {("2026Q1", "1"): codes[0], ("2026Q1", "2"): codes[1]}
            world |= {(period, ""): world[period, "1"] + world[period, "2"] for period in true}
            if all(world[cell] == sum(true[cell[0]][c] for c in (cell[1] or "12")) for cell in every if cell not in hidden):
                for cell in hidden:
                    low, high = seen.get(cell, (world[cell], world[cell]))
                    seen[cell] = min(low, world[cell]), max(high, world[cell])
    assert ends == seen


def test_a_hidden_stock_is_not_given_back_by_the_quarter_after() -> None:
    """3 on file are hidden; 12 a quarter later less the 15 that came and with the 6 that went are 3 again: so the 12 stay hidden."""
    names = ("on_file", "enrolled", "ended")
    told = replace(
        small.catalogue([(name, "", "township") for name in names], []), balances=(Balance("enrolled", "ended", "on_file"),)
    )
    areas = [
        Area("c", "C", "county", None, "/c/", ("c",), leaf=False),
        *(Area(code, code, "township", "c", f"/c/{code}/", (code,), leaf=True) for code in ("t1", "t2")),
    ]
    chains = {"t1": ["t1", "c"], "t2": ["t2", "c"]}
    numbers = {
        "2026Q1": {"t1": (3, 9, 8), "t2": (40, 9, 8)},
        "2026Q2": {"t1": (12, 15, 6), "t2": (44, 10, 6)},
    }
    facts = {
        period: [
            Fact(name, period, area, "", value, value, f"s-{area}", 1)
            for area, values in held.items()
            for name, value in zip(names, values, strict=True)
        ]
        for period, held in numbers.items()
    }
    first = publish(told, "2026Q1", areas, chains, facts["2026Q1"], Asked(insiders=False))
    hidden = [(cell.table.measure, cell.area.code, cell.dims_key) for cell in first.cells if cell.shown == "*"]
    assert ("on_file", "t1", "") in hidden
    past = Past(folder(told, "2026Q1", areas, first.cells), facts["2026Q1"], chains)
    found = {}
    for shut in (frozenset[Any](), given_back(told, hidden)):
        asked = Asked(insiders=False, before="2026Q1", shut=shut)
        made = publish(told, "2026Q2", areas, chains, [*facts["2026Q2"], *facts["2026Q1"]], asked)
        last = Past(folder(told, "2026Q2", areas, made.cells), facts["2026Q2"], chains)
        rules = Rules(balances=(Stock("on_file", "enrolled", "ended"),))
        report = examine(last, [past], {}, {told.version: told}, rules=rules, effort=Effort(0, 0))
        shown = {(cell.table.measure, cell.area.code): cell.shown for cell in made.cells}
        hits = {(hit.kind, hit.area, hit.period) for hit in report.hits if hit.who == "outsider"}
        found[bool(shut)] = (shown["on_file", "t1"], hits)
    assert found[False] == ("12", {("exact", "t1", "2026Q1")})
    assert found[True] == ("*", set())
