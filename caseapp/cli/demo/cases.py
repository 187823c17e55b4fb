"""Cases as they went through the workflow: each stage leaves what its gates ask for, on the day it happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from caseapp import domains, reference
from caseapp.cli.demo.batch import Batch
from caseapp.cli.demo.papers import Papers
from caseapp.cli.demo.people import Person, Registry
from caseapp.cli.demo.places import Place
from caseapp.cli.demo.source import Row, Source, at, sealed
from caseapp.cli.demo.story import Story, stories
from caseapp.models import casework as c
from caseapp.services.casework.cases.next_step import Stand
from caseapp.services.casework.cases.next_step import next_step as step_of

# how often a case stands there; the road to it is what happened before
STATUSES = {
    "intake": 6, "declined": 4, "assessing": 8, "planning": 12, "serving": 42, "evaluating": 5, "closing": 7, "closed": 5,
    "follow_up": 6, "archived": 5,
}  # fmt: skip
ROAD = ("intake", "assessing", "planning", "serving", "evaluating", "closing", "closed", "follow_up", "archived")
STEPS = ("opened", "accept", "plan", "serve", "evaluate", "ask_closing", "close", "follow_up", "archive")
# days from entering a stage to leaving it
SPANS = {
    "intake": (1, 6), "assessing": (5, 16), "planning": (4, 12), "serving": (90, 210), "evaluating": (5, 14), "closing": (4, 11),
    "closed": (20, 40), "follow_up": (120, 190),
}  # fmt: skip
NOW = {"planning": (1, 12), "serving": (10, 260), "intake": (0, 8), "closed": (2, 25), "follow_up": (5, 110), "archived": (1, 60)}
LIVE_STAGES = ROAD[:6]
RISKS = {"green": 55, "blue": 27, "orange": 13, "red": 5}


@dataclass
class Wish:
    """What a case should be, drawn before its person is registered, because the road to it takes time."""

    status: str
    dates: dict[str, date]  # stage → day it was entered
    found: date
    review: str | None = None  # the state in which the last review stands
    told: Mapping[str, Any] = field(default_factory=dict)  # what a story says of this case before anything is drawn


def draw(source: Source, status: str | None = None, review: str | None = None, waited: int | None = None) -> Wish:
    """A status and the days of its road, ending today."""
    status = status or source.weighted(STATUSES)
    stages = ("intake", "declined") if status == "declined" else ROAD[: ROAD.index(status) + 1]
    day = source.today - timedelta(days=waited if waited is not None else source.between(*NOW.get(status, (1, 10))))
    entered = {stages[-1]: day}
    for stage in reversed(stages[:-1]):
        day -= timedelta(days=source.between(*SPANS[stage]))
        entered[stage] = day
    if review is None and status in ("planning", "closing"):
        review = source.pick(("open", "returned", "none", "open"))
    return Wish(status, entered, day, review)


class Cases:
    """Writes the cases of one station."""

    def __init__(self, source: Source, batch: Batch, registry: Registry, station: Place) -> None:
        self.source, self.batch, self.registry, self.station = source, batch, registry, station
        self.papers = Papers(source, batch, station)

    def open(
        self,
        person: Person,
        wish: Wish,
        story: Story,
        *,
        risk: str | None = None,
        restricted: bool = False,
        household: bool = False,
    ) -> Row:
        """One case with everything its status asks for, about a person or, if wished, about the person's household."""
        source, found, key = self.source, wish.found, self.source.key(at(wish.found, 600))
        risk = risk or source.weighted(RISKS)
        closed = wish.dates.get("closed")
        tag = story.restricts.get(person.kind) or (story.restricted_tag if restricted else None)
        klass, words = "P3" if restricted or tag else person.row["klass"], story.pool(person.kind)
        row = self.batch.add(
            c.Case, id=key, file_id=key, station_id=self.station.id, station_path=self.station.path, klass=klass,
            case_no=self.registry.number(domains.get(story.code).number, found), domain=story.code, status=wish.status, case_type="formal", urgency="ordinary",
            client_id=None if household else person.id, household_id=person.row["household_id"] if household else None, worker_id=person.worker, risk=risk, risk_reason=source.pick(words["needs"]),
            source=source.pick(("visit", "village", "self", "family", "hospital")), found_on=found,
            request_enc=sealed("case", "request_enc", key, source.pick(words["request"])),
            holds_restricted=False, opened_on=wish.dates.get("assessing"), stage_since=wish.dates[wish.status], closed_on=closed, reopened=0,
            created_at=at(found, 600), created_by_id=person.worker, version=1,
            declined_reason="advice_enough" if wish.status == "declined" else None,
        )  # fmt: skip
        person.case = row
        if klass != "P3" and wish.status in ROAD[1:6]:
            person.row["risk"] = risk
        if klass in ("P3", "minor"):
            self.registry.admit(person.worker, key, found)
        if tag:
            self.batch.add(
                c.TargetTag, id=source.key(at(found, 605)), client_id=person.id, case_id=key, code=tag, status="confirmed",
                from_on=found, verified_on=found, **self.stamp(row, found),
            )  # fmt: skip
        if story.opened is not None:
            story.opened(self, row, person)
        self._road(row, wish, person)
        self._team(row, person, closed)
        self._content(row, wish, person, story)
        return row

    def words(self, case: Row, kind: str | None = None) -> dict[str, Any]:
        """The sentences of the case's domain."""
        return stories()[case["domain"]].pool(kind)

    def stamp(self, case: Row, day: date, minutes: int = 620) -> Row:
        """Where a row of a case lives, when it was written and by whom."""
        return self.papers.stamp(case, day, minutes)

    def _road(self, case: Row, wish: Wish, person: Person) -> None:
        """One event for each stage entered."""
        before = None
        for stage, day in sorted(wish.dates.items(), key=lambda pair: pair[1]):
            step = "decline" if stage == "declined" else STEPS[ROAD.index(stage)]
            by: UUID = person.worker
            facts = {"source": case["source"], "urgency": "ordinary"} if stage == "intake" else None
            self.batch.add(
                c.CaseEvent, id=self.source.key(at(day, 640)), case_id=case["id"], step=step,
                from_status=before, to_status=stage if before else None, happened_on=day, at=at(day, 640), by_id=by, facts=facts,
                **self._place(case),
            )  # fmt: skip
            before = stage

    def _place(self, case: Row) -> Row:
        return {"station_path": case["station_path"], "klass": case["klass"], "file_id": case["id"]}

    def _team(self, case: Row, person: Person, closed: date | None) -> None:
        self.batch.add(
            c.CaseMember, id=self.source.key(at(case["found_on"], 606)), case_id=case["id"], user_id=person.worker, part="worker",
            from_on=case["found_on"], to_on=closed, ended_by_closing=closed is not None, **self.stamp(case, case["found_on"]),
        )  # fmt: skip

    def _content(self, case: Row, wish: Wish, person: Person, story: Story) -> None:
        """What the domain keeps, plan, reviews and closing, as far as the case has come."""
        dates_ = wish.dates
        if "assessing" not in dates_:
            return
        assessed = None
        if "planning" in dates_ or self.source.hit(0.4):
            end = dates_.get("planning", self.source.today)
            assessed = min(dates_["assessing"] + timedelta(days=self.source.between(2, 5)), end)
        story.content(self, case, person, wish, assessed)
        if "planning" not in dates_:
            return
        plan = self.papers.plan(case, person, wish, story)
        person.review_on = plan["review_on"]
        if "closing" in dates_:
            self.papers.closing(case, person, wish, plan, story)

    def assess(self, case: Row, person: Person, code: str, day: date, answers: dict[str, int], conditions: Any = None) -> str:
        """A complete, confirmed assessment by an instrument; returns its level."""
        return str(self.assessed(case, person, code, day, answers, conditions)["level"])

    def assessed(self, case: Row, person: Person, code: str, day: date, answers: dict[str, int], conditions: Any = None) -> Row:
        """The same, returning the row. A result of class P3 puts the worker on the list of the file, whatever its class."""
        source, instrument = self.source, reference.instrument(code)
        result = reference.score(instrument, answers, conditions or {})
        level, key = str(result.computed_level), source.key(at(day, 650))
        klass = instrument.klass or case["klass"]
        if klass != "P3":
            person.levels[code] = level
            person.level_days[f"{code}:{level}"] = day
        elif case["klass"] == "P3":
            person.shut_levels[f"{code}:{level}"] = day
        else:
            self.hold(case, day)
        due = instrument.review_on(level, day)
        if due is not None and klass == case["klass"]:
            person.reassess_on = min(due, person.reassess_on or due)
        assessors = [
            {"name": self.registry.namer.name("2", 35, is_korean=False), "medical": place == 1, "trained": True}
            for place in range(2 if instrument.wants_assessors else 0)
        ]
        return self.batch.add(
            c.Assessment, id=key, client_id=person.id, case_id=case["id"], instrument=instrument.code,
            instrument_version=instrument.version, reason="first", assessed_on=day, state="complete",
            answers_enc=sealed("assessment", "answers_enc", key, answers),
            conditions_enc=sealed("assessment", "conditions_enc", key, conditions or None),
            total=None if instrument.by_rules else result.total,
            groups=dict(result.groups), computed_level=level, level=level, confirmed_by_id=person.worker, confirmed_at=at(day, 690),
            assessors=assessors, due_on=due, version=1, **self.stamp(case, day, 650) | {"klass": klass},
        )  # fmt: skip

    def hold(self, case: Row, day: date) -> None:
        """Something restricted lies in a file of another class from that day."""
        if not case["holds_restricted"]:
            case["holds_restricted"] = True
            if case["klass"] != "minor":
                self.registry.admit(case["worker_id"], case["id"], day)


class Defaults:
    """The settings as they are where no organisation set any."""

    def __getitem__(self, name: str) -> Any:
        return reference.default(name)


def next_step(person: Person, wish: Wish) -> tuple[str | None, date | None]:
    """What the person's case asks for next, by the product's own rule over what the demo knows."""
    case: Row = person.case or {}
    planned, serving = "planning" in wish.dates, "serving" in wish.dates
    asked = "approved" if serving else {"open": "open", "returned": "returned"}.get(wish.review or "")
    stand = Stand(
        status=case["status"],
        since=case["stage_since"],
        found_on=case["found_on"],
        met_on=max((day for day, _outcome in person.visits), default=None),
        plan=("approved" if serving else "draft") if planned else None,
        plan_look=person.review_on,
        plan_review=asked,
        visit_on=case.get("next_visit_on"),
        reassess_on=person.reassess_on,
        closure=wish.review if "closing" in wish.dates else None,
        closed_on=case["closed_on"],
        by_death=case.get("closing_reason") == "deceased",
    )
    return step_of(stand, Defaults())
