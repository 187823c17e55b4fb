"""Forms of handing over: what goes to whom, the answer, taking back."""

from collections.abc import Sequence
from typing import Any

from wtforms import StringField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Choice, Ticks, with_blank
from caseapp.schemas.casework.handover import AnswerHandoverSchema, HandOverSchema, LinesSchema, UndoHandoverSchema

Named = Sequence[tuple[str, str]]


class HandOverForm(CommandForm):
    """Which persons and cases go to whom, and why."""

    schema = HandOverSchema
    client_ids = Ticks(_l("Persons on file"))
    case_ids = Ticks(_l("Cases"))
    to_id = Choice(_l("Who takes over"))
    told_on = StringField(_l("The people were told on"))
    reason = TextAreaField(_l("Why it is handed over"))

    def offer(self, clients: Named, cases: Named, people: Named) -> None:
        """Fills in the files and the colleagues."""
        self.client_ids.choices, self.case_ids.choices = list(clients), list(cases)
        self.to_id.choices = with_blank(list(people))


class AnswerHandoverForm(CommandForm):
    """The lines that are taken over, or declined by the second button."""

    schema = AnswerHandoverSchema
    item_ids = Ticks(_l("Files to take over"))
    reason = TextAreaField(_l("Remark, or why not"))
    decline = StringField()

    def values(self) -> dict[str, Any]:
        """The button says which answer it is."""
        return super().values() | {"accept": not self.decline.data}


class LinesForm(CommandForm):
    """Lines that are taken back."""

    schema = LinesSchema
    item_ids = Ticks(_l("What still waits"))


class UndoHandoverForm(CommandForm):
    """Takes an order back."""

    schema = UndoHandoverSchema
