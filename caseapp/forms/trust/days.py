"""The form for what an auditor says of a day that stood out."""

from wtforms import StringField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Picks, words
from caseapp.schemas.trust.days import ReviewDaySchema


class ReviewDayForm(CommandForm):
    """What came of it."""

    schema = ReviewDaySchema
    finding = Picks(_l("What came of it"))
    note = StringField(_l("Note"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.finding.choices = words("audit_finding", self.language())
