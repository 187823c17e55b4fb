"""The forms of an extract: its order, the second person's two, the download."""

from datetime import date

from wtforms import PasswordField, StringField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Picks, Ticks
from caseapp.reference.extracts import extract_kind
from caseapp.schemas.statistics.extract import ApproveExtractSchema, EndExtractSchema, FetchExtractSchema, OrderExtractSchema

YEARS = 5  # that are offered


class OrderExtractForm(CommandForm):
    """Years, recipient, purpose, what is told, for how long."""

    schema = OrderExtractSchema
    refused = _l("Not weighed")
    years = Ticks(_l("Cases closed in"))
    recipient = Picks(_l("Who gets it"))
    recipient_name = StringField(_l("Name of the recipient"))
    purpose = StringField(_l("What it is for"))
    attributes = Ticks(_l("What is told of each case"))
    sensitive = Ticks(_l("What is asked about: sensitive values"))
    file_days = StringField(_l("Days for which the file can be fetched"), render_kw={"inputmode": "numeric"})

    def offer(self, today: date, language: str) -> None:
        """The years that are over; what the rules allow; the area is always told."""
        kind = extract_kind()
        self.years.choices = [(str(year), str(year)) for year in range(today.year - 1, today.year - 1 - YEARS, -1)]
        self.recipient.choices = [(one.code, one.label(language)) for one in kind.recipients]
        self.attributes.choices = [(one.code, one.label(language)) for one in kind.attributes if not one.required]
        self.sensitive.choices = [(one.code, one.label(language)) for one in kind.sensitive]


class ApproveExtractForm(CommandForm):
    """The own password once more."""

    schema = ApproveExtractSchema
    refused = _l("Not handed out")
    password = PasswordField(_l("Your password"), render_kw={"autocomplete": "current-password"})


class EndExtractForm(CommandForm):
    """Why it is declined, taken back or withdrawn."""

    schema = EndExtractSchema
    words = StringField(_l("Why"))


class FetchExtractForm(CommandForm):
    """What the download is for."""

    schema = FetchExtractSchema
    refused = _l("Not fetched")
    purpose = StringField(_l("What this download is for"))
