"""Input of how far the villages of a station lie."""

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, validate, validates_schema

from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.schemas.base import Code, CommandSchema, WholeInt


@dataclass(frozen=True)
class SetDistances:
    """The whole of it as it shall be from today on."""

    version: int
    far: tuple[str, ...] = ()
    remote: tuple[str, ...] = ()


class SetDistancesSchema(CommandSchema):
    """Loads to SetDistances."""

    makes = SetDistances
    version = WholeInt(required=True)
    far = fields.List(Code(12), load_default=(), validate=validate.Length(max=300))
    remote = fields.List(Code(12), load_default=(), validate=validate.Length(max=300))

    @validates_schema
    def _once(self, data: dict[str, Any], **_more: Any) -> None:
        if set(data["far"]) & set(data["remote"]):
            raise Invalid(_l("A village is ticked as far and as remote. Leave one of the two."), "remote")
