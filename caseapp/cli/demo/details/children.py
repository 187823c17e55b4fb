"""Children in the demo: with grandparents, one parent, relatives, a disability; their cases, and mandatory reports in every state."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from caseapp import reference
from caseapp.cli.demo.cases import draw
from caseapp.cli.demo.details.children_reports import write as write_report
from caseapp.cli.demo.source import Row, at, sealed
from caseapp.cli.demo.story import Figure, Home, Story
from caseapp.models.details.children import ChildrenContact, ChildrenDelegation, ChildrenDetail, ChildrenSafetyCheck

ITEMS = ("C1.1", "C1.2", "C2.2", "C2.3", "C2.4", "C3.1", "C3.2", "C3.3")
AT_HOME = ("C1.1", "C1.2", "C2.1", "C2.3")
GRANDCHILD = ("grandson", "granddaughter")
GRANDPARENT = Figure((58, 72), sex="1", facts={"lives_here": True})
SPOUSE = Figure((56, 70), sex="2", relation=("husband", "wife"), facts={"lives_here": True}, family=False)
AWAY = Figure((30, 42), sex="1", relation=("son", "daughter"))

HOMES = {
    "left_behind": Home(
        10,
        (Figure((6, 15), ("CH03",), facts={"living": "grandparents"}, relation=GRANDCHILD),),
        (GRANDPARENT, SPOUSE, AWAY),
        items=AT_HOME,
    ),
    "one_parent": Home(
        5,
        (Figure((3, 16), ("CH13",), (("CH05", 0.5, 0),), {"living": "one_parent"}, relation=("son", "daughter")),),
        (Figure((28, 44), facts={"lives_here": True}),),
        items=AT_HOME,
    ),
    "orphan": Home(
        3,
        (Figure((7, 16), ("CH01",), facts={"living": "relatives"}, relation=("nephew_niece", "nephew_niece")),),
        (Figure((35, 55), sex="2", facts={"lives_here": True}),),
        items=AT_HOME,
    ),
    "disabled_child": Home(
        3,
        (
            Figure(
                (4, 15), ("CH06",), facts={"disability": "4", "disability_grade": "3", "health": "fair"}, relation=("son", "daughter")
            ),
        ),
        (Figure((30, 44), facts={"lives_here": True}),),
        items=AT_HOME,
    ),
}  # fmt: skip

# father, mother, guardian, carer; where a value is a tuple one of it
SITUATIONS: dict[str, dict[str, Any]] = {
    "left_behind": {"father_state": "away", "mother_state": ("away", "away", "apart"), "guardian": "parents", "carer": "grandparents"},
    "one_parent": {"father_state": ("apart", "dead", "prison"), "mother_state": "at_home", "guardian": "mother", "carer": "mother"},
    "orphan": {"father_state": "dead", "mother_state": ("dead", "missing"), "guardian": "relative", "carer": "relative"},
    "disabled_child": {"father_state": "at_home", "mother_state": "at_home", "guardian": "parents", "carer": "parents"},
}  # fmt: skip
REPORTS = ("new", "told", "police", "answered", "outcome", "closed", "void")


def content(cases: Any, case: Row, person: Any, wish: Any, assessed: date | None) -> None:
    """The typed row, the guardianship assessment, care and safety; a report where the case is restricted."""
    source, words, opened = cases.source, cases.words(case), case["opened_on"]
    level = _guardianship(cases, case, person, assessed) if assessed else None
    key = source.key(at(opened, 660))
    known = {name: source.pick(value) if isinstance(value, tuple) else value for name, value in SITUATIONS[person.kind].items()}
    age = (source.today - person.row["birth_on"]).days // 365
    texts = {
        "father_where": source.pick(words["where"]) if known["father_state"] == "away" else None,
        "carer_note": source.pick(words["carer_note"]),
        "school_name": source.pick(words["school"]) if 6 <= age <= 15 else None,
        "own_view": source.pick(words["own_view"]) if age >= 8 and assessed else None,
        "needs": source.pick(words["needs"]) if assessed else None,
        "strengths": source.pick(words["strengths"]) if assessed else None,
    }
    school = "too_young" if age < 3 else "kindergarten" if age < 6 else "primary" if age < 12 else "junior"
    cases.batch.add(
        ChildrenDetail, id=key, case_id=case["id"], **known, father_contact=_touch(source, known["father_state"]),
        mother_contact=_touch(source, known["mother_state"]), school=school, attendance="regular" if age >= 6 else None,
        boarding=source.hit(0.2) if age >= 11 else False, hukou="here", own_view_on=assessed if texts["own_view"] else None,
        guardianship_level=level, guardianship_on=assessed, version=1,
        **{f"{name}_enc": sealed("children_detail", f"{name}_enc", key, text) for name, text in texts.items()},
        **cases.stamp(case, opened, 660),
    )  # fmt: skip
    if assessed and wish.status not in ("assessing", "planning"):
        _care(cases, case, person, assessed)
    state = wish.told.get("report") or ("closed" if case["klass"] == "P3" and wish.status in ("serving", "evaluating") else None)
    if state is not None and case["klass"] == "P3":
        write_report(cases, case, person, state)


def _touch(source: Any, state: str) -> str | None:
    if state == "at_home":
        return "together"
    return source.pick(("weekly", "weekly", "monthly")) if state in ("away", "apart") else None


def _guardianship(cases: Any, case: Row, person: Any, day: date) -> str:
    """Most answers are good; how many are not follows from how the child stands."""
    source = cases.source
    worry = {"red": 0.75, "orange": 0.5, "blue": 0.3, "green": 0.12}[case["risk"]]
    answers = {}
    for item in reference.instrument("child_guardianship").items:
        scores = sorted(item.scores)
        bad = len(scores) > 2 and source.hit(worry)
        answers[item.code] = scores[source.pick((1, 1, 2))] if bad else scores[0]
    found: str = cases.assess(case, person, "child_guardianship", day, answers)
    return found


def _care(cases: Any, case: Row, person: Any, since: date) -> None:
    source, words = cases.source, cases.words(case)
    stamp = {"case_id": case["id"], "client_id": person.id}
    if person.kind == "left_behind":
        if source.hit(0.7):
            key = source.key(at(since, 700))
            name = cases.registry.namer.name("2", 45, is_korean=False)
            cases.batch.add(
                ChildrenDelegation, id=key, given_by="parents", relation=source.pick(("grandmother", "uncle_aunt")),
                birth_year=source.today.year - source.between(40, 66), reason="work", from_on=since, to_on=since + timedelta(days=540),
                delegate_name_enc=sealed("children_delegation", "delegate_name_enc", key, name), child_heard=True,
                child_view_enc=sealed("children_delegation", "child_view_enc", key, source.pick(words["view_of_delegation"])),
                note_enc=sealed("children_delegation", "note_enc", key, words["agreed"]), also_told=["school", "village"], version=1,
                **stamp, **cases.stamp(case, since, 700),
            )  # fmt: skip
        day = max(since, source.today - timedelta(days=90))
        while day < source.today - timedelta(days=1):
            cases.batch.add(
                ChildrenContact, id=source.key(at(day, 1200)), happened_on=day, who=source.pick(("mother", "father")),
                how=source.pick(("video", "phone")), **stamp, **cases.stamp(case, day, 1200),
            )  # fmt: skip
            day += timedelta(days=source.pick((4, 6, 7, 7, 9, 16)))
    items = reference.codes("children_safety_item").codes()
    answers = {code: "gap" if source.hit(0.12) else "ok" for code in items if code != "alone"}
    gaps = sum(answer == "gap" for answer in answers.values())
    key = source.key(at(since, 705))
    cases.batch.add(
        ChildrenSafetyCheck, id=key, checked_on=since, answers=answers, gaps=gaps,
        note_enc=sealed("children_safety_check", "note_enc", key, source.pick(words["safety"])) if gaps else None,
        **stamp, **cases.stamp(case, since, 705),
    )  # fmt: skip


def rich(station: Any) -> Iterator[dict[str, Any]]:
    """For `worker`: cases at several stages, and a report in each state."""
    source = station.source
    yield {"kind": "left_behind", "wish": draw(source, "serving", None, 60), "risk": "orange"}
    yield {"kind": "orphan", "wish": draw(source, "planning", "open", 4), "risk": "blue"}
    yield {"kind": "disabled_child", "wish": draw(source, "assessing", None, 5), "risk": "blue"}
    yield {"kind": "one_parent", "wish": draw(source, "intake", None, 1), "risk": "green"}
    yield {"kind": "left_behind", "plain": True}
    for number, state in enumerate(REPORTS):
        wish = draw(source, "serving", None, 45 + number * 7)
        wish.told = {"report": state}
        kind = ("left_behind", "one_parent", "disabled_child")[number % 3]
        yield {"kind": kind, "wish": wish, "risk": "red" if state in ("new", "told", "police") else "orange", "restricted": True}


STORY = Story(
    code="children",
    homes=HOMES,
    cases={"left_behind": 10, "one_parent": 5, "orphan": 3, "disabled_child": 3},
    share=16,
    items=ITEMS,
    words="children",
    content=content,
    rich=rich,
    findings=(("as_usual",), ("as_usual",), None, ("school_trouble",), ("low_mood",), ("better",), ("hygiene",)),
)
