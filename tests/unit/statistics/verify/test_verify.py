"""The verifier by itself: a sound certificate passes, and each thing that is spoilt is named."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from caseapp.reference.statistics import newest
from caseapp.reference.statistics.kinds import Balance, NeverMore
from caseapp.services.statistics.verify import verify
from caseapp.services.statistics.verify.keys import fit_together
from tests.unit.statistics.verify import small


def told(evidence: Any) -> set[str]:
    """What is said to be wrong."""
    return {str(fault) for fault in verify(evidence).faults}


def spoilt(change: Callable[[Any], Any]) -> set[str]:
    """What is said of a certificate after a change."""
    content = copy.deepcopy(small.certificate())
    change(content)
    return told(small.evidence(content))


def test_a_sound_certificate_passes() -> None:
    figures = verify(small.evidence())
    assert figures.faults == []
    assert (figures.cells, figures.hidden, figures.guarded, figures.insiders, figures.witnesses) == (9, 4, 1, 5, 7)
    assert figures.line().endswith("the outsider and 5 insiders; 0 faults")


SPOILT: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a difference": (
        lambda c: c["witnesses"][0][0].__setitem__(1, 3),
        "on_file_sex, t1: a witness changes a shown cell",
    ),
    "too small a step": (
        lambda c: [move.__setitem__(1, move[1] // 2) for witness in c["witnesses"][:3] for move in witness],
        "on_file_sex, t1: a station has no witness that goes up",
    ),
    "nobody moves it": (lambda c: c["cells"][0].update(up=[3]), "on_file_sex, t1: the outsider has no witness that goes up"),
    "no witness past the first station": (
        lambda c: c["cells"][0].update(up=[1, 2]),
        "on_file_sex, t1: a station has no witness that goes up",
    ),
    "no witness past the contractor": (
        lambda c: c["cells"][0].update(up=[0, 1]),
        "on_file_sex, t1: a contractor has no witness that goes up",
    ),
    "no way down for a station of the other township": (
        lambda c: c["cells"][0].update(down=[3, 4, 6]),
        "on_file_sex, t1: a station has no witness that goes down",
    ),
    "a cell left out": (lambda c: c.update(cells=[]), "on_file_sex, t1: a guarded cell has no witnesses"),
    "less than nothing": (
        lambda c: [move.__setitem__(1, move[1] * 2) for move in c["witnesses"][3]],
        "on_file: a witness has less than nothing of something",
    ),
    "twice": (lambda c: c["witnesses"][0].append(c["witnesses"][0][0]), "on_file: a witness tells one difference twice"),
    "half a person": (
        lambda c: c["witnesses"][0][0].__setitem__(1, 4.0),
        "the certificate names a station without numbers, or a difference that is no whole number",
    ),
    "nobody's station": (
        lambda c: c["witnesses"][0][0][0].__setitem__(2, "s9"),
        "the certificate names a station without numbers, or a difference that is no whole number",
    ),
    "another frame": (
        lambda c: c["witnesses"][0][0][0].__setitem__(3, "age_band=80+"),
        "the certificate names an atom that is in none of its frames",
    ),
    "no frame": (
        lambda c: c["frames"].clear() or c["witnesses"].clear(),
        "on_file: a published grouping is no sum of the certificate's frames",
    ),
    "another period": (lambda c: c.update(period="2026Q2"), "the certificate is of another version or period"),
    "a part missing": (lambda c: c.pop("cells"), "the certificate cannot be read"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_spoilt_in_a_certificate_is_named(name: str) -> None:
    change, expected = SPOILT[name]
    assert expected in spoilt(change)


def test_bytes_that_are_no_certificate() -> None:
    good = small.pack(small.certificate())
    for content in (b"", b"no gzip", good[:-20], small.pack([]), small.pack({})):
        assert told(small.evidence(certificate=content)) == {"the certificate cannot be read"}


def test_what_is_shown_must_be_true_and_whole() -> None:
    sound = dict(small.evidence().shown)
    for change, expected in (
        ({("on_file_sex", "c", "sex=1"): "49"}, "on_file_sex, c: a shown number is not the true one"),
        ({("on_file_sex", "t1", "sex=1"): "3"}, "on_file_sex, t1: a cell that tells of few is shown"),
        ({("on_file_sex", "t9", ""): "0"}, "on_file_sex, t9: a cell is printed that the catalogue does not have"),
    ):
        assert expected in told(small.evidence(shown=sound | change))
    sound.pop(("on_file_sex", "c", ""))
    assert told(small.evidence(shown=sound)) == {"on_file_sex, c: a cell is missing"}


def test_a_cell_that_only_an_insider_sees_through_must_be_hidden() -> None:
    """Of 22 men the first station knows 20: the other two are the other station's."""
    true = small.facts({**small.COUNTS, "s1": (20, 20), "s2": (2, 20)})
    found = verify(small.evidence(facts=true, shown=small.shown(set(), true)))
    assert {str(fault) for fault in found.faults} >= {"on_file_sex, t1: a cell that tells of few is shown"}
    alone = {**small.COUNTS, "s1": (22, 20), "s2": (0, 20)}  # the others have none: nothing to be learnt of anybody
    true = small.facts(alone)
    assert not any("tells of few" in words for words in told(small.evidence(facts=true, shown=small.shown(set(), true))))


