"""The protection against every possible world: enumerated where the place is tiny, added up by the verifier where it is larger.

Each rule is broken in turn, and what it is for comes out. Primary: small counts, and small in an insider's eyes
(`test_the_enumeration_finds_…`); few persons with much, one person with most (`test_few_persons_…`); one station with most, two who
know each other's part, too few stations (`test_the_parts_of_stations_…`); homogeneity (`test_everybody_of_a_small_total_…`).
Secondary: up, down, and parts within the whole (`test_a_secondary_rule_…`); balances with the stock before
(`test_stocks_of_two_quarters_…`, `verify/test_together.py`); insiders' own witnesses (`verify/test_together.py`).
"""

import itertools
import random
from collections import Counter
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from scipy import sparse

from caseapp.cli.bench import province
from caseapp.core.errors import Conflict
from caseapp.reference.files import Worded
from caseapp.reference.statistics import Catalogue, Dimension, TableKind, Value, newest
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.cells import HIDDEN, Fact, Protected, publish
from caseapp.services.statistics.protection import Asked, Rules, targets
from caseapp.services.statistics.protection.search import Search
from caseapp.services.statistics.protection.system.ties import Ties
from caseapp.services.statistics.verify.evidence import Evidence
from caseapp.services.statistics.verify.verdict import verify

K = 3
X = Dimension("x", "x", "x", values=tuple(Value(code, code, code, k=K) for code in "abc"), sensitive=True)
TINY = Catalogue(
    version="t",
    threshold=K,
    contributors=3,
    area_minimum=6,
    protection=Worded("p", "p", "p"),
    dimensions={"x": X},
    tables=(TableKind("m_x", "m", "m", measure="m", dimensions=(X,), k=K),),
)
COUNTY = Area("c", "C", "county", None, "/c/", ("c",), leaf=False)
TOWNS = [Area(code, code, "township", "c", f"/c/{code}/", (code,), leaf=True) for code in ("t1", "t2")]
CHAINS = {"t1": ["t1", "c"], "t2": ["t2", "c"]}
MOST = 9  # an atom in an enumerated world holds no more
ASKS = targets.Target.asks
World = dict[tuple[str, str], int]  # (area, value of x) → count


def facts(world: World) -> list[Fact]:
    """One station in each town, each thing another person."""
    told: Counter[tuple[str, str]] = Counter()
    for (area, code), count in world.items():
        told[area, f"x={code}"] += count
        told[area, ""] += count
    return [Fact("m", "2026Q3", area, key, count, count, f"s-{area}") for (area, key), count in told.items()]


def protected(world: World, asked: Asked | None = None) -> dict[tuple[str, str], str]:
    """What is shown: (area, value of x, or nothing) → text."""
    found = publish(TINY, "2026Q3", [COUNTY, *TOWNS], CHAINS, facts(world), asked)
    return {(cell.area.code, cell.dims.get("x", "")): cell.shown for cell in found.cells}


def cells(world: World) -> dict[tuple[str, str], int]:
    """Every cell of a world."""
    told: Counter[tuple[str, str]] = Counter()
    for (area, code), count in world.items():
        for where, what in itertools.product((area, "c"), (code, "")):
            told[where, what] += count
    return {(area, code): told[area, code] for area in ("c", "t1", "t2") for code in ("", *"abc")}


def worlds(shown: dict[tuple[str, str], str], known: World) -> list[dict[tuple[str, str], int]]:
    """Every table of whole numbers that shows the same, for somebody who knows some of its atoms."""
    halves: dict[str, list[tuple[int, ...]]] = {}
    for area in ("t1", "t2"):
        ranges = [
            [known[area, code]]
            if (area, code) in known
            else range(MOST + 1)
            if shown[area, code] == HIDDEN
            else [int(shown[area, code])]
            for code in "abc"
        ]
        total = shown[area, ""]
        halves[area] = [half for half in itertools.product(*ranges) if total == HIDDEN or sum(half) == int(total)]
    found = []
    for one, other in itertools.product(halves["t1"], halves["t2"]):
        both = [a + b for a, b in zip(one, other, strict=True)]
        wanted = [shown["c", code] for code in "abc"]
        if all(
            text == HIDDEN or int(text) == count
            for text, count in zip([*wanted, shown["c", ""]], [*both, sum(both)], strict=True)
        ):
            world = {("t1", code): count for code, count in zip("abc", one, strict=True)}
            found.append(cells(world | {("t2", code): count for code, count in zip("abc", other, strict=True)}))
    return found


