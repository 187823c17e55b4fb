"""What the schemas of the matters share: a row sent whole, codes chosen in a list, a local moment to the minute, voiding."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from caseapp.core import clock
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, WholeInt
from caseapp.schemas.values import Coded


@dataclass(frozen=True)
class Keep:
    """The one row of a matter as it shall stand; version 0 where there is none yet."""

    version: int
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Void:
    """Why an entry does not count."""

    reason: str


class KeepSchema(CommandSchema):
    """A subclass adds the members of a row. Loads to Keep: what was left out or emptied is empty."""

    version = WholeInt(required=True)

    @post_load
    def _command(self, data: dict[str, Any], **_more: Any) -> Keep:
        return Keep(data["version"], {name: data.get(name) for name in self.fields if name != "version"})


class VoidSchema(CommandSchema):
    """Loads to Void."""

    makes = Void
    reason = Line(required=True, most=200)


class Moment(fields.String):
    """A local date and time to the minute (2026-11-23T14:05), not ahead; loads to an aware instant."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more).strip()
        if not text and self.allow_none:
            return None
        try:
            there = datetime.strptime(text.replace(" ", "T"), "%Y-%m-%dT%H:%M").replace(tzinfo=clock.SHANGHAI)
        except ValueError as error:
            raise ValidationError([_l("Give day and time as 2026-11-23 14:05.")]) from error
        if there.year < 1900 or there > clock.now():
            raise ValidationError(
                [_l("This time is still to come.") if there > clock.now() else _l("Give day and time as 2026-11-23 14:05.")]
            )
        return there


def some(list_name: str) -> Any:
    """Codes of a list, each once."""
    return fields.List(Coded(list_name), load_default=None, allow_none=True, validate=validate.Length(max=30))


def yes_no() -> fields.Boolean:
    """Yes, no, or not said."""
    return fields.Boolean(load_default=None, allow_none=True)
