"""Input of a list taken out as a file: which list, with which filters, in which format, what for."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line
from caseapp.schemas.trust.filters import LISTS, LONGEST, chosen_in
from caseapp.schemas.values import Coded, optional_code

FORMATS = ("xlsx", "csv")


@dataclass(frozen=True)
class ExportList:
    """One list; restricted files are left out unless they are asked for."""

    listing: str
    format: str
    purpose: str
    query: str | None = None
    domain: str | None = None
    restricted: bool = False


def wanted_in(command: ExportList) -> Any:
    """The filter of the list itself, as its schema reads it."""
    schema = LISTS[command.listing]()
    given = chosen_in(command.listing, dict(parse_qsl(command.query or "")), passing=True)
    return schema.load(given | ({"domain": command.domain} if command.domain and "domain" in schema.fields else {}))


class ExportListSchema(CommandSchema):
    """Loads to ExportList."""

    makes = ExportList
    listing = fields.String(required=True, validate=validate.OneOf(sorted(LISTS)))
    format = fields.String(required=True, validate=validate.OneOf(FORMATS))
    purpose = Coded("list_purpose", required=True)
    query = Line(most=LONGEST, load_default=None, allow_none=True)
    domain = optional_code("domain")
    restricted = fields.Boolean(load_default=False)

    @validates_schema(skip_on_field_errors=True)
    def _known(self, data: dict[str, Any], **_more: Any) -> None:
        try:
            chosen_in(data["listing"], dict(parse_qsl(data["query"] or "")), passing=True)
        except ValidationError:
            raise ValidationError(
                _l("The list does not know these filters. Go back to it and choose again."), "purpose"
            ) from None
