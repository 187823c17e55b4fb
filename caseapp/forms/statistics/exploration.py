"""The form of a question of the exploration with noise."""

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Choice
from caseapp.schemas.statistics.exploration import AskSchema


class AskForm(CommandForm):
    """Which quarter, what, and where."""

    schema = AskSchema
    period = Choice(_l("Quarter"))
    question = Choice(_l("What is counted, and by what"))
    area = Choice(_l("Area"))
