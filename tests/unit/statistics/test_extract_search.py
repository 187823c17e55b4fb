"""The search finds the best node there is, against trying all of them with the measure's own code."""

import random
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from caseapp.reference import extracts
from caseapp.reference.extracts import extract_kind
from caseapp.reference.files import BrokenReference, read_json
from caseapp.services.statistics.extract import files, lattice, shape
from caseapp.services.statistics.extract.measure import Limits, measure, rows_of
from caseapp.services.statistics.extract.union import Handed, common_values, measure_union

KIND = extract_kind()
SENSITIVE = ("outcome", "risk")


def chosen(*attributes: str, recipient: str = "inside", **limits: Any) -> shape.Chosen:
    """The rules with other limits, so that a few dozen rows are enough."""
    limits = {"records_per_area": 1, "average_risk": 0.5, "k": 5, **limits}
    kind = replace(KIND, recipients=tuple(replace(one, **limits) for one in KIND.recipients))
    return shape.Chosen(kind, recipient, attributes, SENSITIVE)


def people(count: int, seed: int, **fixed: Any) -> list[shape.TrueCase]:
    """Invented closed cases; a household here and there, some persons twice."""
    dice = random.Random(seed)
    found = []
    for number in range(count):
        person = f"p{dice.randrange(count)}" if dice.random() < 0.1 else f"p{number}"
        values = {
            "area": dice.choice(("222401", "222403", "220122")),
            "age": dice.choice((4, 12, 30, 52, 66, 71, 84, None)),
            "sex": dice.choice("12"),
            "income": dice.choice(("dibao", "other", "near")),
            "closed": f"2025Q{dice.randrange(1, 5)}",
            "visits": dice.randrange(14),
            **fixed,
        }
        sensitive = {
            "outcome": dice.choice(("achieved", "moved", "deceased", "other")),
            "risk": dice.choice(["red", "blue", "green"]),
        }
        household = f"h{dice.randrange(8)}" if dice.random() < 0.15 else None
        found.append(shape.TrueCase(f"c{seed}-{number}", person, household, values, sensitive))
    return found


def limits_of(given: shape.Chosen, levels: dict[str, int]) -> Limits:
    one = given.kind.recipient(given.recipient)
    raised = {code: given.kind.attribute(code).raised(level) for code, level in levels.items()}
    return Limits(one.k, one.average_risk, one.distinct, one.entropy, one.confidence, one.closeness, one.records_per_area, raised)


def measured(given: shape.Chosen, levels: dict[str, int], cases: list[shape.TrueCase]) -> Any:
    made = files.written(given, levels, cases)
    return measure(made.content, given.quasi, given.sensitive, limits_of(given, levels), made.marks)


@pytest.mark.parametrize("seed", range(6))
def test_no_other_node_tells_more_and_what_is_found_keeps_every_rule(seed: int) -> None:
    given = chosen("age", "sex", "income", distinct=2 + seed % 2, closeness=(0.3, 0.45)[seed % 2], confidence=0.85)
    cases = people(260, seed)
    problem = shape.problem(given, cases, {})
    found = lattice.search(problem)
    heights = [range(len(column.codes)) for column in problem.columns]
    best = None
    for node in product(*heights):
        kept = lattice.keeps(problem, node)
        loss = sum(column.losses[level] for column, level in zip(problem.columns, node, strict=True))
        if kept is not None:
            assert lattice.large_enough(problem, node), "a node was struck out that keeps the rules"
            total = loss + lattice.SUPPRESSED * (1 - kept.mean())
            best = total if best is None else min(best, total)
            stay = [case for case, stays in zip(cases, kept, strict=True) if stays]
            assert measured(given, shape.levels_of(given, node), stay).faults == ()
    assert (found is None) == (best is None)
    if found is not None:
        assert found.loss == pytest.approx(best)
        assert shape.node_of(given, shape.levels_of(given, found.levels)) == found.levels


def test_half_of_all_searches_find_something() -> None:
    """The comparison above is not one of nothing with nothing."""
    answers = [
        lattice.search(shape.problem(chosen("age", "sex", "income", distinct=2, closeness=0.45), people(260, seed), {}))
        for seed in range(3)
    ]
    assert all(answers)


