"""The form of an export."""

from collections.abc import Iterable

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Choice
from caseapp.schemas.statistics.export import MakeExportSchema


class MakeExportForm(CommandForm):
    """Which table or all, format and purpose."""

    schema = MakeExportSchema
    format = RadioField(
        _l("Format"),
        choices=[
            SelectChoice("xlsx", _l("Excel (XLSX)")),
            SelectChoice("csv", _l("Text (CSV)")),
            SelectChoice("json", "JSON"),
            SelectChoice("sdmx", "SDMX-CSV"),
        ],
        default="xlsx",
        validate_choice=False,
    )
    table = Choice(_l("Which table"))
    purpose = StringField(_l("What it is for"))

    def offer(self, tables: Iterable[tuple[str, str]]) -> None:
        """All tables, or one of these."""
        self.table.choices = [("", _("All tables")), *tables]
