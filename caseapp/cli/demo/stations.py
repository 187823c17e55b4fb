"""One station after the other: people, cases, visits, tasks, due dates and trail, written in pieces of bounded size."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from caseapp.cli.demo.batch import Batch
from caseapp.cli.demo.cases import LIVE_STAGES, Cases, Wish, draw, next_step
from caseapp.cli.demo.due import settle
from caseapp.cli.demo.names import phone
from caseapp.cli.demo.people import Person, Registry
from caseapp.cli.demo.places import Place
from caseapp.cli.demo.source import Source, at, pool, sealed
from caseapp.cli.demo.story import stories
from caseapp.cli.demo.trail import Trail
from caseapp.cli.demo.visits import Visits
from caseapp.models import casework as c
from caseapp.queries.casework.due import rules_in_force

PIECE = 120  # people written together
ROOM = 8  # people of a household that was told


class Station:
    """Fills one station."""

    def __init__(self, source: Source, station: Place, wanted: int, *, rich: bool) -> None:
        self.source, self.station, self.wanted, self.rich = source, station, wanted, rich
        self.batch = Batch()
        self.registry = Registry(source, self.batch, station)
        self.trail = Trail(source, self.batch, station)
        self.cases = Cases(source, self.batch, self.registry, station)
        self.visits = Visits(source, self.batch, self.trail, station)
        self.rules = rules_in_force()

    def pieces(self) -> Iterator[tuple[Batch, int]]:
        """Batches to be written one after the other, with the number of people in each."""
        self._contacts()
        for story in stories().values():
            if story.station is not None:
                story.station(self)
        there = waiting = 0
        plan = list(self._rich()) if self.rich else []
        while plan or there < self.wanted:  # what is told must be there, however few people were asked for
            told = plan.pop(0) if plan else {}
            count = self._home(told, ROOM if told else self.wanted - there)
            there, waiting = there + count, waiting + count
            if waiting >= PIECE:
                self.trail.write()
                yield self.batch, waiting
                waiting = 0
        self.trail.write()
        self.registry.close()
        yield self.batch, waiting

    def _rich(self) -> Iterator[dict[str, Any]]:
        """What `worker` finds at the own station, whatever the seed: each domain tells its own."""
        for code, story in stories().items():
            if story.rich is not None:
                for told in story.rich(self):
                    yield {"story": code, "worker": self.station.workers[0], **told}

    def _home(self, told: dict[str, Any], room: int) -> int:
        """One household with its case, visits and due dates; returns how many people came on file."""
        source = self.source
        kind = told.get("kind")
        wish: Wish | None = told.get("wish")
        story = stories()[told["story"]] if told else next(iter(stories().values()))
        if wish is None and not told and source.hit(0.42):
            story = stories()[source.weighted({code: one.share for code, one in stories().items()})]
            kind, wish = source.weighted(dict(story.cases)), draw(source)
        home = self.registry.home(room, self._since(wish, told.get("last_met")), kind, told.get("worker"))
        first = home[0]
        first.last_met = told.get("last_met")
        if wish is not None:
            restricted = told.get("restricted", source.hit(story.restricted) and not told)
            household = bool(told.get("household"))
            self.cases.open(first, wish, story, risk=told.get("risk"), restricted=restricted, household=household)
        elif not told and source.hit(0.05):
            self._end(home)
        self.visits.write(home, *_live(wish))
        for person in home:
            settle(person, self.rules)
            self._registered(person)
        if first.case is not None and wish is not None:
            first.case["next_step"], first.case["next_step_on"] = next_step(first, wish)
            self._told(first, wish)
        if source.hit(0.07):
            self._task(first)
        return len(home)

    def _since(self, wish: Wish | None, last_met: date | None) -> date:
        """When the people of a household came on file: before their case was found, after the station opened."""
        latest = wish.found if wish else (last_met or self.source.today) - timedelta(days=40 if last_met else 3)
        earliest = max(self.station.opened, latest - timedelta(days=200 if wish else 700))
        return earliest + timedelta(days=self.source.between(0, max((latest - earliest).days, 0)))

    def _end(self, home: list[Person]) -> None:
        """A stay on file that ended: the person moved, went into an institution or died."""
        first = home[0]
        day = self.source.today - timedelta(days=self.source.between(5, 120))
        if len(home) > 1 or day <= first.since:
            return
        reason = self.source.pick(("moved", "deceased", "institution"))
        first.ended, first.row["state"] = day, "ended"
        stay = next(row for row in reversed(self.batch.rows[c.Enrolment]) if row["client_id"] == first.id)
        stay["to_on"], stay["end_reason"] = day, reason
        if reason == "deceased":
            first.row["deceased_on"] = day
        self.trail.done(first.worker, at(day, 900), day, "client.enrolment_ended", [first.id])

    def _registered(self, person: Person) -> None:
        self.trail.done(
            person.worker, at(person.since, 575), person.since, "client.registered", [person.id], _came("client", person.row)
        )

    def _told(self, person: Person, wish: Wish) -> None:
        """The trail of a case: its steps by the worker, its reviews by who decided, now and then the head who read it."""
        case = person.case or {}
        for stage, day in wish.dates.items():
            event = "case.opened" if stage == "intake" else f"case.{stage}"
            self.trail.done(
                person.worker, at(day, 641), day, event, [case["id"]], _came("case", case) if stage == "intake" else None
            )
        for decided_by, decided_at, day, state in self.cases.papers.decided.pop(case["id"], ()):
            self.trail.read(decided_by, decided_at - timedelta(minutes=9), day, "review.opened", [case["id"]])
            self.trail.done(decided_by, decided_at, day, f"review.{state}", [case["id"]])
        if self.source.hit(0.3):
            day = min(wish.found + timedelta(days=20), self.source.today)
            self.trail.read(self.station.head, at(day, 990), day, "case.opened", [case["id"]])

    def _task(self, person: Person) -> None:
        source, case = self.source, person.case
        made = source.today - timedelta(days=source.between(1, 40))
        is_done = source.hit(0.45)
        due_on = made + timedelta(days=source.between(3, 35))
        owner = case if case is not None and case["status"] in LIVE_STAGES else None
        key = source.key(at(made, 930))
        self.batch.add(
            c.Task, id=key, kind=source.pick(("follow_up", "verify_tag", "no_document", "other")), client_id=person.id,
            case_id=owner["id"] if owner else None, user_id=person.worker, due_on=due_on, state="done" if is_done else "open",
            note_enc=sealed("task", "note_enc", key, source.pick(pool("words")["task"])),
            ended_at=at(source.today - timedelta(days=1), 930) if is_done else None, ended_by_id=person.worker if is_done else None,
            created_at=at(made, 930), created_by_id=person.worker, station_path=self.station.path,
            klass=(owner or person.row)["klass"], file_id=(owner or person.row)["id"],
        )  # fmt: skip

    def _contacts(self) -> None:
        """Whom the station calls in its villages."""
        made = at(self.station.opened)
        for code, _name in self.station.villages[:4]:
            key = self.source.key(made)
            name = self.registry.namer.name(self.source.pick("12"), 45, is_korean=False)
            self.batch.add(
                c.VillageContact, id=key, file_id=key, klass="P1", station_path=self.station.path, station_id=self.station.id,
                division_code=code, role=self.source.pick(("cadre", "childrens_director", "grid_member")), name=name,
                phone_enc=sealed("village_contact", "phone_enc", key, phone(self.source)), is_active=True, created_at=made,
                created_by_id=self.station.head, version=1,
            )  # fmt: skip


def _live(wish: Wish | None) -> tuple[date | None, date | None]:
    """Between which days visits belong to the case."""
    if wish is None:
        return None, None
    return wish.dates.get("assessing"), wish.dates.get("closed")


def _came(table: str, row: dict[str, Any]) -> list[dict[str, Any]]:
    number = "file_no" if table == "client" else "case_no"
    return [{"table": table, "row": str(row["id"]), "op": "insert", "fields": {number: [None, row[number]]}}]
