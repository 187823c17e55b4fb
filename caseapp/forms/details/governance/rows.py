"""Forms with rows (findings, steps) that work without script; "more rows" is a button of the form."""

from typing import Any, ClassVar

from wtforms import IntegerField
from wtforms.validators import Optional

from caseapp.forms.base import CommandForm
from caseapp.forms.fields import gather_errors


class RowsForm(CommandForm):
    """A form whose field `rows` is a list of small forms, each left out when nothing is said in it."""

    rows: ClassVar[str]
    more = IntegerField(validators=[Optional()])  # the button that asks for more rows; never drawn
    places: list[int]  # which rows were used, so that messages find them

    @property
    def entries(self) -> Any:
        """The rows."""
        return self[self.rows]

    def more_rows(self) -> None:
        """Two more, while there is room."""
        for _n in range(min(2, self.entries.max_entries - len(self.entries))):
            self.entries.append_entry()

    def values(self) -> dict[str, Any]:
        """Only the rows somebody said something in."""
        found = {name: value for name, value in super().values().items() if name != self.rows}
        used = [(place, _said(row.form)) for place, row in enumerate(self.entries) if _said(row.form)]
        self.places = [place for place, _values in used]
        return found | {self.rows: [values for _place, values in used]}

    def lay(self, messages: dict[str, Any]) -> None:
        """Puts messages of rows at the fields of the row they came from."""
        rest = {name: said for name, said in messages.items() if name != self.rows or not isinstance(said, dict)}
        for place, parts in messages.get(self.rows, {}).items() if self.rows not in rest else ():
            row = self.entries[self.places[int(place)]].form
            for part, said in parts.items() if isinstance(parts, dict) else ():
                row[part].errors = [str(word) for word in (said if isinstance(said, list) else [said])]
        gather_errors(self.entries)
        super().lay(rest)

    def validate(self, extra_validators: Any = None) -> bool:
        """As any form; messages in rows count too."""
        fine = super().validate(extra_validators)
        return fine and not any(field.errors for row in self.entries for field in row.form)

    def show_rows(self, stored: list[dict[str, Any]]) -> None:
        """Puts stored rows into the form, and one empty one after them."""
        while len(self.entries) < min(len(stored) + 1, self.entries.max_entries):
            self.entries.append_entry()
        for row, values in zip(self.entries, stored, strict=False):
            for name, value in values.items():
                row.form[name].process_data(value)


def _said(row: Any) -> dict[str, str]:
    return {name: str(field.data) for name, field in row._fields.items() if field.data}
