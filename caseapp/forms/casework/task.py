"""The form that ends a task."""

from wtforms import StringField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Picks, words
from caseapp.schemas.casework.task import EndTaskSchema


class EndTaskForm(CommandForm):
    """Done, or could not be done and why."""

    schema = EndTaskSchema
    state = Picks(_l("How it ended"))
    reason = StringField(_l("Why it could not be done"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.state.choices = words("task_state", self.language(), ("done", "undone"))
