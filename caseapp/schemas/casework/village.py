"""Input of village contacts: who in a village the station calls, and how."""

from dataclasses import dataclass
from typing import ClassVar

from marshmallow import Schema, fields

from caseapp.core.masking import mask_phone
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, WholeInt
from caseapp.schemas.values import Coded, DivisionCode


@dataclass(frozen=True)
class AddVillageContact:
    """Somebody in a village: which one, as what, and the number."""

    division_code: str
    role: str
    name: str
    phone: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class EditVillageContact(AddVillageContact):
    """The same, put right."""

    version: int = 0


@dataclass(frozen=True)
class SwitchVillageContact:
    """Somebody holds the post no longer, or again."""

    is_active: bool
    version: int


class AddVillageContactSchema(CommandSchema):
    """Loads to AddVillageContact."""

    makes: ClassVar[type | None] = AddVillageContact
    division_code = DivisionCode()
    role = Coded("village_role", required=True, error_messages={"required": _l("Choose one of the answers offered.")})
    name = Line(required=True, most=60)
    phone = Line(most=40, load_default=None, allow_none=True)
    note = Line(most=200, load_default=None, allow_none=True)


class EditVillageContactSchema(AddVillageContactSchema):
    """Loads to EditVillageContact."""

    makes = EditVillageContact
    version = WholeInt(required=True)


class SwitchVillageContactSchema(CommandSchema):
    """Loads to SwitchVillageContact."""

    makes = SwitchVillageContact
    is_active = fields.Boolean(load_default=False)
    version = WholeInt(required=True)


class VillageContactOut(Schema):
    """A village contact as it goes out; the phone is masked."""

    id = fields.UUID(required=True)
    division_code = fields.String(required=True)
    role = fields.String(required=True)
    name = fields.String(required=True)
    phone = fields.Function(
        lambda row: mask_phone(row.phone) if row.phone else None, metadata={"type": ["string", "null"], "description": "masked"}
    )
    note = fields.String(required=True, allow_none=True)
    is_active = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class VillagePhoneOut(Schema):
    """A number in clear."""

    value = fields.String(required=True, allow_none=True)