def told(world: World, shown: dict[tuple[str, str], str], insider: str = "") -> list[str]:
    """The cells of which a reader knows that they are small and not nothing, or to within one. `insider`: knows this town."""
    known = {atom: count for atom, count in world.items() if atom[0] == insider}
    true, possible, found = cells(world), worlds(shown, known), []
    assert any(all(other[cell] == true[cell] for cell in true) for other in possible)
    for cell, value in true.items():
        own = sum(count for (_area, code), count in known.items() if cell[0] in ("c", insider) and cell[1] in ("", code))
        rest = value - own
        if 0 < rest < K:
            seen = {other[cell] - own for other in possible}
            if max(seen) < K or min(seen) > max(0, rest - 2):
                found.append("/".join(cell))
    return found


def some(seed: int) -> World:
    """A random world."""
    dice = random.Random(seed)
    return {(area, code): dice.choice((0, 0, 1, 2, 3, 5)) for area in ("t1", "t2") for code in "abc"}


@pytest.mark.parametrize("seed", range(12))
def test_in_no_tiny_place_does_anybody_learn_of_few(seed: int) -> None:
    world = some(seed)
    shown = protected(world)
    assert all(text in (HIDDEN, str(cells(world)[cell])) for cell, text in shown.items())
    assert [told(world, shown, reader) for reader in ("", "t1", "t2")] == [[], [], []]


def test_the_enumeration_finds_what_is_hidden_alone() -> None:
    """And each protection against one rule the less: what the rule is for comes out."""
    world = {("t1", "a"): 1, ("t1", "b"): 4, ("t1", "c"): 5, ("t2", "a"): 4, ("t2", "b"): 5, ("t2", "c"): 5}
    naive = {cell: HIDDEN if 0 < count < K else str(count) for cell, count in cells(world).items()}
    assert "t1/a" in told(world, naive)
    assert told(world, protected(world, Asked(rules=Rules(small=False, persons=False, rest=False))))
    assert not told(world, protected(world, Asked(insiders=False)))
    alone = {("t1", "a"): 5, ("t1", "b"): 5, ("t1", "c"): 5, ("t2", "a"): 1, ("t2", "b"): 0, ("t2", "c"): 0}
    assert told(alone, protected(alone, Asked(insiders=False)), "t1"), "the other town is what is left of the county"
    assert not told(alone, protected(alone), "t1")


def test_everybody_of_a_small_total_is_not_seen_to_have_one_sensitive_value() -> None:
    world = {("t1", "a"): 4, ("t1", "b"): 0, ("t1", "c"): 0, ("t2", "a"): 7, ("t2", "b"): 5, ("t2", "c"): 4}
    shown = protected(world)
    assert min(other["t1", "a"] for other in worlds(shown, {})) <= 2
    assert protected(world, Asked(rules=Rules(homogeneity=False), insiders=False))["t1", "a"] == "4"


def test_facts_that_do_not_add_up_are_refused() -> None:
    broken = [replace(fact, value=fact.value + 1) if fact.key == "" else fact for fact in facts(some(1))]
    with pytest.raises(Conflict):
        publish(TINY, "2026Q3", [COUNTY, *TOWNS], CHAINS, broken)


