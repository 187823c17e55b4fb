"""Protections that are broken in one way each: the gate refuses every one, names where, and says nothing true."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pytest

from caseapp.reference.statistics import Catalogue, Value
from caseapp.services.statistics.attack.read import Contradiction
from caseapp.services.statistics.attack.rules import Balance, Rules
from caseapp.services.statistics.gate import Effort, Past, Report, examine
from tests.unit.statistics.attack.small import COUNTY, Tree, catalogue, chains, dimension, facts, folder, summed

A = dimension("a", "1 2 3")
FINE = dimension("f", "1:1 2:1 3:2 4:3", within="a")
ONE_WAY = catalogue([("n", "a", "township")], [A])
LINKED = catalogue([("n", "a", "township"), ("n", "f", "county")], [A, FINE])
RULES = Rules(balances=(Balance("stock", "came", "went"),))
Stations = Mapping[tuple[str, str], Mapping[str, int]]
FIRST, SECOND = (("a", "1"),), (("a", "2"),)


def past(
    told: Catalogue, held: Stations, hidden: Iterable[tuple[str, str, object]], period: str = "2026Q3", names: str = "a"
) -> Past:
    """A release of the measure n."""
    true = facts("n", period, held, names.split(), told)
    return Past(folder(told, COUNTY, period, summed(true, COUNTY), hidden), true, chains(COUNTY))  # type: ignore[arg-type]


def asked(told: Catalogue, last: Past, before: Sequence[Past] = (), contractors: Mapping[str, str] | None = None) -> Report:
    """The gate's answer."""
    return examine(last, before, contractors or {}, {"tiny": told}, RULES)


def told_of(report: Report) -> set[tuple[str, str, str, str]]:
    """(who, kind, table, area) of every hit."""
    return {(hit.who, hit.kind, hit.table, hit.area) for hit in report.hits}


WORLD: Stations = {
    ("t1", "s1"): {"1": 3, "2": 30, "3": 20},
    ("t1", "s2"): {"1": 20, "2": 30, "3": 20},
    ("t2", "s3"): {"1": 2, "2": 9, "3": 40},
    ("t2", "s4"): {"1": 1, "2": 12, "3": 40},
}
CALM: Stations = {
    ("t1", "s1"): {"1": 30, "2": 30, "3": 20},
    ("t1", "s2"): {"1": 20, "2": 30, "3": 20},
    ("t1", "s5"): {"1": 20, "2": 30, "3": 20},
    ("t2", "s3"): {"1": 12, "2": 19, "3": 40},
    ("t2", "s4"): {"1": 11, "2": 22, "3": 40},
    ("t2", "s6"): {"1": 11, "2": 22, "3": 40},
}


def test_nothing_small_passes_and_the_report_says_what_was_done() -> None:
    report = asked(ONE_WAY, past(ONE_WAY, CALM, []))
    assert report.passed and report.figures["insiders_checked"] == 6 and report.figures["small"] == 0


def test_only_the_small_cell_hidden_is_found() -> None:
    report = asked(
        ONE_WAY,
        past(ONE_WAY, {**CALM, ("t2", "s3"): {"1": 3, "2": 30}, ("t2", "s4"): {}, ("t2", "s6"): {}}, [("n", "t2", FIRST)]),
    )
    assert ("outsider", "exact", "n_a", "t2") in told_of(report) and not report.passed


def test_a_small_cell_that_is_shown_is_found() -> None:
    report = asked(ONE_WAY, past(ONE_WAY, {("t1", "s1"): {"1": 3, "2": 30}}, []))
    assert {("outsider", "shown", "n_a", "t1"), ("outsider", "shown", "n_a", "c")} <= told_of(report)


def test_company_too_small_leaves_it_near() -> None:
    """Two hidden of a total of five: 2 and 3, or 1 and 4, or a nought: 2 ± 3; of a total of two it is 1 ± 1."""
    held = {("t1", "s1"): {"1": 1, "2": 1, "3": 50}, ("t2", "s2"): {"1": 80, "2": 80, "3": 50}}
    hidden = [("n", area, key) for area in COUNTY for key in (FIRST, SECOND)]
    assert ("outsider", "near", "n_a", "t1") in told_of(asked(ONE_WAY, past(ONE_WAY, held, hidden)))


def test_what_can_only_be_small_and_not_nought_is_found() -> None:
    """1..8 where fewer than 10 are protected, for a true 4: neither exact nor within one, and yet told."""
    minors = replace(A, values=(replace(A.values[0], k=10), *A.values[1:]))
    told = catalogue([("n", "a", "township")], [minors])
    held = {("t1", "s1"): {"1": 4, "2": 4, "3": 40}, ("t2", "s2"): {"1": 8, "2": 3, "3": 50}}
    hidden = [("n", area, key) for area in ("t1", "t2") for key in (FIRST, SECOND)]
    assert ("outsider", "small", "n_a", "t1") in told_of(asked(told, past(told, held, hidden)))
    wider = {**held, ("t2", "s2"): {"1": 8, "2": 4, "3": 50}}
    assert ("outsider", "small", "n_a", "t1") not in told_of(asked(told, past(told, wider, hidden)))


