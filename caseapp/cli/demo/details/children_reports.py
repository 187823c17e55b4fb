"""Mandatory reports of the demo: as far as each has come, written as the services would have left them."""

from datetime import date, timedelta
from typing import Any

from caseapp.cli.demo.source import Row, at, sealed
from caseapp.models import casework as c
from caseapp.models.details.children import ChildrenReport, ChildrenTold

SINCE = {"new": 1, "told": 2, "police": 6, "answered": 15, "outcome": 24, "closed": 33, "void": 9}  # days
MINUTES = 16 * 60 + 20  # found in the afternoon


def write(cases: Any, case: Row, person: Any, state: str) -> None:
    """One report of a case, by its worker or a colleague."""
    source, words = cases.source, cases.words(case)
    day = source.today - timedelta(days=SINCE[state])
    author = cases.station.workers[-1] if state in ("told", "void") else case["worker_id"]
    key, found = source.key(at(day, MINUTES + 12)), at(day, MINUTES)
    told = _told(cases, case, key, author, day, state)
    first = min((row["told_at"] for row in told if row["whom"] != "head"), default=None)
    texts: Row = {"sentence": source.pick(words["report"])}
    known: Row = {}
    if state not in ("new", "void"):
        texts |= {name: source.pick(words[name]) for name in ("seen", "who", "beside")}
        known = {"place": "relatives", "called": ["110"], "safety_at": at(day, MINUTES + 30), "evidence": ["words", "witness"]}
    if state in ("outcome", "closed"):
        texts |= {name: source.pick(words[name]) for name in ("outcome_by", "outcome_note")}
        known |= {"outcome": "guidance", "outcome_on": day + timedelta(days=9)}
    if state == "closed":
        known |= {"closed_at": at(day + timedelta(days=12), 600), "closed_by_id": case["worker_id"]}
    if state == "void":
        texts["void_reason"] = words["void_reason"]
        known |= {"voided_at": at(day, MINUTES + 200), "voided_by_id": author}
    number = cases.registry.number("MR", day)
    cases.batch.add(
        ChildrenReport, id=key, station_id=cases.station.id, case_id=case["id"], client_id=person.id, report_no=number, author_id=author,
        state=state if state in ("closed", "void") else "open", situation=source.pick(("unattended", "injuries", "other")), found_at=found,
        reported_at=first, minutes=int((first - found).total_seconds() // 60) if first else None, class_before="minor", version=1, **known,
        **{f"{side}_{what}_on": _day(told, side, what) for side in ("police", "civil") for what in ("told", "answered")},
        **{f"{name}_enc": sealed("children_report", f"{name}_enc", key, text) for name, text in texts.items()},
        **(cases.stamp(case, day, MINUTES + 12) | {"created_by_id": author}),
    )  # fmt: skip
    for row in told:
        cases.batch.add(ChildrenTold, **{name: value for name, value in row.items() if name != "side"})
    _steps(cases, case, person, day, state, number)


def _told(cases: Any, case: Row, report: Any, author: Any, day: date, state: str) -> list[Row]:
    """Who was told: nobody yet, or police and civil affairs and the head, with the answers that have come."""
    source, words = cases.source, cases.words(case)
    if state == "new":
        return []
    found = []
    for whom, side, after, waits in (("police_110", "police", 14, 1), ("head", "", 18, None), ("civil_affairs", "civil", 55, 3)):
        key = source.key(at(day, MINUTES + after))
        row: Row = {
            "id": key, "side": side, "report_id": report, "author_id": author, "whom": whom, "told_at": at(day, MINUTES + after), "how": "phone",
            "name_enc": sealed("children_told", "name_enc", key, source.pick(words["taken_by"])) if side else None, "version": 1,
            **(cases.stamp(case, day, MINUTES + after) | {"created_by_id": author}),
        }  # fmt: skip
        if side == "police" or state in ("answered", "outcome", "closed"):
            row["receipt_enc"] = (
                sealed("children_told", "receipt_enc", key, f"JS{day:%m%d}{source.between(10, 99)}") if side else None
            )
        if waits and (state in ("answered", "outcome", "closed") or (state == "police" and side == "police")):
            row |= {"answer": "accepted", "answered_on": day + timedelta(days=waits)}
            row["answer_note_enc"] = sealed("children_told", "answer_note_enc", key, source.pick(words["answer_note"]))
        found.append(row)
    return found


def _day(told: list[Row], side: str, what: str) -> date | None:
    """The first day of one side."""
    if what == "answered":
        return min((row["answered_on"] for row in told if row["side"] == side and "answered_on" in row), default=None)
    return next((row["told_at"].date() for row in told if row["side"] == side), None)


def _steps(cases: Any, case: Row, person: Any, day: date, state: str, number: str) -> None:
    """What the case's story tells, and the head's task."""
    source, place = cases.source, {"station_path": case["station_path"], "klass": case["klass"], "file_id": case["id"]}
    steps = [("harm_reported", day, MINUTES + 13)]
    if state == "closed":
        steps.append(("harm_report_closed", day + timedelta(days=12), 600))
    if state == "void":
        steps.append(("harm_report_void", day, MINUTES + 200))
    for step, on, minutes in steps:
        cases.batch.add(
            c.CaseEvent, id=source.key(at(on, minutes)), case_id=case["id"], step=step, happened_on=on, at=at(on, minutes),
            by_id=None, facts={"report": number}, **place,
        )  # fmt: skip
    is_open = state in ("new", "told")
    cases.batch.add(
        c.Task, id=source.key(at(day, MINUTES + 14)), kind="harm_report", client_id=person.id, case_id=case["id"], for_role="station_head",
        due_on=day, state="open" if is_open else "done", ended_at=None if is_open else at(day, MINUTES + 40),
        ended_by_id=None if is_open else cases.station.head, **cases.stamp(case, day, MINUTES + 14),
    )  # fmt: skip
