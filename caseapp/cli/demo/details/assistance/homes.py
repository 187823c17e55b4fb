"""Which families there are, and whom `worker` finds whatever the seed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from caseapp.cli.demo.cases import draw
from caseapp.cli.demo.story import Figure, Home

WITH = {"lives_here": True}
ITEMS = ("A1.4", "A1.5", "A2.1", "A2.3")

HOMES = {
    "ill_family": Home(
        6,
        (
            Figure(
                (45, 58), ("SA01",), facts={"health": "chronic", "income_source": "odd_jobs", "marital": "20", "living": "spouse_only",
                "benefits": ("dibao",)}, sex="1",
            ),
        ),
        (
            Figure((42, 54), facts=WITH, sex="2", relation=("husband", "wife"), family=False),
            Figure((11, 17), facts=WITH, relation=("son", "daughter")),
        ),
        items=ITEMS,
    ),
    "disabled_son": Home(
        4,
        (
            Figure((66, 76), ("SA01",), facts={"living": "children", "marital": "30", "income_source": "allowance"}, sex="2"),
            Figure(
                (36, 47), ("SA01",), facts={"living": "one_parent", "marital": "10", "disability": "4", "disability_grade": "1",
                "self_care": "partial", "income_source": "none"}, sex="1", relation=("son", "daughter"), family=False,
            ),
        ),
        (Figure((40, 50), relation=("son", "daughter"), sex="2", family=False),),
        items=ITEMS,
    ),
    "single_parent": Home(
        4,
        (Figure((31, 42), ("SA03",), facts={"marital": "40", "living": "others", "income_source": "wage"}, sex="2"),),
        (
            Figure((9, 16), facts=WITH, relation=("son", "daughter"), family=False),
            Figure((5, 8), facts=WITH, relation=("son", "daughter"), family=False),
        ),
        items=ITEMS,
    ),
    "no_support": Home(
        4,
        (Figure((61, 79), ("SA02",), facts={"marital": "10", "living": "alone", "income_source": "allowance"}, sex="1"),),
        items=ITEMS,
    ),
    "operation": Home(
        3,
        (
            Figure((50, 62), ("SA04",), facts={"health": "chronic", "marital": "20", "living": "spouse_only"}, sex="2"),
            Figure((52, 64), facts={"marital": "20", "living": "spouse_only", "income_source": "wage"}, sex="other",
                   relation=("husband", "wife"), on_file=0.5, family=False),
        ),
        (Figure((26, 33), relation=("son", "daughter"), family=False),),
        items=ITEMS,
    ),
}  # fmt: skip


def rich(filler: Any) -> Iterator[dict[str, Any]]:
    """A sheet half filled in, a refusal to be told, a re-check that is late with its sheet begun, an answer that does not come, an
    urgent need of today."""
    source = filler.source

    def one(kind: str, status: str, waited: int, risk: str, review: str | None = None, **told: Any) -> dict[str, Any]:
        wish = replace(draw(source, status, review, waited), told=told)
        return {"kind": kind, "wish": wish, "risk": risk}

    yield one("ill_family", "assessing", 6, "orange", begun=True)
    yield one("ill_family", "serving", 120, "orange", state="refused", untold=True)
    yield {**one("disabled_son", "serving", 200, "blue", state="given", recheck=-12, again=True), "household": True}
    yield one("single_parent", "planning", 3, "blue", "none")
    yield one("operation", "serving", 60, "orange", state="handed_in")
    yield one("no_support", "assessing", 1, "red", begun=False)
    yield {"kind": "single_parent", "plain": True, "last_met": source.today - timedelta(days=20)}