def test_tables_protected_one_by_one_are_found_together() -> None:
    """Each table alone is safe: a third value hidden beside. The finer table shows what the coarser one hides."""
    held = {("t1", "s1"): {"1": 1, "2": 2, "3": 9, "4": 40}, ("t2", "s2"): {"3": 50, "4": 40}}
    hidden = [("n", "c", FIRST), ("n", "c", SECOND), ("n", "t1", FIRST), ("n", "t1", SECOND)]
    hidden += [("n", "t2", FIRST), ("n", "t2", SECOND), ("n", "c", (("f", "1"),)), ("n", "c", (("f", "2"),))]
    report = asked(LINKED, past(LINKED, held, hidden, names="f"))
    assert ("outsider", "exact", "n_a", "c") in told_of(report)
    apart = asked(ONE_WAY, past(ONE_WAY, {("t1", "s1"): {"1": 3, "2": 9, "3": 40}, ("t2", "s2"): {"2": 50, "3": 40}}, hidden[:6]))
    assert not [hit for hit in apart.hits if hit.who == "outsider"]


def test_a_correction_that_hides_other_company_is_found() -> None:
    """3 and 10 hidden, then 3 and 20: what was not corrected is the same in both."""
    far = {("t2", "s2"): {"1": 60, "2": 60, "3": 60}}
    old = {("t1", "s1"): {"1": 3, "2": 10, "3": 20}, **far}
    new = {("t1", "s1"): {"1": 3, "2": 10, "3": 27}, **far}
    third = (("a", "3"),)
    before = past(ONE_WAY, old, [("n", area, key) for area in COUNTY for key in (FIRST, SECOND)])
    last = past(ONE_WAY, new, [("n", area, key) for area in COUNTY for key in (FIRST, third)])
    assert not [hit for one in (before, last) for hit in asked(ONE_WAY, one).hits if hit.who == "outsider"]
    assert ("outsider", "exact", "n_a", "t1") in told_of(asked(ONE_WAY, last, [before]))


def test_a_station_finds_what_others_left_alone_in_a_correction() -> None:
    """Only the first station corrects: 12 of one value become 17. Whoever knows the five knows that the others' are what they were."""
    far = {("t2", "s3"): {"1": 60, "2": 60, "3": 60}}
    old = {("t1", "s1"): {"2": 4, "3": 30}, ("t1", "s2"): {"1": 3, "2": 8, "3": 20}, **far}
    new = {**old, ("t1", "s1"): {"2": 9, "3": 40}}
    third = (("a", "3"),)
    before = past(ONE_WAY, old, [("n", area, key) for area in COUNTY for key in (FIRST, SECOND)])
    last = past(ONE_WAY, new, [("n", area, key) for area in COUNTY for key in (FIRST, third)])
    report = asked(ONE_WAY, last, [before])
    assert not [hit for hit in report.hits if hit.who == "outsider"]
    assert ("station s1", "exact", "n_a", "t1") in told_of(report)


def test_a_correction_by_one_person_is_found() -> None:
    before = past(ONE_WAY, CALM, [])
    last = past(ONE_WAY, {**CALM, ("t1", "s1"): {"1": 31, "2": 30, "3": 20}}, [])
    assert ("outsider", "revision", "n_a", "t1") in told_of(asked(ONE_WAY, last, [before]))
    many = {**CALM, ("t1", "s1"): {"1": 36, "2": 30, "3": 20}, ("t1", "s2"): {"1": 21, "2": 30, "3": 20}}
    found = told_of(asked(ONE_WAY, past(ONE_WAY, many, []), [before]))
    assert ("outsider", "revision", "n_a", "t1") not in found and ("station s1", "revision", "n_a", "t1") in found


def test_the_people_of_one_year_between_two_bands_are_found() -> None:
    """0-16 in one table, 0-17 in another, each cell large: their difference is who is seventeen."""
    young = replace(A, code="p", values=(Value("p1", "", "", youngest=0, oldest=16), Value("p2", "", "", youngest=17)))
    older = replace(A, code="q", values=(Value("q1", "", "", youngest=0, oldest=17), Value("q2", "", "", youngest=18)))
    told = catalogue([("n", "p", "county"), ("n", "q", "county")], [young, older])
    for many, found in ((2, True), (20, False)):
        held = {("t1", "s1"): {"p1|q1": 30, "p2|q1": many, "p2|q2": 50}, ("t2", "s2"): {"p1|q1": 30, "p2|q2": 50}}
        report = asked(told, past(told, held, [], names="p q"))
        assert (("outsider", "difference", "n_p", "c") in told_of(report)) is found


