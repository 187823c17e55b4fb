"""Old people in the demo: alone, as couples, with grandchildren; their cases begin with an ability assessment."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from caseapp import reference
from caseapp.cli.demo.cases import draw
from caseapp.cli.demo.crisis import crisis
from caseapp.cli.demo.source import Row, at, sealed
from caseapp.cli.demo.story import Figure, Home, Story
from caseapp.core import dates
from caseapp.models.details.elderly import ElderlyDetail

ITEMS = ("B1.1", "B1.2", "B1.3", "B1.4", "B1.5", "B1.6", "B1.7", "B2.1")
AT_HOME = ("B1.1", "B1.2", "B1.3", "B1.4", "B1.5", "B1.6", "B2.1")
OLD = (66, 88)
AGED = ("EL08", 1.0, 80)
GROWN = Figure((40, 48), relation=("son", "daughter"))

HOMES = {
    "alone": Home(
        34,
        (Figure(OLD, ("EL03",), (AGED, ("EL11", 0.15, 0)), {"living": "alone", "marital": "30"}),),
        (GROWN,),
        items=AT_HOME,
    ),
    "couple": Home(
        26,
        (
            Figure(OLD, ("EL04",), (AGED,), {"living": "spouse_only"}),
            Figure(
                (64, 86), ("EL04",), (AGED,), {"living": "spouse_only"}, sex="other", relation=("husband", "wife"), on_file=0.6, family=False
            ),
        ),
        (GROWN,),
        items=AT_HOME,
    ),
    "grandchild": Home(
        8,
        (
            Figure(OLD, ("EL02",), (AGED,), {"living": "grandchildren"}),
            Figure((7, 14), ("CH03",), facts={"living": "grandparents"}, relation=("grandson", "granddaughter")),
        ),
        (GROWN,),
        items=AT_HOME,
    ),
}  # fmt: skip


def content(cases: Any, case: Row, person: Any, wish: Any, assessed: date | None) -> None:
    """The ability assessment, and the typed row with needs once it was made."""
    source = cases.source
    level = _ability(cases, case, person, assessed) if assessed else None
    if assessed:
        _mood(cases, case, person, assessed)
    if wish.status == "serving" and case["risk"] == "red" and case["klass"] == "P2":
        crisis(cases, case, person, max(source.today - timedelta(days=source.between(4, 9)), wish.dates["serving"]))
    key, words, opened = source.key(at(case["opened_on"], 660)), cases.words(case), case["opened_on"]
    cases.batch.add(
        ElderlyDetail, id=key, case_id=case["id"], care_level=level, care_level_on=assessed, lives_alone=person.kind == "alone",
        main_carer="none" if person.kind == "alone" else "spouse",
        carer_contact_every=source.pick(("weekly", "monthly", "rarely")), has_keyholder=source.hit(0.5),
        heating=source.pick(("stove", "kang", "central")), version=1,
        needs_enc=sealed("elderly_detail", "needs_enc", key, source.pick(words["needs"])) if assessed else None,
        strengths_enc=sealed("elderly_detail", "strengths_enc", key, source.pick(words["strengths"])) if assessed else None,
        **cases.stamp(case, opened, 660),
    )  # fmt: skip


def _ability(cases: Any, case: Row, person: Any, day: date) -> str:
    source = cases.source
    care = source.weighted({0: 22, 1: 46, 2: 22, 3: 8, 4: 2})  # how much is lost: each item loses some of its points
    loss = (0.0, 0.16, 0.42, 0.62, 0.85)[care]
    answers = {
        item.code: max(item.maximum - (int(item.maximum * loss + source.random()) if loss else 0), 0)
        for item in reference.instrument("gbt42195").items
    }
    found: str = cases.assess(case, person, "gbt42195", day, answers, {"fall": 1} if source.hit(0.1) and loss else {})
    return found


def _mood(cases: Any, case: Row, person: Any, day: date) -> None:
    """How the person feels and gets along, asked of some, and of the sad ones again after a month."""
    source = cases.source
    if source.hit(0.3):
        low = source.between(0, 12)
        cases.assess(case, person, "gds15", day, _depressed(source, low))
        again = dates.add_months(day, 1)
        if low > 4 and again < source.today:
            cases.assess(case, person, "gds15", again, _depressed(source, max(low - source.between(1, 5), 0)))
    if source.hit(0.2):
        scores = {item.code: sorted(item.scores, reverse=True) for item in reference.instrument("barthel").items}
        answers = {code: found[min(source.weighted({0: 70, 1: 25, 2: 5}), len(found) - 1)] for code, found in scores.items()}
        cases.assess(case, person, "barthel", day, answers)


def _depressed(source: Any, low: int) -> dict[str, int]:
    """Answers that come to so many points."""
    items = reference.instrument("gds15").items
    sad = {item.code for item in source.sample(items, low)}
    return {item.code: int((item.code in sad) != item.reverse) for item in items}


def rich(filler: Any) -> Iterator[dict[str, Any]]:
    """Visits due and late, a plan returned and one in review, closings, a red file, a restricted one."""
    source = filler.source
    month = dates.add_months(source.today, -1)
    due = {"kind": "alone", "plain": True}
    for days in (0, 0, -9, -4, 2):
        yield {**due, "last_met": month + timedelta(days=days)}
    yield {"kind": "alone", "wish": draw(source, "planning", "returned", 6), "risk": "blue"}
    yield {"kind": "alone", "wish": draw(source, "planning", "open", 5), "risk": "orange"}
    yield {"kind": "couple", "wish": draw(source, "closing", "open", 4), "risk": "green"}
    yield {"kind": "old", "wish": draw(source, "closing", "approved", 6), "risk": "green"}
    serving = draw(source, "serving", None, 45)
    yield {"kind": "alone", "wish": serving, "risk": "red", "last_met": source.today - timedelta(days=7)}
    yield {"kind": "grandchild", "plain": True}
    yield {"kind": "old", "wish": draw(source, "serving", None, 80), "risk": "orange", "restricted": True}
    yield {"kind": "alone", "wish": draw(source, "intake", None, 2), "risk": "blue"}
    yield {"kind": "alone", "wish": draw(source, "serving", None, 130), "risk": "orange"}


STORY = Story(
    code="elderly",
    homes=HOMES,
    cases={"alone": 50, "couple": 26, "grandchild": 8, "old": 16},
    share=40,
    items=ITEMS,
    words="words",
    content=content,
    rich=rich,
    restricted_tag="EL10",
)
