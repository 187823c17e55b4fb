"""The form of a bureau's own text in a document."""

from typing import Any

from wtforms import StringField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, Version
from caseapp.schemas.statistics.document import WriteDocumentSchema


class WriteDocumentForm(CommandForm):
    """Number and recipients, then a field for each part; the page draws those of its kind."""

    schema = WriteDocumentSchema
    version = Version()
    number = StringField(_l("Document number"))
    recipients = StringField(_l("Sent to"))
    opening = TextAreaField(_l("Opening"))
    persons = TextAreaField(_l("Persons on file"))
    work = TextAreaField(_l("Services and visits"))
    cases = TextAreaField(_l("Cases"))
    areas = TextAreaField(_l("Across the area"))
    problems = TextAreaField(_l("Problems"))
    plan = TextAreaField(_l("Work of the coming year"))
    progress = TextAreaField(_l("Overall progress"))
    late = TextAreaField(_l("What is late"))
    practice = TextAreaField(_l("Good practice"))
    demands = TextAreaField(_l("What is required"))

    def parts(self, codes: tuple[str, ...]) -> list[Any]:
        """The fields of these parts, in order."""
        return [self[code] for code in codes]