def test_everybody_of_a_small_total_alike_is_found() -> None:
    """Eight cases, all closed for one reason: large enough to be shown, and yet each one's reason."""
    reason = replace(A, sensitive=True)
    told = catalogue([("n", "a", "county")], [reason])
    for numbers, found in (({"1": 8}, True), ({"1": 7, "2": 6}, False), ({"1": 60}, False)):
        report = asked(told, past(told, {("t1", "s1"): numbers}, []))
        assert (("outsider", "alike", "n_a", "c") in told_of(report)) is found


def test_who_came_is_told_by_the_stock_at_two_ends() -> None:
    told = catalogue([("stock", "", "township"), ("came", "", "county"), ("went", "", "county")], [])
    tree: Tree = {"c": ("county", None)}
    releases = []
    for period, stock, came, went in (("2026Q2", 100, 10, 10), ("2026Q3", 97, 3, 6)):
        held = [
            fact
            for measure, number in (("stock", stock), ("came", came), ("went", went))
            for fact in facts(measure, period, {("c", "s1"): {"": number}}, [], told)
        ]
        hidden = [("came", "c", ())] if period == "2026Q3" else []
        releases.append(Past(folder(told, tree, period, summed(held, tree), hidden), held, chains(tree)))
    assert ("outsider", "exact", "came", "c") in told_of(asked(told, releases[1], releases[:1]))
    assert not asked(told, releases[1]).hits


@pytest.mark.parametrize("contractors", [{}, {"s1": "k", "s5": "k"}])
def test_a_station_that_knows_all_but_a_few_is_found(contractors: Mapping[str, str]) -> None:
    """23 = 20 + 3 is shown: each of two stations reads the other's; of three, the two of one contractor do."""
    held = {("t1", "s1"): {"1": 20, "2": 40}, ("t1", "s2"): {"1": 3, "2": 40}, ("t2", "s4"): {"1": 30, "2": 40}}
    if contractors:
        held |= {("t1", "s5"): {"1": 9, "2": 40}}
    report = asked(ONE_WAY, past(ONE_WAY, held, []), contractors=contractors)
    assert ("contractor k" if contractors else "station s1", "shown", "n_a", "t1") in told_of(report)
    assert not [hit for hit in report.hits if hit.who == "outsider"]
    assert not contractors or "station s1" not in {hit.who for hit in report.hits}


def test_a_station_solves_what_an_outsider_cannot() -> None:
    """Both hidden cells are wide to everybody; the station that is nearly all of one knows the rest of the other."""
    held = {
        ("t1", "s1"): {"1": 2, "2": 50, "3": 50},
        ("t1", "s2"): {"1": 1, "2": 1, "3": 60},
        ("t2", "s3"): {"1": 90, "2": 90, "3": 90},
    }
    hidden = [("n", area, key) for area in COUNTY for key in (FIRST, SECOND)]
    report = asked(ONE_WAY, past(ONE_WAY, held, hidden))
    kinds = {(hit.who, hit.area) for hit in report.hits}
    assert ("station s1", "t1") in kinds and "outsider" not in {hit.who for hit in report.hits}


def test_sums_that_do_not_add_up_are_refused() -> None:
    release = past(ONE_WAY, CALM, [])
    broken = {**release.folder, "n_a.csv": release.folder["n_a.csv"].replace(b"t1,1,2026Q3,70", b"t1,1,2026Q3,71")}
    assert broken != release.folder
    with pytest.raises(Contradiction):
        asked(ONE_WAY, Past(broken, release.facts, release.chains))


def test_the_report_holds_no_number_of_the_tables() -> None:
    report = asked(
        ONE_WAY, past(ONE_WAY, {("t1", "s1"): {"1": 3333, "2": 4444}, ("t1", "s2"): {"1": 3, "2": 4449}}, [("n", "t1", FIRST)])
    )
    text = json.dumps(report.plain())
    assert report.hits and not [number for number in ("3333", "4444", "3336", "8893", "4449") if number in text]


def test_where_there_are_many_insiders_the_riskiest_and_a_sample_are_played() -> None:
    held = {("t1", f"s{n}"): {"1": 9 + n, "2": 12, "3": 30} for n in range(12)}
    release = past(ONE_WAY, held, [("n", area, key) for area in COUNTY for key in (FIRST, SECOND)])
    report = examine(release, [], {}, {"tiny": ONE_WAY}, RULES, Effort(sampled=3, riskiest=2))
    assert report.figures["insiders_attacked"] == 5 and report.figures["insiders_checked"] == 12
