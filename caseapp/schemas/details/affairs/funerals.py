"""Input of a talk about a funeral."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Text
from caseapp.schemas.casework.visit import item_code, minutes
from caseapp.schemas.details.affairs.base import some
from caseapp.schemas.values import Coded, Day, optional_code

KINDS = ("FN01", "FN02", "FN03")
ITEMS = ("E2.1", "E2.2", "E2.3")


@dataclass(frozen=True)
class AdviseFuneral:
    """One talk: with whom, about what, which subsidies were asked about, whether grief is followed up."""

    kind: str
    item: str
    happened_on: date
    client_id: UUID | None = None
    case_id: UUID | None = None
    channel: str | None = None
    minutes: int | None = None
    relation: str | None = None
    subsidies: tuple[str, ...] = ()
    grief: bool = False
    note: str | None = None


class FuneralAdviceSchema(CommandSchema):
    """Loads to AdviseFuneral."""

    makes = AdviseFuneral
    client_id = fields.UUID(load_default=None, allow_none=True)
    case_id = fields.UUID(load_default=None, allow_none=True)
    kind = Coded("affairs_kind", only=KINDS, required=True, error_messages={"required": _l("Say which kind it is.")})
    item = fields.String(load_default="E2.3", validate=item_code)
    happened_on = Day(required=True)
    channel = optional_code("consultation_channel")
    minutes = minutes()
    relation = optional_code("relation")
    subsidies = some("affairs_funeral_subsidy")
    grief = fields.Boolean(load_default=False)
    note = Text(most=2000, load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        if data["item"] not in ITEMS:
            raise ValidationError(_l("Choose a service of the catalogue."), "item")
        if data["grief"] and data["client_id"] is None and data["case_id"] is None:
            raise ValidationError(_l("Only somebody on file can be followed up. Put the person on file first."), "grief")

    @post_load
    def _command(self, data: dict[str, Any], **more: Any) -> Any:
        return super()._command({**data, "subsidies": tuple(data.get("subsidies") or ())}, **more)
