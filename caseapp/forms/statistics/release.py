"""The forms of a release: the maker's, and the two of the second person."""

from wtforms import BooleanField, PasswordField, StringField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Choice
from caseapp.schemas.statistics.release import ApproveReleaseSchema, DeclineReleaseSchema, MakeReleaseSchema


class MakeReleaseForm(CommandForm):
    """Which quarter or month, why, and whether it is released already and to be corrected."""

    schema = MakeReleaseSchema
    period = Choice(_l("Quarter or month"))
    correct = BooleanField(_l("It is released and is to be corrected"))
    reason = StringField(_l("Reason"))


class ApproveForm(CommandForm):
    """The own password once more."""

    schema = ApproveReleaseSchema
    refused = _l("Not published")
    password = PasswordField(_l("Your password"), render_kw={"autocomplete": "current-password"})


class DeclineForm(CommandForm):
    """Why not."""

    schema = DeclineReleaseSchema
    words = StringField(_l("Why"))
