"""The form for taking a list out as a file."""

from wtforms import BooleanField, HiddenField

from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Picks, words
from caseapp.schemas.trust.export import ExportListSchema


class ExportListForm(CommandForm):
    """Format, purpose, and whether restricted files shall be in it."""

    schema = ExportListSchema
    listing = HiddenField()
    domain = HiddenField()
    query = HiddenField()
    purpose = Picks(_l("What for"))
    format = Picks(_l("Format"), default="xlsx")
    restricted = BooleanField(_l("With restricted files"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.purpose.choices = words("list_purpose", self.language())
        self.format.choices = [("xlsx", _("Workbook (XLSX)")), ("csv", "CSV")]
