"""The base of every input schema: unknown members refused, text cleaned, a frozen command made.

Validity lives here and only here; WTForms render it, the API uses it as it is.
"""

import re
from dataclasses import fields as fields_of
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from caseapp.core import hygiene
from caseapp.core.text import _l

# One clear sentence where marshmallow has its own English words for developers.
fields.Field.default_error_messages.update(
    required=_l("Please fill this in."),
    null=_l("Please fill this in."),
    validator_failed=_l("This value cannot be taken."),
)
fields.String.default_error_messages.update(invalid=_l("This must be text."), invalid_utf8=_l("This must be text."))
fields.Integer.default_error_messages.update(invalid=_l("This must be a whole number."))
fields.Boolean.default_error_messages.update(invalid=_l("This must be yes or no."))
fields.UUID.default_error_messages.update(invalid_uuid=_l("This is no id."))
fields.List.default_error_messages.update(invalid=_l("This must be a list."))
fields.Date.default_error_messages.update(invalid=_l("Give the day as 2026-11-23."), format=_l("Give the day as 2026-11-23."))
fields.Time.default_error_messages.update(invalid=_l("Give the time as 14:30."), format=_l("Give the time as 14:30."))
fields.Dict.default_error_messages.update(invalid=_l("This must be an object with members."))
fields.Nested.default_error_messages.update(type=_l("This must be an object with members."))
validate.OneOf.default_message = _l("Choose one of the answers offered.")
validate.Length.message_max = _l("At most {max}.")
validate.Length.message_min = _l("At least {min}.")
validate.Length.message_all = _l("At least {min}, at most {max}.")

FIRST_YEAR, LAST_YEAR = 1900, 2200  # nobody means other years, and reckoning with them would overflow


def between(low: int, high: int) -> validate.Range:
    """A number from here to there, with the sentence that says so (marshmallow composes its own in English)."""
    return validate.Range(low, high, error=_l("A number from {min} to {max}."))


class Code(fields.String):
    """A code that is looked up later: letters, digits and few signs, or a pattern, so that no database stumbles over it."""

    def __init__(self, most: int = 20, *, pattern: str | None = None, **more: Any) -> None:
        self.pattern = pattern or f"[A-Za-z0-9_.:-]{{1,{most}}}"
        super().__init__(metadata={"pattern": f"^{self.pattern}$"}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        if not re.fullmatch(self.pattern, text):
            raise ValidationError([_l("Choose one of the answers offered.")])
        return text


class Line(fields.String):
    """One line of text: NFC, trimmed, no control or direction characters; empty becomes None. Length in characters."""

    def __init__(self, *, most: int = 200, **more: Any) -> None:
        super().__init__(metadata={"maxLength": most, **more.pop("metadata", {})}, **more)
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        cleaned = self.clean(text)
        if not cleaned:
            if self.required:
                raise ValidationError([_l("Please fill this in.")])
            return None
        if len(cleaned) > self.most:
            raise ValidationError(_l("At most %(most)s characters; there are %(count)s.", most=self.most, count=len(cleaned)))
        return cleaned

    def clean(self, text: str) -> str:
        """What hygiene makes of it."""
        return hygiene.clean_line(text)


class Text(Line):
    """Several lines of text."""

    def __init__(self, *, most: int = 5000, **more: Any) -> None:
        super().__init__(most=most, **more)

    def clean(self, text: str) -> str:
        """Keeps line breaks."""
        return hygiene.clean_text(text)


class WholeInt(fields.Integer):
    """A whole number; 2.0 from JSON is one too, true and "2x" are not."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise self.make_error("invalid", input=value)
        number = super()._deserialize(value, attr, data, **more)
        if number is not None and not -(2**31) < number < 2**31:
            raise self.make_error("invalid", input=value)
        return number


class LocalDay(fields.Date):
    """A date of a year that somebody can mean."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        day = super()._deserialize(value, attr, data, **more)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


class CommandSchema(Schema):
    """Input of one verb; `makes` is the frozen command it loads to. Unknown members are refused."""

    makes: ClassVar[type | None] = None
    error_messages: ClassVar[dict[str, Any]] = {  # type: ignore[misc]  # ours are translated when shown
        "unknown": _l("There is no such member here."),
        "type": _l("This must be an object with members."),
    }

    class Meta:
        """Refuse what we do not know (contract.md section 4)."""

        unknown = RAISE

    @post_load
    def _command(self, data: dict[str, Any], **_more: Any) -> Any:
        if self.makes is None:
            return data
        known = {f.name for f in fields_of(self.makes)}
        return self.makes(**{name: value for name, value in data.items() if name in known})
