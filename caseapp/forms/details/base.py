"""The base of the domains' typed parts as forms: a field for each member of the schema, shown from the row, sent whole."""

from typing import Any, ClassVar

from wtforms import TextAreaField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, Version
from caseapp.schemas.details.base import DetailSchema


class DetailForm(CommandForm):
    """What a domain wants to know of a case; a subclass names its schema and a field for each typed member."""

    schema: ClassVar[type[DetailSchema]]
    version = Version()
    request = TextAreaField(_l("What is asked for, in the person's own words"))

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        for name in self.schema.fixed:
            del self[name]

    def show(self, case: Any, detail: Any) -> None:
        """Fills in what is known."""
        self.version.data, self.request.data = case.version, case.request
        for name in self.schema.typed():
            if detail is not None and name in self._fields:
                self._fields[name].process_data(getattr(detail, name))

    def values(self) -> dict[str, Any]:
        """Every field; what was emptied is emptied."""
        known = {"version", "request", *self.schema.typed()}
        found = {name: field.data for name, field in self._fields.items() if name in known}
        return {name: None if value == "" else value for name, value in found.items()}
