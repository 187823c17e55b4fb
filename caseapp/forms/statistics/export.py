"""The form of an export."""

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.schemas.statistics.export import MakeExportSchema


class MakeExportForm(CommandForm):
    """Format and purpose."""

    schema = MakeExportSchema
    format = RadioField(
        _l("Format"),
        choices=[SelectChoice("xlsx", _l("Excel (XLSX)")), SelectChoice("csv", _l("Text (CSV)"))],
        default="xlsx",
        validate_choice=False,
    )
    purpose = StringField(_l("What it is for"))
