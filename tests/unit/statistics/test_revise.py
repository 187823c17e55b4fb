"""What a correction takes over: nothing that tells of few, to nobody; what is taken over adds up."""

from collections.abc import Sequence

from caseapp.reference.statistics import newest
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.cells import Fact
from caseapp.services.statistics.protection.system import components
from caseapp.services.statistics.release.revise import Revision, revise

PERIOD = "2026Q3"
PATHS = {"p": (None, "province"), "c": ("p", "city"), "k": ("c", "county"), "t1": ("k", "township"), "t2": ("k", "township")}
AREAS = [Area(code, code, level, parent, f"/{code}/", (code,), level == "township") for code, (parent, level) in PATHS.items()]
CHAINS = {"t1": ["t1", "k", "c", "p"], "t2": ["t2", "k", "c", "p"]}


def on_file(station: str, area: str, men: int, women: int) -> list[Fact]:
    """Persons on file at a station by sex, all of one age."""
    told = {"": men + women, "sex=1": men, "sex=2": women, "age_band=80+": men + women}
    told |= {"age_band=80+;sex=1": men, "age_band=80+;sex=2": women}
    return [Fact("on_file", PERIOD, area, key, value, value, station, 1) for key, value in told.items()]


def revised(old: Sequence[Fact], new: Sequence[Fact], contractors: dict[str, str] | None = None) -> Revision:
    """A correction of the newest catalogue."""
    catalogue = newest()
    return revise(catalogue, PERIOD, AREAS, CHAINS, old, new, components(catalogue), contractors or {})


def stations(found: Revision) -> set[str]:
    """Whose change is taken over."""
    return {station for _area, station, _of in found.taken}


def test_one_person_is_not_told_in_whatever_way_they_changed() -> None:
    old = [*on_file("s1", "t1", 40, 40), *on_file("s2", "t2", 40, 40)]
    for men, women in ((39, 41), (39, 40), (41, 40), (36, 44)):
        found = revised(old, [*on_file("s1", "t1", men, women), *on_file("s2", "t2", 40, 40)])
        assert not found.taken and {(fact.key, fact.value) for fact in found.facts} == {(f.key, f.value) for f in old}


def test_many_are_taken_over_and_cells_that_tell_of_few_are_guarded() -> None:
    old = [*on_file("s1", "t1", 40, 40), *on_file("s2", "t2", 40, 40)]
    new = [*on_file("s1", "t1", 28, 38), *on_file("s2", "t2", 40, 40)]
    found = revised(old, new)
    assert stations(found) == {"s1"} and not found.kept
    assert found.changed["on_file", "t1", "sex=2"] == (2, 3), "two women fewer: it must be able to fall by five in all"
    assert found.changed["on_file", "p", "sex=2"] == (2, 3)
    assert ("on_file", "t1", "sex=1") not in found.changed and ("on_file", "t1", "sex=1") in found.cells
    assert ("on_file", "t2", "sex=1") in found.same


def test_a_small_change_beside_a_great_one_stays_as_it_was() -> None:
    """Also where the two together would be many in the county: the first station knows its own part."""
    old = [*on_file("s1", "t1", 40, 40), *on_file("s2", "t2", 40, 40)]
    new = [*on_file("s1", "t1", 20, 20), *on_file("s2", "t2", 39, 40)]
    found = revised(old, new)
    assert stations(found) == {"s1"} and {station for _a, station, _n in found.kept} == {"s2"}
    assert sum(fact.value for fact in found.facts if fact.key == "") == 40 + 80


def test_changes_that_make_up_for_each_other_are_not_told() -> None:
    old = [*on_file("s1", "t1", 40, 40), *on_file("s2", "t2", 40, 40)]
    new = [*on_file("s1", "t1", 50, 40), *on_file("s2", "t2", 32, 40)]
    found = revised(old, new)
    assert stations(found) == {"s1"}, "ten more and eight fewer are two in the county: one of them stays as it was"
    assert sum(fact.value for fact in found.facts if fact.key == "") == 170


def test_stations_of_one_contractor_are_one_pair_of_eyes() -> None:
    """Three in one township: the contractor of two knows their part, so that the third must be many alone."""
    old = [*on_file("s1", "t1", 40, 40), *on_file("s2", "t1", 40, 40), *on_file("s3", "t1", 40, 40)]
    new = [*on_file("s1", "t1", 37, 40), *on_file("s2", "t1", 37, 40), *on_file("s3", "t1", 37, 40)]
    assert stations(revised(old, new)) == {"s1", "s2", "s3"}
    assert stations(revised(old, new, {"s1": "c", "s2": "c"})) == set()


def test_many_visits_of_few_people_are_few() -> None:
    """Ten visits fewer, of persons with up to five: it may be two of them."""

    def visits(count: int) -> list[Fact]:
        return [Fact("visits", PERIOD, "t1", "", count, 30, "s1", 5)]

    assert not revised(visits(100), visits(90)).taken
    assert revised(visits(100), visits(79)).taken


def test_what_a_correction_stands_on_is_compared_as_it_is() -> None:
    old, new = on_file("s1", "t1", 40, 40), on_file("s1", "t1", 39, 40)
    catalogue = newest()
    found = revise(catalogue, PERIOD, AREAS, CHAINS, old, new, components(catalogue), {}, settle=False)
    assert stations(found) == {"s1"} and ("on_file", "t1", "") in found.changed
