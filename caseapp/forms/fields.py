"""Form fields that several forms share: radio buttons and check boxes that leave judging to the schema, code lists as choices."""

from collections.abc import Sequence
from typing import Any

from flask_babel import get_locale
from wtforms import FieldList, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from caseapp import reference
from caseapp.core.text import _, opening
from caseapp.forms.base import blank


class Ticks(SelectMultipleField):
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """The schema judges."""


class Picks(RadioField):
    """One choice as radio buttons; nothing is preselected unless data says so."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, coerce=lambda v: v or "", validate_choice=False, **more)


class Choice(SelectField):
    """One choice of a select; the schema judges."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, coerce=lambda v: str(v) if v is not None else "", validate_choice=False, **more)


class CodeChoice(Choice):
    """A code of a reference list as a select that may be left open."""

    def __init__(self, label: Any = None, *, codes: str, **more: Any) -> None:
        super().__init__(label, **more)
        self.choices = with_blank(words(codes, _tag()))


class CodePicks(Picks):
    """A code of a reference list as radio buttons."""

    def __init__(self, label: Any = None, *, codes: str, **more: Any) -> None:
        super().__init__(label, **more)
        self.choices = words(codes, _tag())


class CodeTicks(Ticks):
    """Codes of a reference list as check boxes."""

    def __init__(self, label: Any = None, *, codes: str, **more: Any) -> None:
        super().__init__(label, **more)
        self.choices = words(codes, _tag())


class YesNo(Picks):
    """Yes or no, or not said; data is a bool before it is shown, "true", "false" or "" after it was sent."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, **more)
        self.choices = [("true", _("yes")), ("false", _("no"))]

    def process_data(self, value: Any) -> None:
        """A bool as its word."""
        super().process_data({True: "true", False: "false"}.get(value, value))


def _tag() -> str:
    return str(get_locale() or "zh")[:2]


def gather_errors(rows: FieldList) -> None:
    """Makes a list of forms know of messages that were laid on its rows after it was validated."""
    rows.errors = [entry.errors for entry in rows.entries if entry.errors]


def words(list_name: str, language: str, codes: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Choices of a code list, or of some of its codes."""
    known = reference.codes(list_name)
    pairs = [(code, known.label(code, language)) for code in codes] if codes else known.choices(language)
    return [(code, opening(word)) for code, word in pairs]


def with_blank(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The choices of a select that may be left open."""
    return [blank(), *choices]
