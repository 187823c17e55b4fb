"""The form of a release."""

from wtforms import StringField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Choice
from caseapp.schemas.statistics.release import MakeReleaseSchema


class MakeReleaseForm(CommandForm):
    """Which quarter, and why."""

    schema = MakeReleaseSchema
    period = Choice(_l("Quarter"))
    reason = StringField(_l("Reason"))