@pytest.mark.parametrize("seed", range(3))
def test_a_node_that_is_too_fine_stays_so_below(seed: int) -> None:
    """What the search strikes out untried: every finer node of a failing one fails too."""
    problem = shape.problem(chosen("age", "sex", "income"), people(200, seed), {})
    answers = {node: lattice.large_enough(problem, node) for node in product(*(range(len(c.codes)) for c in problem.columns))}
    assert {True, False} == set(answers.values())
    for node, enough in answers.items():
        if not enough:
            assert not any(answers[other] for other in answers if all(a <= b for a, b in zip(other, node, strict=True)))


def test_a_household_of_six_is_one_person() -> None:
    """Six of one family fill a class of six, and still count as one."""
    given = chosen("sex", k=5)
    family = [replace(case, household="h") for case in people(6, 1, sex="1", area="222403")]
    others = people(40, 2, sex="2", area="222403")
    problem = shape.problem(given, [*family, *others], {})
    finest = tuple(0 for _column in problem.columns)
    levels = shape.levels_of(given, finest)
    assert ("k", "", 1, 5) in measured(given, levels, [*family, *others]).faults
    alone = [replace(case, household=None) for case in family]
    assert not any(fault[0] == "k" for fault in measured(given, levels, [*alone, *others]).faults)
    kept = lattice.keeps(replace(problem, rules=replace(problem.rules, suppression=0.2, closeness=1.0)), finest)
    assert kept is not None and not kept[:6].any(), "the family's rows are left out"


def test_children_need_ten() -> None:
    given = chosen("age", k=5, distinct=1, entropy=1.0, confidence=1.0, closeness=1.0, average_risk=1.0)
    for count, enough in ((9, False), (10, True)):
        cases = [replace(c, person=f"q{n}", household=None) for n, c in enumerate(people(count, 1, age=12, area="222403"))]
        levels = {"area": 2, "age": 2}
        assert (measured(given, levels, cases).faults == ()) is enough
        assert (lattice.keeps(shape.problem(given, cases, {}), (0, 1)) is not None) is enough


@pytest.mark.parametrize(
    ("limit", "tight", "fault"),
    [
        ("k", 400, "k"),
        ("average_risk", 0.0001, "average_risk"),
        ("distinct", 5, "distinct"),
        ("entropy", 4.9, "entropy"),
        ("confidence", 0.05, "confidence"),
        ("closeness", 0.0001, "closeness"),
        ("records_per_area", 500, "records_per_area"),
    ],
)
def test_each_rule_alone_is_measured_and_kept(limit: str, tight: float, fault: str) -> None:
    """A rule that the search forgot would be seen by the measure, one that the measure forgot by this test."""
    loose = {
        "k": 5,
        "average_risk": 1.0,
        "distinct": 1,
        "entropy": 1.0,
        "confidence": 1.0,
        "closeness": 1.0,
        "records_per_area": 1,
    }
    cases, node = people(300, 7), (0, 0)
    for limits, holds in ((loose, True), (loose | {limit: tight}, False)):
        given = chosen("sex", **limits)
        found = {name for name, _attribute, _found, _wanted in measured(given, shape.levels_of(given, node), cases).faults}
        assert found == (set() if holds else {fault})
        kept = lattice.keeps(shape.problem(given, cases, {}), node)
        assert (kept is not None and bool(kept.all())) is holds


def test_rows_are_shuffled_with_new_ids_and_hold_levels_only() -> None:
    given = chosen("age", "closed", "visits")
    cases = people(300, 3)
    levels = {"area": 3, "age": 2, "closed": 2, "visits": 2}
    first, again = files.written(given, levels, cases), files.written(given, levels, cases)
    assert [c.case_mark for c in first.cases] != [c.case_mark for c in cases]
    rows = rows_of(first.content)
    assert len({row["row"] for row in rows}) == 300
    assert not {row["row"] for row in rows} & {row["row"] for row in rows_of(again.content)}
    assert {row["area"] for row in rows} <= {"22"} | {"2224", "2201"}
    assert {row["closed"] for row in rows} == {"2025"}
    assert {row["visits"] for row in rows} == {"0", "1-3", "4-9", "10+"}
    for case in cases:
        assert case.case_mark.encode() not in first.content


def handed(given: shape.Chosen, levels: dict[str, int], cases: list[shape.TrueCase]) -> Handed:
    made = files.written(given, levels, cases)
    return Handed(rows_of(made.content), made.marks, given.quasi, given.sensitive)


