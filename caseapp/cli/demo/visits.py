"""Eighteen months of visits with a believable pattern: as often as the rules ask, now and then late, missed or in vain."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from caseapp.cli.demo.batch import Batch
from caseapp.cli.demo.people import Person
from caseapp.cli.demo.places import Place
from caseapp.cli.demo.source import Row, Source, at, pool, sealed
from caseapp.cli.demo.story import homes, stories, teller
from caseapp.cli.demo.trail import Trail
from caseapp.models import casework as c
from caseapp.queries.casework.due import rules_in_force
from caseapp.reference import catalogue

MONTHS_BACK = 548
LIVE = ("assessing", "planning", "serving", "evaluating", "closing")
OUTCOMES = {"done": 880, "not_met": 55, "family_only": 30, "in_hospital": 12, "away": 15, "refused": 8}
KINDS = {"home": 78, "phone": 17, "office": 5}
FINDINGS = (
    ("as_usual",),
    ("as_usual",),
    ("as_usual",),
    None,
    ("sleeps_badly",),
    ("forgets_medicine",),
    ("cold_room", "hazard"),
    ("low_mood",),
)


class Visits:
    """Writes the visits of one station."""

    def __init__(self, source: Source, batch: Batch, trail: Trail, station: Place) -> None:
        self.source, self.batch, self.trail, self.station = source, batch, trail, station
        self.version = catalogue().version
        self.rules = rules_in_force()
        self.begin = source.today - timedelta(days=MONTHS_BACK)

    def write(self, home: list[Person], live_from: date | None, live_to: date | None) -> None:
        """Every visit to the people of one household; the case of the first one was live between two days."""
        first = home[0]
        for day, outcome in self._days(first, live_from):
            is_case = first.case is not None and live_from is not None and live_from <= day and (live_to is None or day < live_to)
            seen = [first, *(p for p in home[1:] if day > p.since and (p.row["klass"] == "minor" or self.source.hit(0.8)))]
            self._visit(day, outcome, seen, first.case if is_case else None)

    def _days(self, person: Person, live_from: date | None) -> Iterator[tuple[date, str]]:
        source, today = self.source, self.source.today
        last = min(person.ended or today, today)
        if person.last_met is None and source.hit(0.07):
            last -= timedelta(days=source.between(12, 45))  # forgotten lately: overdue now
        day = max(person.since + timedelta(days=source.between(0, 6)), self.begin + timedelta(days=source.between(0, 25)))
        stop, asked = person.last_met or last, self._asked(person)
        while day < stop or (day == stop and person.last_met is None):
            outcome = source.weighted(OUTCOMES)
            yield max(self._workday(day), person.since), outcome
            if outcome in ("not_met", "refused"):
                day += timedelta(days=source.between(1, 4))
            else:
                after = day + timedelta(days=source.between(*self._rhythm(person, day, live_from, asked)))
                day = (
                    min(after, live_from + timedelta(days=2)) if live_from and day < live_from else after
                )  # a case begins with one
        if person.last_met is not None:
            yield person.last_met, "done"

    def _workday(self, day: date) -> date:
        return day - timedelta(days=1) if day.weekday() == 6 else day

    def _rhythm(self, person: Person, day: date, live_from: date | None, asked: int) -> tuple[int, int]:
        """From how many to how many days until the next visit."""
        case = person.case
        if case is not None and live_from is not None and day >= live_from and case["status"] in LIVE:
            if case["risk"] == "red" and (self.source.today - day).days < 60:
                return (4, 7)
            if case["risk"] in ("red", "orange") or person.plan_days:
                return (10, 15)
        if asked < 60:
            return (max(1, asked * 2 // 3), max(2, asked - 1))
        return (26, 31) if case is not None and case["risk"] == "blue" else homes()[person.kind].rhythm

    def _asked(self, person: Person) -> int:
        """How many days the strictest rule of tags and levels leaves between two visits."""
        held = {*person.tags, *(f"{code}:{level}" for code, level in person.levels.items())}
        return min((rule.longest_days for rule in self.rules if not held.isdisjoint(rule.values)), default=90)

    def _visit(self, day: date, outcome: str, people: list[Person], case: Row | None) -> None:
        source, first = self.source, people[0]
        late = source.hit(0.03)
        minutes = source.between(20, 55) if outcome in ("done", "family_only") else None
        begins = source.between(510, 990)
        written = at(day, begins + 60) if not late else at(min(day + timedelta(days=5), source.today), begins + 60)
        key = source.key(written)
        owners: list[Row] = [case if case is not None else first.row, *(person.row for person in people[1:])]
        strict = next((row for row in owners if row["klass"] == "P3"), None) or next(
            (row for row in owners if row["klass"] == "minor"), owners[0]
        )
        place = {"station_path": self.station.path, "klass": strict["klass"], "file_id": strict["id"]}
        words = self._pool(first, case)
        ways = words.get("visit_kinds", KINDS)
        kind = source.weighted(ways) if outcome not in ("in_hospital", "away", "family_only") else "home"
        note = source.pick(words[_words(outcome, kind)]) if source.hit(0.85) else None
        self.batch.add(
            c.Visit, id=key, station_id=self.station.id, worker_id=first.worker, happened_on=day, kind=kind, minutes=minutes, late=late,
            began_at=CLOCK[begins], division_code=first.row["residence_code"] if kind == "home" else None,
            note_enc=sealed("visit", "note_enc", key, note), created_at=written, created_by_id=first.worker, version=1, **place,
        )  # fmt: skip
        rows: list[Row] = [change("visit", key, happened_on=day.isoformat(), kind=kind, worker_id=str(first.worker))]
        for person, owner in zip(people, owners, strict=True):
            mine = {"station_path": self.station.path, "klass": owner["klass"], "file_id": owner["id"]}
            self._attend(key, day, outcome, person, case if owner is case else None, mine, rows, written)
            if minutes and source.hit(0.75):
                self._serve(key, day, minutes // len(people), person, case if owner is case else None, mine, written)
        self.trail.round(first.worker, day, written, [row["id"] for row in owners], rows)

    @staticmethod
    def _pool(person: Person, case: Row | None) -> dict[str, Any]:
        """The sentences of the case, those of the kind of home over them; outside a case nothing that only a case knows."""
        if case is not None:
            return stories()[case["domain"]].pool(person.kind)
        story = teller(person.kind)
        return story.pool() if story is not None else pool("words")

    def _attend(
        self, visit: Any, day: date, outcome: str, person: Person, case: Row | None, mine: Row, rows: list[Row], written: Any
    ) -> None:
        key = self.source.key(written)
        story = teller(person.kind)
        findings = self.source.pick((story.findings if story is not None else ()) or FINDINGS) if outcome == "done" else None
        self.batch.add(
            c.VisitPerson, id=key, visit_id=visit, client_id=person.id, case_id=case["id"] if case else None, happened_on=day,
            outcome=outcome, findings=list(findings) if findings else None, voided=False, **mine,
        )  # fmt: skip
        rows.append(change("visit_person", key, happened_on=day.isoformat(), outcome=outcome))
        person.visits.append((day, outcome)) if mine["klass"] != "P3" else None
        if case is not None:
            person.case_visits.append((day, outcome))

    def _serve(self, visit: Any, day: date, minutes: int, person: Person, case: Row | None, mine: Row, written: Any) -> None:
        story = stories()[case["domain"]] if case is not None else None
        items = story.pool(person.kind).get("items", story.items) if story is not None else homes()[person.kind].items
        self.batch.add(
            c.ServiceRecord, id=self.source.key(written), station_id=self.station.id, kind="visit", item=self.source.pick(items),
            catalogue_version=self.version, happened_on=day, minutes=minutes, worker_id=person.worker, client_id=person.id,
            case_id=case["id"] if case else None, visit_id=visit, created_at=written, created_by_id=person.worker, **mine,
        )  # fmt: skip


def _words(outcome: str, kind: str) -> str:
    """Which notes fit how a visit went."""
    if outcome == "done":
        return "phone" if kind == "phone" else "note"
    return "no_answer" if outcome == "not_met" and kind == "phone" else outcome


def change(table: str, key: Any, **fields: Any) -> Row:
    """A row that came, as the trail tells it."""
    return {"table": table, "row": str(key), "op": "insert", "fields": {name: [None, value] for name, value in fields.items()}}


def _clock() -> dict[int, Any]:
    from datetime import time

    return {minute: time(minute // 60, minute % 60) for minute in range(24 * 60)}


CLOCK = _clock()
