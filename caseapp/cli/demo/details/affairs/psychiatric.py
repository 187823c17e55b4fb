"""Psychiatric community rehabilitation in the demo: the clock in time and late, guardian, what doctors told."""

from datetime import date, timedelta
from typing import Any

from caseapp.cli.demo.details.affairs.entries import end_of, entry, is_live, promise
from caseapp.cli.demo.names import phone
from caseapp.cli.demo.source import Row
from caseapp.core import dates
from caseapp.models.details import affairs as m
from caseapp.reference import default


def content(cases: Any, case: Row, person: Any, wish: Any, assessed: date | None, words: Any) -> None:
    """Who is the guardian, the steps as far as the case has come, what was told."""
    source, day = cases.source, wish.dates["assessing"]
    elder = cases.registry.namer.name(source.pick("12"), 64, is_korean=False, surname=person.row["name"][0])
    texts = {
        "guardian": elder,
        "guardian_phone": phone(source),
        "hospital": words["hospital"],
        "place": words["rehab_place"] if assessed else None,
    }
    entry(
        cases,
        case,
        m.PsychiatricMatter,
        day,
        version=1,
        way_in=source.pick(("self", "medical", "other")),
        guardian_relation="father",
        texts=texts,
    )
    last = _steps(cases, case, wish, assessed, words)
    _told(cases, case, day, words)
    if is_live(wish) and last is not None:
        promise(cases, case, "rehab_stage", last, dates.add_months(last, default("affairs.stage_assessment_months")))


def _steps(cases: Any, case: Row, wish: Any, assessed: date | None, words: Any) -> date | None:
    """The way so far; who is not assessed yet waits, and the clock may have run out. Returns the last day of service."""
    source, applied = cases.source, case["found_on"]
    terms = default("psychiatric.register_working_days"), default("psychiatric.refer_working_days")
    taken = {"applied": applied}
    if assessed is None:
        if source.hit(0.5):
            taken["registered"] = min(dates.add_working_days(applied, source.between(2, terms[0])), source.today)
        _write(cases, case, taken, words)
        waits, since = ("rehab_refer", taken["registered"]) if "registered" in taken else ("rehab_register", applied)
        promise(cases, case, waits, since, dates.add_working_days(since, terms["registered" in taken]))
        return None
    gap = max((assessed - applied).days // 3, 0)
    taken |= {"registered": applied + timedelta(days=gap), "referred": applied + timedelta(days=gap * 2), "assessed": assessed}
    serving, found = wish.dates.get("serving"), None
    if serving is not None:
        taken["serving"] = found = serving
        stage = dates.add_months(serving, default("affairs.stage_assessment_months"))
        while stage <= min(end_of(cases, wish), source.today):
            _write(cases, case, {"stage": stage}, words)
            found, stage = stage, dates.add_months(stage, default("affairs.stage_assessment_months"))
    if "closed" in wish.dates:
        taken["closed"] = wish.dates["closed"]
    _write(cases, case, taken, words)
    return found


def _write(cases: Any, case: Row, taken: dict[str, date], words: Any) -> None:
    for step, day in taken.items():
        entry(cases, case, m.PsychiatricStep, day, step=step, happened_on=day, texts={"by": words["bodies"].get(step)})


def _told(cases: Any, case: Row, day: date, words: Any) -> None:
    """Diagnosis, danger level, medication, now and then the result of a scale."""
    source, doctor = cases.source, cases.source.pick(words["doctors"])
    told = [
        ("diagnosis", source.pick(("schizophrenia", "schizophrenia", "bipolar")), doctor, source.pick(words["result"])),
        ("danger", source.pick(("0", "0", "1", "2")), words["health"], None),
        ("adherence", source.pick(("regular", "regular", "irregular")), words["health"], None),
    ]
    if source.hit(0.4):
        told.append(("scale", "SDSS", doctor, source.pick(words["scale"])))
    for kind, value, by, result in told:
        found = day - timedelta(days=source.between(5, 60))
        entry(
            cases,
            case,
            m.PsychiatricFinding,
            day,
            kind=kind,
            value=value,
            found_on=found,
            texts={"told_by": by, "result": result},
        )