def test_two_files_together_narrow_nobody() -> None:
    """Somebody in two files whose classes share one value only is known by comparing them; the second is then made without them."""
    given = chosen("sex", k=5, distinct=2, entropy=1.5, confidence=0.9, closeness=1.0, average_risk=1.0)
    levels = {"area": 4, "sex": 1}

    def file(year: int, outcomes: tuple[str, ...]) -> list[shape.TrueCase]:
        made = []
        for sex in "12":
            for number in range(12):
                person = "known" if (sex, number) == ("1", 0) else f"{year}-{sex}-{number}"
                outcome = outcomes[number % len(outcomes)] if sex == "1" else ("achieved", "moved", "other")[number % 3]
                told = {"outcome": outcome, "risk": ("red", "blue")[number % 2]}
                made.append(shape.TrueCase(f"{year}{sex}{number}", person, None, {"area": "222403", "sex": sex}, told))
        return made

    first, second = file(2024, ("achieved", "moved")), file(2025, ("achieved", "deceased"))
    limits = limits_of(given, levels)
    earlier = handed(given, levels, first)
    assert measured(given, levels, first).faults == measured(given, levels, second).faults == ()
    assert ("compared", "outcome", 1, 2) in measure_union([earlier, handed(given, levels, second)], limits)
    problem = shape.problem(given, second, common_values([earlier], {"known", "nobody"}))
    problem = replace(problem, rules=replace(problem.rules, suppression=0.1))
    kept = lattice.keeps(problem, (2, 0))
    assert kept is not None and not kept[0] and kept[1:].all()
    rest = [case for case, stays in zip(second, kept, strict=True) if stays]
    assert measure_union([earlier, handed(given, levels, rest)], limits) == []


def test_a_person_in_two_files_is_one_in_their_union() -> None:
    given = chosen("sex", k=5, distinct=1, entropy=1.0, confidence=1.0, closeness=1.0, average_risk=1.0)
    levels = {"area": 4, "sex": 1}
    cases = [replace(c, person=f"q{n}", household=None) for n, c in enumerate(people(3, 4, sex="1"))]
    both = [handed(given, levels, cases), handed(given, levels, cases)]
    assert ("union_k", "", 3, 5) in measure_union(both, limits_of(given, levels))


def test_the_dictionary_says_what_may_stand_and_not_what_stands() -> None:
    given = chosen("age", "income")
    levels = {"area": 2, "age": 3, "income": 3}
    words = rows_of(files.dictionary(given, levels, {"222403": "Dunhua"}))
    assert {row["value"] for row in words if row["column"] == "age"} == {"minor", "adult", "elder", "unknown", "household", "*"}
    assert {row["value"] for row in words if row["column"] == "income"} == {"unknown", "household", "*"}
    assert {row["part"] for row in words} == {"random", "quasi", "sensitive"}
    content = files.archive(given, levels, b"row\r\n", {}, ["Purpose: study"])
    assert files.rows_in(content) == b"row\r\n" and files.archive(given, levels, b"row\r\n", {}, ["Purpose: study"]) == content


def test_levels_that_cut_each_other_are_refused() -> None:
    """0–5 beside 0–4 would give the five-year-olds away to whoever holds two files."""
    raw = read_json("extract/2026.1.json")
    five = next(one for one in raw["attributes"] if one["code"] == "age")["levels"][0]["values"]
    five[0]["to"], five[1]["from"] = 4, 5
    with pytest.raises(BrokenReference, match="cuts bands"):
        extracts._read("2026.1", raw)
    raw = read_json("extract/2026.1.json")
    next(one for one in raw["attributes"] if one["code"] == "income")["levels"][1]["values"][0]["of"].pop()
    with pytest.raises(BrokenReference, match="whole values"):
        extracts._read("2026.1", raw)


def test_no_level_tells_the_value_itself() -> None:
    for one in KIND.attributes:
        with pytest.raises(ValueError, match="never told"):
            one.told("222403", 0)
        assert one.told(None, 1) == "unknown" and one.told("household", 1) == "household" and one.told(None, one.top) == "*"
        assert KIND.attribute("area").lowest("outside") == 2 > KIND.attribute("area").lowest("inside")