def test_frames_must_agree_on_what_they_share() -> None:
    """By age beside by sex: a witness that adds a person to one must add them to the other."""
    full = newest()
    both = replace(small.catalogue(), tables=(full.table("on_file_sex"), full.table("on_file_age")))
    content = small.certificate()
    content["frames"][0]["frames"] = [["sex"], ["age_band"]]
    true = small.facts()
    true += [replace(n, key="age_band=80+") for n in true if not n.key]
    printed = small.shown(small.HIDDEN | {(area, "") for area in ("t1", "t2")}, true)
    for area in ("c", "t1", "t2"):
        total = printed["on_file_sex", area, ""]
        printed["on_file_age", area, ""] = total
        for value in full.dimensions["age_band"].values:
            printed["on_file_age", area, f"age_band={value.code}"] = "0" if value.code != "80+" else total
    made = {"catalogue": both, "facts": true, "shown": printed}
    assert told(small.evidence(content, **made)) == set()
    content["witnesses"][0][1][1] = content["witnesses"][0][3][1] = 0  # one person more here, one fewer there
    assert "on_file: two groupings of a witness do not add up to the same" in told(small.evidence(content, **made))
    content["frames"][0]["frames"] = [["sex"], ["age_band"], ["sex", "age_band"]]
    assert any("do not add up to each other" in words for words in told(small.evidence(content, **made)))


def test_frames_in_a_ring_are_refused() -> None:
    catalogue = newest()
    assert fit_together(catalogue, [("domain", "age_band"), ("item",), ("sex",)])
    assert fit_together(catalogue, [("domain", "age_band"), ("age_band", "sex"), ("group",)])
    assert not fit_together(catalogue, [("domain", "age_band"), ("age_band", "sex"), ("domain", "sex")])
    assert not fit_together(catalogue, [("domain", "age_band"), ("age_band", "sex"), ("item", "sex")])


def test_a_part_stays_no_greater_than_its_whole() -> None:
    """As many persons as visits at the second station: a world with more persons and no more visits is none."""
    full = newest()
    table = replace(full.table("on_file_sex"), code="visits_sex", measure="visits")
    catalogue = replace(small.catalogue(), tables=(full.table("on_file_sex"), table))
    catalogue = replace(catalogue, never_more=(NeverMore("on_file", "visits"),))
    content = small.certificate()
    content["frames"].append({"measure": "visits", "frames": [["sex"]]})
    broken = "on_file: in a witness a part is greater than its whole"
    many = {station: (men + 90, women + 90) for station, (men, women) in small.COUNTS.items()}
    for counts, expected in ((many, set()), ({**many, "s2": (2, 110)}, {broken}), ({**many, "s2": (1, 110)}, set())):
        visits = [replace(n, measure="visits") for n in small.facts(counts)]
        printed = dict(small.evidence().shown)
        printed |= {("visits_sex", area, key): told for (_t, area, key), told in small.shown(small.HIDDEN, visits).items()}
        made = {"catalogue": catalogue, "facts": small.facts() + visits, "shown": printed}
        found = told(small.evidence(content, **made)) - {"visits_sex, t1: a guarded cell has no witnesses"}
        assert found - {"visits_sex, t1: a cell that tells of few is shown"} == expected, "what the truth breaks binds nobody"


def test_what_came_and_went_must_fit_the_stock() -> None:
    """Nobody came and nobody went since the quarter before, and the truth says so: the stock cannot have moved."""
    rule = {"measure": "enrolled", "balances": (Balance("enrolled", "ended", "on_file"),)}
    broken = "on_file: a witness breaks the balance with the stock"
    full = newest()
    ended = replace(full.table("on_file_sex"), code="ended_sex", measure="ended")
    catalogue = replace(
        small.catalogue(), tables=(full.table("on_file_sex"), replace(ended, code="came", measure="enrolled"), ended)
    )
    catalogue = replace(catalogue, balances=rule["balances"])
    content = small.certificate()
    content["frames"] += [{"measure": measure, "frames": [["sex"]]} for measure in ("enrolled", "ended")]
    printed = dict(small.evidence().shown)
    printed |= {(code, area, key): "0" for code in ("came", "ended_sex") for (_t, area, key) in small.evidence().shown}
    made = {"catalogue": catalogue, "shown": printed}
    assert told(small.evidence(content, **made)) == set(), "the quarter before is not released: nobody knows its stock"
    assert told(small.evidence(content, **made, before=small.facts())) == {broken}
    other = small.facts({s: (m + 1, w + 1) for s, (m, w) in small.COUNTS.items()})
    assert broken not in told(small.evidence(content, **made, before=other)), (
        "the truth does not keep it, so nobody can count on it"
    )
