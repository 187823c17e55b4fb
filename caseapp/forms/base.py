"""The base of every form: a shell over one schema; the schema judges, the form shows its words at the fields."""

import re
from typing import Any, ClassVar
from uuid import uuid4

from flask_babel import get_locale
from flask_wtf import FlaskForm
from marshmallow import ValidationError
from wtforms import HiddenField, IntegerField
from wtforms.widgets import HiddenInput, Select

from caseapp.core.text import _
from caseapp.schemas.base import CommandSchema

OWN = ("csrf_token", "op_id", "version")
HAN = re.compile(r"[\u3400-\u9fff]")


class NamedSelect(Select):
    """A select whose options say when they are names in Chinese on an English page."""

    @classmethod
    def render_option(cls, choice: Any, **more: Any) -> Any:
        """One option, marked with its language."""
        if HAN.search(str(choice.label)) and str(get_locale() or "zh")[:2] == "en":
            more["lang"] = "zh"
        return super().render_option(choice, **more)


class CommandForm(FlaskForm):  # type: ignore[misc]  # flask-wtf carries no types
    """A form whose `command` is what its schema made of the input.

    `schema` is a CommandSchema class; fields have the schema's names. `op_id` makes a double click one record,
    `version` is the version the form was drawn from. `values()` may be overridden to shape what the schema reads.
    """

    schema: ClassVar[type[CommandSchema]]
    refused: ClassVar[Any] = None  # the title of what was wrong, where "not saved yet" says nothing
    op_id = HiddenField()
    command: Any = None
    is_drawn = False

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        if not self.op_id.data:
            self.op_id.data = str(uuid4())
        for field in self:
            if type(field.widget) is Select:
                field.widget = NamedSelect(field.widget.multiple)

    def hidden_tag(self, *fields: Any) -> Any:
        """The hidden fields; a page that draws them has the whole form."""
        self.is_drawn = True
        return super().hidden_tag(*fields)

    def is_lost(self) -> bool:
        """Whether the form was sent and the page that answers has no more place for it, because the row has changed."""
        return self.is_submitted() and not self.is_drawn

    def values(self) -> dict[str, Any]:
        """What the schema reads: every field of ours that was filled in."""
        known = self.schema().fields
        found = {}
        for name, field in self._fields.items():
            if name in known and field.data not in (None, "", []):
                found[name] = field.data
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """Runs the schema and lays its messages on the fields; what fits no field goes on the form."""
        super().validate(extra_validators)
        self._gather_hidden()
        self.command = None
        try:
            self.command = self.schema().load(self.values())
        except ValidationError as error:
            self.lay(error.normalized_messages())
        return self.command is not None and not any(field.errors for field in self) and not self.form_errors

    def lay(self, messages: dict[str, Any]) -> None:
        """Puts messages at their fields."""
        for name, words in messages.items():
            said = [str(word) for word in (words if isinstance(words, list) else [_flat(words)])]
            field = self._fields.get(name)
            if field is None:
                self.form_errors.extend(said)
            else:
                field.errors = [*field.errors, *said]
        self._gather_hidden()

    def _gather_hidden(self) -> None:
        """What is wrong with a field that nobody sees is said of the whole form."""
        for field in self._fields.values():
            if field.errors and isinstance(field.widget, HiddenInput) and field.name != "csrf_token":
                field.errors = []
                said = _("Part of this form is missing or damaged. Open the page again, then save.")
                if said not in self.form_errors:
                    self.form_errors.append(said)

    def resume(self, kept: Any) -> None:
        """Fills in the kept text of a draft (names to values, as a request's form would hold them)."""
        token = self._fields.pop("csrf_token", None)  # of this page, never of the one that was left
        self.process(formdata=kept)
        if token is not None:
            self._fields["csrf_token"] = token

    def renew(self) -> None:
        """The page is shown again and nothing was carried out: what is sent next is no repetition."""
        self.op_id.data = str(uuid4())

    def language(self) -> str:
        """zh or en, for code lists."""
        return str(get_locale() or "zh")[:2]


class Version(IntegerField):
    """The version of a row, out of sight; drawn as it is now and not as it was sent, so that a stale form can be sent again."""

    widget = HiddenInput()

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class VersionedForm(CommandForm):
    """A form that changes a row and so carries the version it was drawn from."""

    version = Version()

    def drawn_from(self, version: int) -> None:
        """The version it is drawn from now, whatever was sent."""
        self.version.raw_data, self.version.data = None, version


def _flat(words: Any) -> str:
    if isinstance(words, dict):
        return "; ".join(_flat(value) for value in words.values())
    if isinstance(words, list):
        return "; ".join(_flat(value) for value in words)
    return str(words)


def blank() -> tuple[str, str]:
    """The empty choice of a select."""
    return "", _("Please choose")


class FilterForm(CommandForm):
    """Filters of a list: a GET form without token; bad parameters are messages at the field, never an error page."""

    class Meta:
        """A GET form changes nothing and needs no token."""

        csrf = False

    @classmethod
    def read(cls, arguments: Any) -> tuple["FilterForm", Any]:
        """The form drawn from the address, and its command; what is wrong counts as not chosen."""
        form = cls(arguments)
        if not form.validate():
            wrong = {name for name, field in form._fields.items() if field.errors}
            kept = {name: value for name, value in form.values().items() if name not in wrong}
            return form, form.schema().load(kept)
        return form, form.command
