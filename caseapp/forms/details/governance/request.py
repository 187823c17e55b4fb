"""Forms of residents' requests."""

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, FilterForm, VersionedForm
from caseapp.forms.fields import Choice, CodePicks, CodeTicks, Picks, with_blank
from caseapp.schemas.details.governance.request import (
    AnswerSchema,
    BecomeCaseSchema,
    HandOnSchema,
    MakeRequestSchema,
    RequestFilterSchema,
)


class RequestForm(CommandForm):
    """A new request."""

    schema = MakeRequestSchema
    asked_on = StringField(_l("Asked on"))
    channel = CodePicks(_l("How it came"), codes="governance_channel")
    matters = CodeTicks(_l("Matters it concerns"), codes="governance_matter")
    division_code = Choice(_l("Village or community"))
    what = TextAreaField(_l("What is asked for"))
    client_id = HiddenField()
    contact = StringField(_l("How to answer"))
    due_on = StringField(_l("Answer promised by"))
    worker_id = Choice(_l("Who sees to it"))

    def offer(self, villages: list[tuple[str, str]], workers: list[tuple[str, str]]) -> None:
        """Fills in the choices."""
        self.division_code.choices = with_blank(villages)
        self.worker_id.choices = workers


class HandOnForm(VersionedForm):
    """Handed to somebody."""

    schema = HandOnSchema
    handed_to = CodePicks(_l("Handed to"), codes="governance_handed_to")
    handed_on = StringField(_l("On"))
    handed_note = StringField(_l("To which office, what for"))
    due_on = StringField(_l("Answer promised by"))


class AnswerForm(VersionedForm):
    """Answered."""

    schema = AnswerSchema
    answered_on = StringField(_l("Answered on"))
    answered_how = CodePicks(_l("How"), codes="governance_answered_how")
    outcome = CodePicks(_l("What became of it"), codes="governance_outcome")
    answer = TextAreaField(_l("Words of the answer"))
    satisfied = CodePicks(_l("Is the resident satisfied"), codes="governance_satisfied")


class BecomeCaseForm(VersionedForm):
    """Worked on as a case."""

    schema = BecomeCaseSchema
    about = Picks(_l("The case is about"))
    community_name = StringField(_l("Name of the neighbourhood"))


class RequestFilterForm(FilterForm):
    """Filters of the ledger."""

    schema = RequestFilterSchema
    state = SelectField(_l("State"), validate_choice=False)
    village = SelectField(_l("Village or community"), validate_choice=False)
    worker = SelectField(_l("Who sees to it"), validate_choice=False)
