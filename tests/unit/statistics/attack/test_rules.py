"""What an attacker knows beside sums makes his bounds tighter, each rule by itself; a rule that the truth breaks does not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from caseapp.reference.statistics import Catalogue, Value
from caseapp.services.statistics.attack.read import Key, key_from, read
from caseapp.services.statistics.attack.reduce import reduce
from caseapp.services.statistics.attack.rules import Balance, Rules
from caseapp.services.statistics.attack.solve import ENDLESS, bounds
from caseapp.services.statistics.attack.system import build, ends, inside, previous
from caseapp.services.statistics.gate import Past, examine
from tests.unit.statistics.attack.small import COUNTY, Tree, catalogue, chains, dimension, facts, folder, summed

A = dimension("a", "1 2")
ONE: Tree = {"c": ("county", None)}
Numbers = Mapping[tuple[str, str], Mapping[str, int]]  # (measure, period) → codes → number


def asked(told: Catalogue, numbers: Numbers, names: Sequence[str], hidden: set[tuple[str, str, str]], rules: Rules) -> Any:
    """(measure, period, key) of the county → bounds; hidden as (measure, period, key)."""
    folders = []
    for period in dict.fromkeys(period for _measure, period in numbers):
        true: dict[Any, int] = {}
        for (measure, when), held in numbers.items():
            if when == period:
                true |= summed(facts(measure, period, {("c", "s"): held}, names, told), ONE)
        stars = {(measure, "c", key_from(key)) for measure, when, key in hidden if when == period}
        folders.append(folder(told, ONE, period, true, stars))
    reduced = reduce(build(read(folders, {"tiny": told}), rules))
    found = bounds(reduced)
    return {
        (block.measure, block.period, ";".join(f"{n}={v}" for n, v in key)): found[number]
        for number, ((block, _area, key), _known, _parts) in enumerate(reduced.cells)
    }


def test_a_stock_at_two_ends_tells_what_came() -> None:
    told = catalogue([("stock", "", "county"), ("came", "", "county"), ("went", "", "county")], [])
    numbers = {("stock", "2026Q4"): {"": 50}, ("came", "2026Q4"): {"": 9}, ("went", "2026Q4"): {"": 9}}
    numbers |= {("stock", "2027Q1"): {"": 52}, ("came", "2027Q1"): {"": 6}, ("went", "2027Q1"): {"": 4}}
    hidden = {("went", "2027Q1", "")}
    assert asked(told, numbers, [], hidden, Rules())["went", "2027Q1", ""][1] >= ENDLESS
    rules = Rules(balances=(Balance("stock", "came", "went"),))
    assert asked(told, numbers, [], hidden, rules)["went", "2027Q1", ""] == (4, 4)
    both = asked(told, numbers, [], {*hidden, ("came", "2027Q1", "")}, rules)
    assert both["came", "2027Q1", ""][0] == 2 and both["went", "2027Q1", ""][0] == 0


def test_who_was_met_was_visited() -> None:
    told = catalogue([("met", "a", "county"), ("seen", "a", "county")], [A])
    numbers = {("met", "2026Q3"): {"1": 4, "2": 8}, ("seen", "2026Q3"): {"1": 20, "2": 9}}
    hidden = {("met", "2026Q3", "a=1"), ("met", "2026Q3", "a=2")}
    assert asked(told, numbers, ["a"], hidden, Rules())["met", "2026Q3", "a=1"] == (0, 12)
    found = asked(told, numbers, ["a"], hidden, Rules(never_more=(("met", "seen"),)))
    assert found["met", "2026Q3", "a=1"] == (3, 12) and found["met", "2026Q3", "a=2"] == (0, 9)
    total = Rules(never_more_than=(("met", "seen", (("a", "2"),)),))
    found = asked(told, {**numbers, ("met", "2026Q3"): {"1": 1, "2": 2}}, ["a"], {*hidden, ("met", "2026Q3", "")}, total)
    assert found["met", "2026Q3", ""] == (0, 9)


def test_a_group_lies_in_the_total_and_in_its_ages() -> None:
    ages = replace(
        dimension("age", "young old"), values=(Value("young", "", "", youngest=0, oldest=17), Value("old", "", "", youngest=18))
    )
    groups = replace(
        dimension("g", "p q", overlap=True), values=(Value("p", "", "", codes=("CH01",)), Value("q", "", "", codes=("SA01",)))
    )
    told = catalogue([("n", "age", "county"), ("n", "g", "county")], [ages, groups])
    numbers = {("n", "2026Q3"): {"young|p": 2, "young|q": 5, "old|q": 30}}
    hidden = {("n", "2026Q3", "g=p"), ("n", "2026Q3", "g=q")}
    plain = asked(told, numbers, ["age", "g"], hidden, Rules())
    assert plain["n", "2026Q3", "g=p"] == plain["n", "2026Q3", "g=q"] == (0, 37)
    found = asked(told, numbers, ["age", "g"], hidden, Rules(by_age=True))
    assert found["n", "2026Q3", "g=p"] == (0, 7) and found["n", "2026Q3", "g=q"] == (0, 37)


def test_months_add_up_to_their_quarter() -> None:
    told = catalogue([("n", "a", "county")], [A])
    numbers = {("n", f"2026M0{month}"): {"1": month, "2": 10} for month in (7, 8, 9)} | {("n", "2026Q3"): {"1": 24, "2": 30}}
    hidden = {("n", "2026M08", "a=1"), ("n", "2026M08", "a=2")}

    def first(rules: Rules) -> Any:
        return asked(told, numbers, ["a"], hidden, rules)["n", "2026M08", "a=1"]

    assert first(Rules()) == (0, 18)
    assert first(Rules(flows=frozenset({"n"}))) == (8, 8)
    assert first(Rules(flows=frozenset({"n"}), passing=frozenset({"a"}))) == (0, 18)
    numbers = {**numbers, ("n", "2026Q3"): {"1": 22, "2": 28}}
    assert first(Rules(once=frozenset({"n"}))) == (6, 10)


def test_a_stock_of_the_last_month_is_that_of_its_quarter() -> None:
    told = catalogue([("n", "a", "county")], [A])
    numbers = {("n", f"2026M0{month}"): {"1": month, "2": 10} for month in (7, 8, 9)} | {("n", "2026Q3"): {"1": 9, "2": 10}}
    hidden = {("n", period, f"a={code}") for period in ("2026M08", "2026M09") for code in "12"}
    found = asked(told, numbers, ["a"], hidden, Rules(stocks=frozenset({"n"})))
    assert found["n", "2026M09", "a=1"] == (9, 9) and found["n", "2026M08", "a=1"] == (0, 18)


def test_periods_before_and_inside() -> None:
    assert [previous(p) for p in ("2026Q1", "2026Q3", "2026M01", "2026M10", "2026H1", "2026Y", "x")] == [
        "2025Q4", "2026Q2", "2025M12", "2026M09", "2025H2", "", "",
    ]  # fmt: skip
    assert [ends(p) for p in ("2026M06", "2026Q2", "2026M05")] == [["2026M06", "2026Q2"], ["2026Q2", "2026M06"], ["2026M05"]]
    assert inside("2026Q4") == [["2026M10", "2026M11", "2026M12"]] and inside("2026H2") == [["2026Q3", "2026Q4"]]
    assert inside("2026Y") == [["2026H1", "2026H2"], ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]] and not inside("2026M05")


def test_a_rule_that_the_truth_breaks_binds_nobody() -> None:
    """The months of a quarter with a late entry do not add up to it: used all the same, the rule would lead astray."""
    told = catalogue([("n", "a", "township")], [A])
    rules = Rules(flows=frozenset({"n"}))
    every: list[Past] = []
    key: Key = (("a", "1"),)
    for period, one in (("2026M07", 20), ("2026M08", 3), ("2026M09", 20), ("2026Q3", 45)):
        held = facts("n", period, {("t1", "s1"): {"1": one, "2": 90}, ("t2", "s2"): {"1": 50, "2": 90}}, ["a"], told)
        stars = [("n", area, k) for area in COUNTY for k in (key, (("a", "2"),))] if period == "2026M08" else []
        every.append(Past(folder(told, COUNTY, period, summed(held, COUNTY), stars), held, chains(COUNTY)))
    report = examine(every[-1], every[:-1], {}, {"tiny": told}, rules)
    assert report.figures["rules_broken"] >= 1 and not [hit for hit in report.hits if hit.who == "outsider"]


def test_a_rule_over_a_division_that_was_not_counted_binds_by_its_margins() -> None:
    """The shown quarter and two months tell a month that is hidden, though nobody counted by the joint table of the ring."""
    told = catalogue(
        [("n", names, "county") for names in ("a b", "a d", "b d")], [A, dimension("b", "1 2"), dimension("d", "1 2")]
    )
    joint = {f"{a}|{b}|{d}": 10 + int(a) for a in "12" for b in "12" for d in "12"}
    small = {**joint, "1|1|1": 1, "1|1|2": 2}
    every: list[Past] = []
    months = {"2026M07": joint, "2026M08": small, "2026M09": joint}
    for period, numbers in (*months.items(), ("2026Q3", {c: sum(m[c] for m in months.values()) for c in joint})):
        whole = facts("n", period, {("c", "s"): numbers}, ["a", "b", "d"], told)
        held = [fact for fact in whole if fact.key.count("=") < 3]
        keys = [key_from(f"{x}={u};{y}={v}") for x, y in ("ab", "ad", "bd") for u in "12" for v in "12"]
        stars = [("n", "c", key) for key in keys] if period == "2026M08" else []
        every.append(Past(folder(told, ONE, period, summed(held, ONE), stars), held, chains(ONE)))
    report = examine(every[-1], every[:-1], {}, {"tiny": told}, Rules(flows=frozenset({"n"})))
    assert ("outsider", "exact", "2026M08") in {(hit.who, hit.kind, hit.period) for hit in report.hits}
    assert not examine(every[-1], every[:-1], {}, {"tiny": told}, Rules()).hits
