"""Forms of one act for several persons: who is ticked, and what is said of all of them."""

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from caseapp import reference
from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Choice, Picks, Ticks, with_blank, words
from caseapp.schemas.casework.client.several import ENDS, AssignSeveralSchema, EndSeveralSchema, TagSeveralSchema, TickedSchema

Named = Sequence[tuple[str, str]]


class TickedForm(CommandForm):
    """The ticks of the list of persons, and the button."""

    schema = TickedSchema
    person = Ticks()
    act = StringField()


class SeveralForm(CommandForm):
    """Who it is for; `shown` says what the reader looked at before saying yes."""

    persons = Ticks(_l("Whom it is for"))
    shown = HiddenField()

    def offer(self, people: Named) -> None:
        """Fills in the choices."""


class AssignSeveralForm(SeveralForm):
    """Another worker for several persons."""

    schema = AssignSeveralSchema
    worker_id = Choice(_l("Responsible worker"))
    reason = TextAreaField(_l("Why it is handed over"))
    with_cases = BooleanField(_l("Their open cases too, where they are the same worker's"), default=True)

    def offer(self, people: Named) -> None:
        """Fills in the colleagues."""
        self.worker_id.choices = with_blank(list(people))


class TagSeveralForm(SeveralForm):
    """One target group for several persons."""

    schema = TagSeveralSchema
    code = Choice(_l("Target group"))
    status = Picks(_l("State"), default="confirmed")
    from_on = StringField(_l("Since"))
    basis = StringField(_l("Basis: certificate, list, observation"))

    def offer(self, people: Named) -> None:
        """Fills in the groups."""
        self.code.choices = with_blank(reference.group_choices(self.language()))
        self.status.choices = words("tag_status", self.language(), ("confirmed", "suspected"))


class EndSeveralForm(SeveralForm):
    """The end of several stays on file."""

    schema = EndSeveralSchema
    reason = Picks(_l("Reason"))
    to_on = StringField(_l("Day"))
    note = StringField(_l("Remarks"))

    def offer(self, people: Named) -> None:
        """Fills in the reasons; a death is said of one person at a time."""
        self.reason.choices = words("enrolment_end", self.language(), ENDS)
