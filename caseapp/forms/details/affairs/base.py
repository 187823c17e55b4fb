"""What the forms of the matters share: a row shown and sent whole, and voiding an entry."""

from typing import Any

from wtforms import StringField

from caseapp.core import clock
from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, VersionedForm
from caseapp.schemas.details.affairs.base import VoidSchema


class KeepForm(VersionedForm):
    """The one row of a matter; what was emptied is emptied. Version 0 where nothing was said yet."""

    def show(self, row: Any, **more: Any) -> None:
        """Fills in what is known."""
        self.version.data = row.version if row is not None else 0
        for name, field in self._fields.items():
            if name in more:
                field.process_data(more[name])
            elif row is not None and name != "version" and hasattr(row, name):
                field.process_data(local(getattr(row, name)))

    def values(self) -> dict[str, Any]:
        """Every member of the schema."""
        known = self.schema().fields
        found = {name: field.data for name, field in self._fields.items() if name in known}
        return {name: None if value in ("", []) else value for name, value in found.items()}


class VoidForm(CommandForm):
    """Why an entry does not count."""

    schema = VoidSchema
    reason = StringField(_l("Why it does not count"))


def local(value: Any) -> Any:
    """Days and times as their controls want them."""
    if hasattr(value, "astimezone"):
        return f"{clock.local(value):%Y-%m-%dT%H:%M}"
    return value.isoformat() if hasattr(value, "isoformat") else value
