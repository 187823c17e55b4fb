"""The typed part of an assistance case as a form."""

from wtforms import StringField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.details.base import DetailForm
from caseapp.forms.fields import CodePicks, CodeTicks
from caseapp.schemas.details.assistance import AssistanceSchema


class AssistanceForm(DetailForm):
    """F2 and F4 of a family in hardship."""

    schema = AssistanceSchema
    matter = CodePicks(_l("What the case is about"), codes="assistance_matter")
    hardships = CodeTicks(_l("What kind of hardship"), codes="assistance_hardship")
    hardship_since = StringField(_l("Since when"))
    income_rhythm = CodePicks(_l("How the income changes"), codes="assistance_rhythm")
    help_so_far = TextAreaField(_l("Help so far"))
    urgent_needs = CodeTicks(_l("What is missing today"), codes="assistance_urgent_need")
    needs = TextAreaField(_l("Problems and needs"))
    strengths = TextAreaField(_l("Strengths and resources"))
