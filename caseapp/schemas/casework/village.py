"""Input of village contacts: who in a village the station calls, and how."""

from dataclasses import dataclass
from typing import ClassVar

from marshmallow import fields

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