def test_where_an_earlier_release_leaves_no_room_nothing_is_published() -> None:
    every = frozenset(("m", area, key) for area in ("c", "t1", "t2") for key in ("", "x=a", "x=b", "x=c"))
    with pytest.raises(Conflict) as told:
        publish(TINY, "2026Q3", [COUNTY, *TOWNS], CHAINS, facts(some(1)), Asked(locked=every))
    assert str(told.value.message) == "What was released earlier leaves no room to protect “m” (m) of C."
    with patch.object(Search, "_solve", lambda *_more, **_named: False), pytest.raises(Conflict) as told:
        publish(TINY, "2026Q3", [COUNTY, *TOWNS], CHAINS, facts(some(1)))
    assert str(told.value.message).startswith("“m” (m) of C cannot be protected: no other figures fit what its stations know.")


def part(*measures: str) -> Catalogue:
    """The newest catalogue with the tables of some measures only."""
    return replace(newest(), tables=tuple(table for table in newest().tables if table.measure in measures))


def place(catalogue: Catalogue, seed: int, *, persons: int = 60) -> dict[str, Any]:
    """A province of two counties with three townships each, and who runs their stations."""
    areas = province.areas(1, 2, 3)
    every = province.facts(newest(), "2026Q3", areas, seed, persons)
    found = [fact for fact in every if fact.measure in catalogue.linked()]
    stations = sorted({fact.station for fact in found})
    contractors = {station: f"c{number // 2}" for number, station in enumerate(stations)}
    return {"areas": areas, "chains": province.chains(areas), "facts": found, "contractors": contractors}


def faults(catalogue: Catalogue, where: dict[str, Any], found: Protected, **more: Any) -> list[str]:
    """What the verifier finds, which shares no code with the protection."""
    shown = {(cell.table.code, cell.area.code, cell.dims_key): cell.shown for cell in found.cells}
    return [
        str(fault)
        for fault in verify(Evidence(catalogue, "2026Q3", **where, shown=shown, certificate=found.certificate, **more)).faults
    ]


def released(catalogue: Catalogue, where: dict[str, Any], **asked: Any) -> Protected:
    """Its release."""
    return publish(
        catalogue, "2026Q3", where["areas"], where["chains"], where["facts"], Asked(contractors=where["contractors"], **asked)
    )


@pytest.mark.parametrize(("seed", "measures"), [(1, ("on_file",)), (2, ("visits", "visited")), (3, ("hours", "consultations"))])
def test_the_verifier_finds_no_fault(seed: int, measures: tuple[str, ...]) -> None:
    catalogue = part(*measures)
    where = place(catalogue, seed)
    found = released(catalogue, where)
    assert not faults(catalogue, where, found)
    assert any(cell.shown == HIDDEN for cell in found.cells)
    assert any(cell.shown != HIDDEN for cell in found.cells)


def test_few_persons_with_much_are_few() -> None:
    """Persons are counted, not what they did; of amounts one must not have most of it."""
    world = {(area, code): 9 for area in ("t1", "t2") for code in "abc"}
    one_person = [
        replace(fact, persons=2, largest=5) if (fact.area, fact.key) == ("t1", "x=a") else fact for fact in facts(world)
    ]
    amounts = replace(TINY, tables=(replace(TINY.tables[0], magnitude=True),))
    one_has_most = [replace(fact, largest=8) if (fact.area, fact.key) == ("t1", "x=a") else fact for fact in facts(world)]
    for catalogue, held, rule in ((TINY, one_person, Rules(persons=False)), (amounts, one_has_most, Rules(dominance=False))):
        with_it = publish(catalogue, "2026Q3", [COUNTY, *TOWNS], CHAINS, held)
        without = publish(catalogue, "2026Q3", [COUNTY, *TOWNS], CHAINS, held, Asked(rules=rule, insiders=False))
        assert HIDDEN in [cell.shown for cell in with_it.cells if (cell.area.code, cell.dims_key) == ("t1", "x=a")]
        assert HIDDEN not in [cell.shown for cell in without.cells]


