"""Forms of project sheets, results, partners, and services for a community."""

from wtforms import FieldList, Form, FormField, StringField, TextAreaField
from wtforms.validators import Optional

from caseapp import reference
from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, Version, VersionedForm, blank
from caseapp.forms.details.governance.rows import RowsForm
from caseapp.forms.fields import Choice, CodeChoice, CodePicks, CodeTicks, Ticks, YesNo
from caseapp.models.details.governance import GovernancePartner, GovernanceProject
from caseapp.schemas.details.governance.project import (
    MOST_STEPS,
    DeliverSchema,
    WritePartnerSchema,
    WriteProjectSchema,
    WriteResultSchema,
)

PLAIN = (
    "name",
    "for_whom",
    "starts_on",
    "ends_on",
    "target_times",
    "target_attendances",
    "target_persons",
    "budget",
    "budget_source",
    "budget_note",
    "survey_id",
    "version",
)


class StepRow(Form):
    """One step of the schedule."""

    text = StringField(_l("Step"))
    due_on = StringField(_l("By when"))
    who = StringField(_l("By whom"))
    done_on = StringField(_l("Done on"))


class ProjectForm(RowsForm):
    """The whole sheet."""

    schema = WriteProjectSchema
    rows = "steps"
    version = Version(validators=[Optional()])
    name = StringField(_l("Name of the project"))
    survey_id = Choice(_l("Rests on the survey"))
    for_whom = StringField(_l("For whom"))
    starts_on = StringField(_l("From"))
    ends_on = StringField(_l("Until"))
    target_times = StringField(_l("Times"))
    target_attendances = StringField(_l("Attendances"))
    target_persons = StringField(_l("Persons"))
    budget = StringField(_l("Budget"))
    budget_source = CodeChoice(_l("Where the money comes from"), codes="governance_budget_source")
    budget_note = StringField(_l("What it is for"))
    partner_ids = Ticks(_l("Partners"))
    steps = FieldList(FormField(StepRow), min_entries=3, max_entries=MOST_STEPS + 2)

    def offer(self, surveys: list[tuple[str, str]], partners: list[tuple[str, str]]) -> None:
        """Fills in the choices."""
        self.survey_id.choices = [("", _("No survey")), *surveys]
        self.partner_ids.choices = partners

    def show(self, row: GovernanceProject) -> None:
        """Fills in what is known."""
        for name in PLAIN:
            self[name].process_data(getattr(row, name))
        self.partner_ids.data = list(row.partner_ids or [])
        self.show_rows(row.steps or [])


class ResultForm(VersionedForm):
    """What came of it."""

    schema = WriteResultSchema
    reached = CodePicks(_l("Was the target reached"), codes="governance_reached")
    persons = StringField(_l("Persons reached in all"))
    result = TextAreaField(_l("What changed"))
    lessons = TextAreaField(_l("What is to be done differently"))

    def show(self, row: GovernanceProject) -> None:
        """Fills in what is known."""
        for name in ("reached", "persons", "result", "lessons", "version"):
            self[name].process_data(getattr(row, name))


class DeliverForm(CommandForm):
    """A service for a community."""

    schema = DeliverSchema
    item = Choice(_l("Service of the catalogue"))
    happened_on = StringField(_l("Day"))
    place = StringField(_l("Venue"))
    head_count = StringField(_l("Attendances"))
    persons = StringField(_l("Persons"))
    minutes = StringField(_l("Minutes"))
    case_id = Choice(_l("For which case"))
    parties = CodeTicks(_l("Who took part"), codes="governance_party")
    partner_ids = Ticks(_l("Partners"))
    volunteers = StringField(_l("Volunteers"))
    volunteer_hours = StringField(_l("Their hours together"))
    note = TextAreaField(_l("A few words"))

    def offer(self, domain: str, cases: list[tuple[str, str]], partners: list[tuple[str, str]]) -> None:
        """Fills in the choices; the domain's own services come first."""
        tag = self.language()
        own = reference.catalogue().choices(tag, domain)
        rest = [choice for choice in reference.catalogue().choices(tag) if choice not in own]
        self.item.choices = [blank(), *own, *rest]
        self.case_id.choices = [("", _("For the station, no case")), *cases]
        self.partner_ids.choices = partners


class PartnerForm(CommandForm):
    """An organisation the station works with."""

    schema = WritePartnerSchema
    version = Version(validators=[Optional()])
    name = StringField(_l("Name of the organisation"))
    kind = CodePicks(_l("Kind"), codes="governance_partner_kind")
    offers = StringField(_l("What it brings along"))
    is_active = YesNo(_l("Worked with now"))

    def show(self, row: GovernancePartner) -> None:
        """Fills in what is known."""
        for name in ("name", "kind", "offers", "is_active", "version"):
            self[name].process_data(getattr(row, name))
