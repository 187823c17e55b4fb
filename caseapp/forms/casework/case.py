"""Forms of cases: opening, steps, risk, team, closing, filters."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import Optional

from caseapp import reference
from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, FilterForm, VersionedForm
from caseapp.forms.fields import Choice, Picks, Ticks, with_blank, words
from caseapp.schemas.casework.case import (
    AskClosingSchema,
    AssignCaseSchema,
    CaseFilterSchema,
    ChangeRiskSchema,
    DeclineSchema,
    OpenCaseSchema,
    RestrictSchema,
    TakeStepSchema,
)

CHECK_WORDS = {
    "consent": _l("Consent is signed and its paper filed"),
    "assessment": _l("Assessments are complete and confirmed"),
    "plan": _l("Plan and its changes are approved"),
    "visits": _l("Visits and services are all recorded"),
    "own_view": _l("The person was told and asked for a view"),
    "paper_file": _l("Paper documents are in the file"),
}
OF_PERSON = ("consent", "assessment", "own_view")  # what is no part of the file of a community


class OpenCaseForm(CommandForm):
    """Opens a case; the domain comes from the address, what it asks at intake from `opening_form`."""

    schema = OpenCaseSchema
    domain = StringField()
    client_id = StringField()
    household_id = StringField()
    community_code = Choice(_l("Village or community"))
    community_name = StringField(_l("Name of the neighbourhood"))
    urgency = Picks(_l("Urgency"), default="ordinary")
    source = Choice(_l("How the case came"))
    source_detail = StringField(_l("Who passed it on"))
    found_on = StringField(_l("Found on"))
    request = TextAreaField(_l("What is asked for, in the person's own words"))
    case_type = Choice(_l("Kind of case"), default="formal")
    risk = Picks(_l("First impression of the risk"), default="green")
    risk_reason = StringField(_l("Why this risk"))
    restricted = BooleanField(_l("Restricted file: only the assigned worker, the head and persons named on it may open it"))
    restricted_tag = Choice(_l("Target group kept in the restricted file"))
    worker_id = Choice(_l("Responsible worker"))
    asked: Sequence[str] = ()  # of the domain's typed part

    def offer(self, workers: Sequence[tuple[str, str]], villages: Sequence[tuple[str, str]] = ()) -> None:
        """Fills in the choices."""
        self.community_code.choices = with_blank(list(villages))
        if villages:
            self.request.label.text = _("What is asked for, in the residents' own words")
        tag = self.language()
        self.urgency.choices = words("urgency", tag)
        self.source.choices = with_blank(words("case_source", tag))
        self.case_type.choices = words("case_type", tag)
        self.risk.choices = words("risk", tag)
        self.worker_id.choices = list(workers)
        restricted = [(g.code, g.label(tag)) for g in reference.target_groups().values() if g.klass == "P3"]
        self.restricted_tag.choices = with_blank(restricted)

    def values(self) -> dict[str, Any]:
        """What the intake asks stands in `detail`."""
        found = super().values()
        said = {name: self[name].data for name in self.asked if self[name].data not in (None, "", [])}
        return found | ({"detail": said} if said else {})

    def lay(self, messages: dict[str, Any]) -> None:
        """Messages about the typed part belong to its fields."""
        inner = messages.get("detail")
        super().lay(
            {name: words for name, words in messages.items() if name != "detail"} | (inner if isinstance(inner, dict) else {})
        )


def opening_form(detail_form: type[CommandForm], asked: Sequence[str]) -> type[OpenCaseForm]:
    """The opening form of a domain: the shared fields and those of the typed part that its intake asks for."""
    return type("OpeningForm", (OpenCaseForm,), {**{name: getattr(detail_form, name) for name in asked}, "asked": tuple(asked)})


class StepForm(VersionedForm):
    """One step: the day and a note."""

    schema = TakeStepSchema
    happened_on = StringField(_l("Day"))
    note = TextAreaField(_l("Why, in a few words"))


class DeclineForm(VersionedForm):
    """Why a case is not accepted."""

    schema = DeclineSchema
    reason = Picks(_l("Reason"))
    note = TextAreaField(_l("What was done instead"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.reason.choices = words("declined_reason", self.language())


class RiskForm(VersionedForm):
    """Another level of risk."""

    schema = ChangeRiskSchema
    risk = Picks(_l("Risk"))
    risk_reason = StringField(_l("Why this risk"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.risk.choices = words("risk", self.language())


class RestrictForm(VersionedForm):
    """Why a file becomes a restricted one."""

    schema = RestrictSchema
    reason = TextAreaField(_l("Why, in a few words"))


class AssignForm(VersionedForm):
    """Who is responsible and who works along."""

    schema = AssignCaseSchema
    worker_id = Choice(_l("Responsible worker"))
    co_worker_ids = Ticks(_l("Also on the case"))

    def offer(self, workers: Sequence[tuple[str, str]]) -> None:
        """Fills in the choices."""
        self.worker_id.choices = self.co_worker_ids.choices = list(workers)


class ClosingForm(VersionedForm):
    """What the closing rests on; one field for each goal is added by `closing_form`."""

    schema = AskClosingSchema
    reason = Picks(_l("Reason of closing"))
    reason_note = StringField(_l("More about the reason"))
    unsolved = TextAreaField(_l("What stays unsolved"))
    own_view = TextAreaField(_l("What the person says about the service"))
    satisfaction = Choice(_l("How content the person is"))
    follow_up = TextAreaField(_l("What follows after closing"))
    checked = Ticks(_l("Check list of the file"))
    goal_ids: Sequence[str] = ()

    def offer(self, subject: str = "client") -> None:
        """Fills in the choices; of a community only what can be said of one."""
        tag = self.language()
        known = reference.codes("closing_reason")
        reasons = [c.code for c in known if not c.facts.get("without_approval") and not c.is_old]
        if subject == "community":
            reasons = [code for code in reasons if code not in known.having("of_person")]
            self.own_view.label.text = _("What the residents say about the service")
            self.satisfaction.label.text = _("How content the residents are")
        self.reason.choices = words("closing_reason", tag, reasons)
        self.satisfaction.choices = [
            ("", _("not asked")),
            ("5", _("very content")),
            ("4", _("content")),
            ("3", _("so-so")),
            ("2", _("not content")),
            ("1", _("not at all content")),
        ]
        self.checked.choices = [row for row in CHECK_WORDS.items() if subject != "community" or row[0] not in OF_PERSON]
        for goal_id in self.goal_ids:
            self[f"outcome_{goal_id}"].choices = words("goal_outcome", tag)

    def values(self) -> dict[str, Any]:
        """Outcomes by goal."""
        found = super().values()
        said = {goal_id: self[f"outcome_{goal_id}"].data for goal_id in self.goal_ids}
        found["outcomes"] = {goal_id: outcome for goal_id, outcome in said.items() if outcome}
        return found

    def show(self, case: Any) -> None:
        """Fills in what was written before."""
        self.version.data, self.reason.data = case.version, case.closing_reason
        held = case.closing or {}
        for name in ("reason_note", "unsolved", "own_view", "follow_up"):
            self[name].data = held.get(name)
        self.satisfaction.data = str(held["satisfaction"]) if held.get("satisfaction") else ""
        self.checked.data = held.get("checked", [])
        for goal_id in self.goal_ids:
            self[f"outcome_{goal_id}"].data = held.get("outcomes", {}).get(goal_id)


def closing_form(goals: Sequence[Any]) -> type[ClosingForm]:
    """The closing form of a plan: one question for each goal that was not dropped."""
    live = [goal for goal in goals if not goal.dropped]
    asked = {f"outcome_{goal.id}": Picks(goal.text) for goal in live}
    return type("ClosingFormOfPlan", (ClosingForm,), {**asked, "goal_ids": [str(goal.id) for goal in live]})


class CaseFilterForm(FilterForm):
    """Filters of a domain's list."""

    schema = CaseFilterSchema
    domain = Choice(_l("Service domain"))
    status = Choice(_l("Stage"))
    risk = Choice(_l("Risk"))
    worker = Choice(_l("Worker"))
    due_before = StringField(_l("Next step before"))
    live = IntegerField(validators=[Optional()])
