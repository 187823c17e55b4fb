"""Domestic violence in the demo, matter-of-fact: what is known, a safety plan, ways told and answered."""

from datetime import date, timedelta
from typing import Any

from caseapp import reference
from caseapp.cli.demo.details.affairs.entries import end_of, entry
from caseapp.cli.demo.source import Row, at
from caseapp.models.details import affairs as m

DANGER = "domestic_violence"
SIGNS = {"asked_alone": 1, "frequency": 1, "severity": 1, "alcohol": 1, "children_see": 1}
PARTS = ("signs", "safe_place", "packed", "call", "for_children", "code_word")
ANSWERS = (
    ("police", "told"),
    ("hotline", "told"),
    ("warning", "thinking"),
    ("protection_order", "refused"),
    ("relatives", "wanted"),
)


def content(cases: Any, case: Row, person: Any, wish: Any, assessed: date | None, words: Any) -> None:
    """What is known; the plan and the ways once the danger was assessed."""
    source, day = cases.source, wish.dates["assessing"]
    entry(
        cases, case, m.ViolenceMatter, day, version=1, capacity="full", found_at=at(case["found_on"], 590), harmed_by="husband",
        lives_together=True, children_see=True,
        texts={"what_happened": source.pick(words["what_happened"]), "wishes": source.pick(words["wishes"])},
    )  # fmt: skip
    if assessed is None:
        return
    answers = {item.code: SIGNS.get(item.code, 0) for item in reference.instrument(DANGER).items}
    if case["risk"] == "red":
        answers["severity"] = 2
    cases.assess(case, person, DANGER, assessed, answers)
    texts = {part: source.pick(words[part]) for part in PARTS}
    entry(cases, case, m.SafetyPlan, assessed, version=1, made_on=assessed, texts=texts)
    told = assessed
    for path, answer in ANSWERS[: source.between(2, len(ANSWERS))]:
        texts = {"result": source.pick(words["path_result"])}
        entry(cases, case, m.ViolencePath, told, path=path, answer=answer, happened_on=told, texts=texts)
        told = min(told + timedelta(days=source.between(3, 12)), end_of(cases, wish))
