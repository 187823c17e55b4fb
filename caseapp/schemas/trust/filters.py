"""Input of filters kept by name: which list, which of its filters; judged by the schema of the list itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line
from caseapp.schemas.casework.case import CaseFilterSchema
from caseapp.schemas.casework.client.lists import ClientFilterSchema
from caseapp.schemas.casework.visit.out import DueViewSchema
from caseapp.schemas.statistics.view import CompareViewSchema, DeskViewSchema, TableViewSchema
from caseapp.schemas.values import optional_code

LISTS: dict[str, type[CommandSchema]] = {
    "clients": ClientFilterSchema,
    "cases": CaseFilterSchema,
    "visits": DueViewSchema,
    "figures": CompareViewSchema,
    "desk": DeskViewSchema,
    "table": TableViewSchema,
}
OF_FIGURES = ("figures", "desk", "table")  # views of what is published; the others list persons
PASSING = ("cursor", "day", "month")  # what holds for a moment only
LONGEST = 500


@dataclass(frozen=True)
class SaveFilter:
    """A name for what was chosen on a list; of a domain's list of cases, which domain."""

    listing: str
    name: str
    query: str
    domain: str | None = None


def chosen_in(listing: str, given: Mapping[str, str], *, passing: bool = False) -> dict[str, str]:
    """Of what stands in an address, the filters of a list; those that hold for a moment only on request.

    Raises ValidationError for what the list does not know.
    """
    schema = LISTS[listing]()
    left_out = ("cursor",) if passing else PASSING
    found = {name: value for name, value in given.items() if name in schema.fields and name not in left_out and value}
    if found.get("show") == "day" and not passing:
        del found["show"]
    schema.load(found)
    return found


class SaveFilterSchema(CommandSchema):
    """Loads to SaveFilter."""

    makes = SaveFilter
    listing = fields.String(required=True, validate=validate.OneOf(sorted(LISTS)))
    name = Line(required=True, most=30)
    query = Line(required=True, most=LONGEST)
    domain = optional_code("domain")

    @validates_schema(skip_on_field_errors=True)
    def _known(self, data: dict[str, Any], **_more: Any) -> None:
        try:
            chosen = chosen_in(data["listing"], dict(parse_qsl(data["query"])))
        except ValidationError:
            chosen = {}
        if not chosen:
            raise ValidationError(_l("Choose filters on the list first, then save them."), "name")
