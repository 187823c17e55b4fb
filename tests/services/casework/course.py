"""The course of a case for tests: each verb under its own person, committed as a request would be."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from caseapp import reference
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Review
from caseapp.queries.casework import assessments, cases, clients, plans, reviews
from caseapp.queries.casework import visits as q
from caseapp.schemas.casework.assessment import ConfirmLevel, RecordAssessment
from caseapp.schemas.casework.case import AskClosing, EditCase, OpenCaseSchema, TakeStep
from caseapp.schemas.casework.consent import RecordConsentSchema
from caseapp.schemas.casework.plan import GoalInput, WritePlan
from caseapp.schemas.casework.review import AskReview, Decide
from caseapp.schemas.casework.visit import RecordVisit
from caseapp.services.casework import assessments as assessing
from caseapp.services.casework import closing, consents
from caseapp.services.casework import plans as planning
from caseapp.services.casework import reviews as reviewing
from caseapp.services.casework.cases import open as opening
from caseapp.services.casework.cases import steps
from caseapp.services.casework.visits import record_visit
from tests import rows


@contextmanager
def behind() -> Any:
    """Rows written past the guard, by nobody, while no request runs."""
    db.session.commit()
    with system_session("rows", write=True) as session:
        yield session


def best_answers() -> dict[str, int]:
    """The national instrument at its best."""
    instrument = reference.instrument("gbt42195")
    return {item.code: max(option.score for option in item.options) for item in instrument.items}


@dataclass
class Course:
    """One case of Wang, on file at Riverside; `by` says who does the next thing."""

    as_: Any
    cast: Any
    client_id: Any
    case_id: Any = None

    @classmethod
    def of(cls, as_: Any, cast: Any, **more: Any) -> "Course":
        """A person on file, Bo being responsible unless said otherwise."""
        with behind() as session:
            values = {"worker_id": cast.users["bo"], **more}
            key = rows.client(session, cast, "Riverside", "Wang", **values).id
        return cls(as_, cast, key)

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return cases.one(self.case_id)

    @property
    def client(self) -> Client:
        """The person."""
        return clients.one(self.client_id)

    def open(self, by: str = "bo", **more: Any) -> "Course":
        """A case at intake."""
        given = {"domain": "elderly", "source": "visit", "found_on": clock.today().isoformat(), "risk_reason": "alone", **more}
        if "household_id" not in given:
            given["client_id"] = str(self.client_id)
        actor = self.as_(by)
        self.case_id = opening.open_case(OpenCaseSchema().load(given), actor).id
        db.session.commit()
        return self

    def consent(self, by: str = "bo", **more: Any) -> Any:
        """On paper."""
        actor = self.as_(by)
        given = {"basis": "consent", "signed_on": clock.today().isoformat(), "scopes": ["service"], "paper_place": "box", **more}
        row = consents.record(RecordConsentSchema().load(given), self.client, actor)
        db.session.commit()
        return row

    def take(self, name: str, by: str = "bo", **more: Any) -> "Course":
        """An ordinary step, or closing."""
        actor = self.as_(by)
        command = TakeStep(self.case.version, **more)
        if name == "close":
            closing.close(command, self.case, actor)
        else:
            steps.take(name, command, self.case, actor)
        db.session.commit()
        return self

    def needs(self, by: str = "bo") -> "Course":
        """Written down."""
        actor = self.as_(by)
        steps.edit(EditCase(self.case.version, {"needs": "unsteady at night"}), self.case, actor)
        db.session.commit()
        return self

    def assess(self, by: str = "bo", level: str | None = None, **more: Any) -> Any:
        """A finished and confirmed assessment."""
        actor = self.as_(by)
        command = RecordAssessment("gbt42195", more.pop("on", clock.today()), answers=best_answers(), **more)
        row = assessing.record(command, self.case, actor)
        reason = "seen at home" if level else None
        assessing.confirm(ConfirmLevel(level or row.computed_level, reason, row.version), row, actor)
        db.session.commit()
        return assessments.one(row.id)

    def plan(self, by: str = "bo", agreed: bool = True, **more: Any) -> Any:
        """A plan of one goal, agreed."""
        actor = self.as_(by)
        today = clock.today()
        said = {"agreed_on": today, "agreed_by": "self", "agreed_how": "signed"} if agreed else {}
        values = {"goals": (GoalInput("walks safely", today + timedelta(days=60)),), **said, **more}
        row = planning.write_new(WritePlan(today, **values), self.case, actor)
        db.session.commit()
        return plans.one(row.id)

    def ask(self, kind: str, by: str = "bo") -> Review:
        """For a review."""
        actor = self.as_(by)
        row = reviewing.ask(AskReview(kind), self.case, actor)
        db.session.commit()
        return reviews.one(row.id)

    def decide(self, kind: str, by: str, yes: bool = True) -> Review:
        """The last review of a kind."""
        actor = self.as_(by)
        case = self.case
        row = reviews.latest(self.case_id, kind)
        verb = reviewing.approve if yes else reviewing.send_back
        verb(Decide(row.version, None if yes else "say more"), row, case, actor)
        db.session.commit()
        return row

    def write_closing(self, by: str = "bo", **more: Any) -> "Course":
        """Asks for closing with every goal reached."""
        actor = self.as_(by)
        plan = plans.current(self.case)
        outcomes = {str(goal.id): "reached" for goal in plan.goals} if plan else {}
        given = {"reason": "achieved", "outcomes": outcomes, **more}
        closing.ask(AskClosing(version=self.case.version, **given), self.case, actor)
        db.session.commit()
        return self

    def to(self, status: str) -> "Course":
        """Brings the case to a stage by the ordinary way."""
        way = [
            ("assessing", lambda: self.consent() and self.take("accept")),
            ("planning", lambda: self.needs() and self.assess() and self.take("plan")),
            ("serving", lambda: self.plan() and self.ask("plan") and self.decide("plan", "chen") and self.take("serve")),
            ("evaluating", lambda: self.visited() and self.take("evaluate")),
            ("closing", self.write_closing),
            ("closed", lambda: self.ask("closure") and self.decide("closure", "tao") and self.take("close")),
        ]
        self.open()
        for stage, go in way:
            if self.as_("bo") and self.case.status == status:
                return self
            go()
            assert self.case.status == stage
        return self

    def visited(self, by: str = "bo", **more: Any) -> "Course":
        """A visit of today for the case."""
        actor = self.as_(by)
        values = {"outcome": "done", "happened_on": clock.today(), "case_id": self.case_id, **more}
        record_visit(RecordVisit(**values), q.client(self.client_id), actor)
        db.session.commit()
        return self
