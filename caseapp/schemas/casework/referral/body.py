"""The register of outside bodies."""

from dataclasses import dataclass

from marshmallow import Schema, fields

from caseapp.schemas.base import CommandSchema, Line, WholeInt
from caseapp.schemas.values import Coded


@dataclass(frozen=True)
class WriteBody:
    """An outside body as it is known; `version` is that of the row it changes."""

    kind: str
    name: str
    address: str | None = None
    phone: str | None = None
    contact: str | None = None
    note: str | None = None
    is_active: bool = True
    version: int | None = None


class WriteBodySchema(CommandSchema):
    """Loads to WriteBody."""

    makes = WriteBody
    kind = Coded("body_kind", required=True)
    name = Line(required=True, most=80)
    address = Line(most=160, load_default=None, allow_none=True)
    phone = Line(most=40, load_default=None, allow_none=True)
    contact = Line(most=60, load_default=None, allow_none=True)
    note = Line(most=200, load_default=None, allow_none=True)
    is_active = fields.Boolean(load_default=True)
    version = WholeInt(load_default=None, allow_none=True)


class BodyOut(Schema):
    """An outside body as it goes out."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    contact = fields.String(required=True, allow_none=True)
    is_active = fields.Boolean(required=True)