def test_stocks_of_two_quarters_tie_what_came_and_what_went() -> None:
    catalogue = part("cases_opened", "cases_active", "cases_closed")
    where = place(catalogue, 5)
    closed = [fact for fact in where["facts"] if fact.measure == "cases_closed"]
    opened = [replace(fact, measure="cases_opened") for fact in closed if "reason" not in fact.key]
    active = [fact for fact in where["facts"] if fact.measure == "cases_active"]
    where["facts"] = [*opened, *active, *closed]  # as many came as went: the stock was what it is
    before = [replace(fact, period="2026Q2") for fact in active]
    where["facts"] = [*where["facts"], *before]
    found = released(catalogue, where, before="2026Q2")
    where["facts"] = [fact for fact in where["facts"] if fact.period == "2026Q3"]
    assert not faults(catalogue, where, found, before=before)
    free = released(catalogue, where)
    assert "stock" in " ".join(faults(catalogue, where, free, before=before))


def test_the_same_facts_in_any_order_give_the_same_bytes() -> None:
    catalogue = part("visits", "visited")
    where = place(catalogue, 6)
    one = released(catalogue, where, secret=b"1")
    random.Random(1).shuffle(where["facts"])
    two = released(catalogue, where, secret=b"1")
    assert [cell.shown for cell in one.cells] == [cell.shown for cell in two.cells]
    assert one.certificate == two.certificate


def test_the_loss_says_why_a_cell_is_hidden() -> None:
    catalogue = part("on_file")
    where = place(catalogue, 7)
    found = released(catalogue, where)
    hidden = Counter((cell.table.code, cell.area.level) for cell in found.cells if cell.shown == HIDDEN)
    for table, levels in found.loss.items():
        for level, told_ in levels.items():
            assert told_["hidden"] == told_["primary"] + told_["insider"] + told_["secondary"] == hidden[table, level]


@pytest.mark.parametrize(
    ("parts", "broken"),
    [
        ([80, 5, 5, 5], {"DOMINANT": 1.0}),  # one station has most of it
        ([50, 30, 1, 1], {"ROOM": 0.0}),  # the second knows the first one's part to within a tenth
        ([30, 30], {"ROOM": 0.0, "contributors": 2}),  # two know each other's part
    ],
)
def test_the_parts_of_stations_are_not_told(parts: list[int], broken: dict[str, float], monkeypatch: pytest.MonkeyPatch) -> None:
    held = []
    for number in range(4):
        own = {"a": parts[number] if number < len(parts) else 0, "b": 40, "c": 40}
        counted = facts({("t1", code): count for code, count in own.items() if count})
        held += [replace(fact, station=f"s{number}", largest=1) for fact in counted]
    broken = dict(broken)
    few, city = (
        int(broken.pop("contributors", 3)),
        replace(COUNTY, level="city"),
    )  # above the county stations are the contributors
    amounts = replace(TINY, tables=(replace(TINY.tables[0], magnitude=True),))

    def shown(catalogue: Catalogue) -> str:
        cells_of = publish(catalogue, "2026Q3", [city, *TOWNS], CHAINS, held, Asked(insiders=False)).cells
        return next(cell.shown for cell in cells_of if (cell.area.code, cell.dims_key) == ("c", "x=a"))

    assert shown(amounts) == HIDDEN
    for name, value in broken.items():
        monkeypatch.setattr(targets, name, value)
    assert shown(replace(amounts, contributors=few)) == str(sum(parts))


@pytest.mark.parametrize(
    ("measures", "of", "name", "instead", "words"),
    [
        (("on_file",), targets.Target, "asks", lambda self, who, sign: ASKS(self, who, sign) if sign > 0 else 0, "goes down"),
        (("on_file",), targets.Target, "asks", lambda self, who, sign: ASKS(self, who, sign) if sign < 0 else 0, "goes up"),
        (
            ("visits", "visited"),
            Ties,
            "more",
            lambda self, truth, _inside, also=(): sparse.csr_array((0, len(truth)), dtype=np.int64),
            "greater than its whole",
        ),
    ],
)
def test_a_secondary_rule_that_is_broken_is_missed(
    measures: tuple[str, ...], of: Any, name: str, instead: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = part(*measures)
    where = place(catalogue, 2)
    monkeypatch.setattr(of, name, instead)
    said = " ".join(faults(catalogue, where, released(catalogue, where)))
    assert words in said, said
