"""Social affairs in the demo: people of all five matters, restricted ones among them; each keeps what its matter asks for."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from caseapp.cli.demo.cases import draw
from caseapp.cli.demo.details.affairs import matters, psychiatric, violence
from caseapp.cli.demo.source import Row, at, sealed
from caseapp.cli.demo.story import Figure, Home, Story
from caseapp.models.details.affairs import AffairsDetail

GROWN = (28, 46)
CHILD = Figure((6, 12), facts={"living": "parents"}, relation=("son", "daughter"))
MATTERS = {  # kind of home → matter, kind of the case
    "af_wedding": ("family", "MF01"),
    "af_quarrel": ("family", "MF02"),
    "af_parenting": ("family", "MF03"),
    "af_hurt": ("family", "MF04"),
    "af_bereaved": ("funeral", "FN03"),
    "af_disabled": ("disability", "DI01"),
    "af_patient": ("psychiatric", "MD01"),
    "af_wanderer": ("vagrant", "VB02"),
    "af_nameless": ("vagrant", "VB04"),
}
CONTENT = {
    "af_wedding": matters.family,
    "af_quarrel": matters.family,
    "af_parenting": matters.family,
    "af_hurt": violence.content,
    "af_bereaved": matters.funeral,
    "af_disabled": matters.disability,
    "af_patient": psychiatric.content,
    "af_wanderer": matters.vagrant,
    "af_nameless": matters.vagrant,
}
ITEMS = ("E1.5", "E3.6", "E2.3")


def _home(*people: Figure, named: tuple[Figure, ...] = ()) -> Home:
    """A home that comes with a case only."""
    return Home(0, people, named, items=ITEMS)


HOMES = {
    "af_wedding": _home(Figure((23, 30), ("MF01",), facts={"marital": "10"})),
    "af_quarrel": _home(
        Figure(GROWN, ("MF02",), facts={"living": "spouse_children"}, sex="2"),
        CHILD,
        named=(Figure((30, 48), sex="1", relation=("husband", "wife"), family=False, facts={"lives_here": True}),),
    ),
    "af_parenting": _home(Figure((30, 42), ("MF03",), facts={"marital": "40", "living": "children"}, sex="2"), CHILD),
    "af_hurt": _home(
        Figure((27, 45), facts={"living": "spouse_children"}, sex="2"),
        CHILD,
        named=(Figure((30, 50), sex="1", relation=("husband", "wife"), family=False, facts={"lives_here": True}),),
    ),
    "af_bereaved": _home(Figure((58, 78), ("FN03",), facts={"marital": "30", "living": "alone"})),
    "af_disabled": Home(
        5,
        (Figure((22, 63), ("DI01",), facts={"disability": ("1", "2", "4", "4"), "disability_grade": ("2", "3", "4")}),),
        items=ITEMS,
    ),
    "af_patient": _home(
        Figure((22, 52), facts={"living": "parents", "marital": "10"}), named=(Figure((56, 76), relation=("father", "mother")),)
    ),
    "af_wanderer": _home(Figure((35, 66), ("VB02",), facts={"living": "other"})),
    "af_nameless": _home(Figure((50, 68), ("VB04",), facts={"living": "other", "marital": None, "education": None}, sex="2")),
}


def opened(cases: Any, case: Row, person: Any) -> None:
    """The matter stands from the first day on; somebody without a name has no papers either."""
    key = cases.source.key(at(case["found_on"], 601))
    matter, kind = MATTERS[person.kind]
    cases.batch.add(
        AffairsDetail, id=key, case_id=case["id"], matter=matter, kind=kind, version=1, **cases.stamp(case, case["found_on"], 601)
    )
    if person.kind == "af_nameless":
        matters.without_papers(cases, case, person)
    if person.kind == "af_hurt":
        person.row["safe_contact"] = cases.source.pick(cases.words(case, person.kind)["safe_contact"])


def content(cases: Any, case: Row, person: Any, wish: Any, assessed: date | None) -> None:
    """Needs once they were asked, and what the matter keeps."""
    row = next(row for row in reversed(cases.batch.rows[AffairsDetail]) if row["case_id"] == case["id"])
    words = cases.words(case, person.kind)
    if assessed:
        row["needs_enc"] = sealed("affairs_detail", "needs_enc", row["id"], cases.source.pick(words["needs"]))
        row["strengths_enc"] = sealed("affairs_detail", "strengths_enc", row["id"], cases.source.pick(words["strengths"]))
    CONTENT[person.kind](cases, case, person, wish, assessed, words)


def rich(filler: Any) -> Iterator[dict[str, Any]]:
    """One of each matter for `worker`: a clock that is late among them, and somebody without a name."""
    source = filler.source
    yield {"kind": "af_hurt", "wish": draw(source, "serving", None, 40), "risk": "red"}
    yield {"kind": "af_patient", "wish": draw(source, "assessing", None, 16), "risk": "orange"}
    yield {"kind": "af_nameless", "wish": draw(source, "assessing", None, 4), "risk": "orange"}
    yield {"kind": "af_wanderer", "wish": draw(source, "serving", None, 25), "risk": "orange"}
    yield {"kind": "af_bereaved", "wish": draw(source, "serving", None, 20), "risk": "green"}
    yield {"kind": "af_quarrel", "wish": draw(source, "serving", None, 12), "risk": "blue"}
    yield {"kind": "af_disabled", "wish": draw(source, "planning", "open", 3), "risk": "green"}
    yield {"kind": "af_patient", "wish": draw(source, "serving", None, 70), "risk": "blue"}


STORY = Story(
    code="affairs",
    homes=HOMES,
    cases={
        "af_wedding": 8, "af_quarrel": 20, "af_parenting": 12, "af_hurt": 9, "af_bereaved": 10, "af_disabled": 26, "af_patient": 9,
        "af_wanderer": 5, "af_nameless": 1,
    },
    share=14,
    items=ITEMS,
    words="affairs",
    content=content,
    restricts={"af_hurt": "MF04", "af_patient": "MD01"},
    opened=opened,
    rich=rich,
)  # fmt: skip
