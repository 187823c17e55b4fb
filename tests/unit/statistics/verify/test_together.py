"""Protector and verifier, written apart, on invented places: what one hides and proves the other adds up without a fault."""

from dataclasses import replace
from typing import Any

from caseapp.cli.bench import province
from caseapp.reference.statistics import newest
from caseapp.services.statistics.cells import publish
from caseapp.services.statistics.protection import Asked
from caseapp.services.statistics.verify import Evidence, verify

MEASURES = ("on_file", "enrolled", "ended", "hours")
AREAS = province.areas(1, 1, 3)
CHAINS = province.chains(AREAS)


def world() -> tuple[Any, list[Any], list[Any]]:
    """(catalogue of some tables, the facts of a quarter, the stock of the quarter before as its balance wants it)."""
    full = newest()
    tables = tuple(table for table in full.tables if table.measure in MEASURES)
    catalogue = replace(full, tables=tables, balances=full.balances[:1], never_more=())
    facts = [fact for fact in province.facts(full, "2026Q3", AREAS, 3, 60) if fact.measure in MEASURES]
    total = {(fact.measure, fact.area): fact.value for fact in facts if not fact.key}
    before = []
    for fact in facts:
        if fact.measure == "on_file" and not fact.key:
            change = total.get(("enrolled", fact.area), 0) - total.get(("ended", fact.area), 0)
            before.append(replace(fact, period="2026Q2", value=fact.value - change))
    return catalogue, facts, before


def words(asked: Asked, before: bool = True) -> set[str]:
    """What the verifier says of what the protector made."""
    catalogue, facts, stocks = world()
    made = publish(catalogue, "2026Q3", AREAS, CHAINS, [*facts, *stocks], asked)
    shown = {(cell.table.code, cell.area.code, cell.dims_key): cell.shown for cell in made.cells}
    found = verify(Evidence(catalogue, "2026Q3", AREAS, CHAINS, facts, shown, made.certificate, {}, stocks if before else ()))
    assert found.guarded > 20 and found.hidden > 20
    return {fault.what for fault in found.faults}


def test_what_is_protected_adds_up() -> None:
    assert words(Asked(before="2026Q2")) == set()


def test_what_the_protector_was_not_asked_for_is_missed() -> None:
    """Safe for the outsider only; and without the stock of the quarter before."""
    assert {"a station has no witness that goes up", "a station has no witness that goes down"} & words(
        Asked(insiders=False, before="2026Q2")
    )
    assert "a witness breaks the balance with the stock" in words(Asked())
