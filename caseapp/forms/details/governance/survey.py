"""The form of a needs survey."""

from typing import Any

from wtforms import FieldList, Form, FormField, StringField, TextAreaField
from wtforms.validators import Optional

from caseapp import reference
from caseapp.core.text import _, _l
from caseapp.forms.base import Version, VersionedForm
from caseapp.forms.details.governance.rows import RowsForm
from caseapp.forms.fields import Choice, CodeChoice, CodeTicks, with_blank
from caseapp.models.details.governance import GovernanceSurvey
from caseapp.schemas.details.governance.survey import MOST_FINDINGS, VoidPaperSchema, WriteSurveySchema

PLAIN = ("title", "division_code", "from_on", "to_on", "sample", "population", "report", "version")


class FindingRow(Form):
    """One need."""

    need = StringField(_l("What is needed"))
    item = Choice(_l("Service of the catalogue"))
    said = StringField(_l("How many said so"))
    urgency = CodeChoice(_l("How urgent"), codes="governance_urgency")


class SurveyForm(RowsForm):
    """A whole survey."""

    schema = WriteSurveySchema
    rows = "findings"
    version = Version(validators=[Optional()])
    title = StringField(_l("Title"))
    division_code = Choice(_l("Village or community"))
    from_on = StringField(_l("From"))
    to_on = StringField(_l("Until"))
    methods = CodeTicks(_l("How it was made"), codes="governance_method")
    sample = StringField(_l("Answers that count"))
    population = StringField(_l("Of how many people"))
    report = TextAreaField(_l("Report"))
    findings = FieldList(FormField(FindingRow), min_entries=3, max_entries=MOST_FINDINGS + 2)

    def offer(self, villages: list[tuple[str, str]], domain: str) -> None:
        """Fills in the choices; the domain's own services come first."""
        self.division_code.choices = [("", _("The whole township")), *villages]
        tag = self.language()
        own = reference.catalogue().choices(tag, domain)
        rest = [choice for choice in reference.catalogue().choices(tag) if choice not in own]
        for row in self.findings:
            row.form.item.choices = with_blank([*own, *rest])

    def show(self, row: GovernanceSurvey) -> None:
        """Fills in what is known."""
        for name in PLAIN:
            self[name].process_data(getattr(row, name))
        self.methods.data = list(row.methods or [])
        self.show_rows([_row(found) for found in row.findings])


def _row(found: Any) -> dict[str, Any]:
    return {"need": found.need, "item": found.item, "said": found.said, "urgency": found.urgency}


class VoidPaperForm(VersionedForm):
    """Voids a survey, a request or a meeting."""

    schema = VoidPaperSchema
    reason = StringField(_l("Why it is voided"))
