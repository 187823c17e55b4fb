"""Forms of the trail: filters, a person's day, searched words, a part of it as a file."""

from typing import Any

from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, FilterForm
from caseapp.forms.fields import Picks, words
from caseapp.schemas.trust.trail import ExportTrailSchema, SearchedForSchema, SeenOnSchema, TrailFilterSchema

KINDS = [
    SelectChoice("", _l("All kinds")),
    SelectChoice("change", _l("Changes")),
    SelectChoice("read", _l("Reads")),
    SelectChoice("refusal", _l("Refusals")),
    SelectChoice("sign_in", _l("Sign-ins")),
    SelectChoice("event", _l("Events")),
]


class Sought:
    """Kind, user name, file number, days: the list's filters, and what is taken out as a file."""

    kind = SelectField(_l("Kind"), choices=KINDS, validate_choice=False)
    username = StringField(_l("User name"))
    file_no = StringField(_l("File number"))
    from_on = DateField(_l("From"))
    to_on = DateField(_l("To"))


class TrailFilterForm(Sought, FilterForm):
    """The filters of the list."""

    schema = TrailFilterSchema


class SeenOnForm(FilterForm):
    """Whose day."""

    schema = SeenOnSchema
    username = StringField(_l("User name"))
    day = DateField(_l("Day"))


class SearchedForForm(CommandForm):
    """Words that may have been searched for."""

    schema = SearchedForSchema
    q = StringField(_l("Name or number"))


class ExportTrailForm(Sought, CommandForm):
    """The filters, once more to be seen; what for, and the format."""

    schema = ExportTrailSchema
    purpose = Picks(_l("What for"))
    format = Picks(_l("Format"), default="xlsx")

    def begin(self, arguments: Any) -> None:
        """The filters as the list was left."""
        chosen = TrailFilterForm.read(arguments)[1]
        for name, value in vars(chosen).items():
            self[name].data = value

    def offer(self) -> None:
        """Fills in the choices."""
        self.purpose.choices = words("trail_purpose", self.language())
        self.format.choices = [("xlsx", _("Workbook (XLSX)")), ("csv", "CSV")]
