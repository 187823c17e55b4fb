"""The base of every input schema: unknown members refused, text cleaned, a frozen command made.

Validity lives here and only here; WTForms render it, the API uses it as it is.
"""

from dataclasses import fields as fields_of
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, post_load

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


class CommandSchema(Schema):
    """Input of one verb; `makes` is the frozen command it loads to. Unknown members are refused."""

    makes: ClassVar[type | None] = None

    class Meta:
        """Refuse what we do not know (contract.md section 4)."""

        unknown = RAISE

    @post_load
    def _command(self, data: dict[str, Any], **_more: Any) -> Any:
        if self.makes is None:
            return data
        known = {f.name for f in fields_of(self.makes)}
        return self.makes(**{name: value for name, value in data.items() if name in known})
