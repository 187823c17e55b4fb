"""Input and output of households, members and relationships."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from caseapp.core import clock
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.values import Coded, DivisionCode, PersonName, optional_code


@dataclass(frozen=True)
class MemberInput:
    """A member: a person on file, or somebody only named."""

    relation_to_head: str
    client_id: UUID | None = None
    name: str | None = None
    sex: str | None = None
    birth_year: int | None = None
    lives_here: bool = True
    whereabouts: str | None = None
    occupation: str | None = None
    deceased: bool = False


@dataclass(frozen=True)
class CreateHousehold:
    """A household with its first members."""

    name: str
    residence_code: str | None = None
    address: str | None = None
    note: str | None = None
    members: tuple[MemberInput, ...] = ()


@dataclass(frozen=True)
class EditHousehold:
    """What is known of a household, put right."""

    name: str
    version: int
    residence_code: str | None = None
    address: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Pair:
    """Two members of one household."""

    from_id: UUID
    to_id: UUID


@dataclass(frozen=True)
class Relate:
    """One member is this to another."""

    from_id: UUID
    to_id: UUID
    kind: str


class MemberSchema(CommandSchema):
    """Loads to MemberInput: on file or named, one of the two."""

    makes = MemberInput
    client_id = fields.UUID(load_default=None, allow_none=True)
    name = PersonName(load_default=None, allow_none=True)
    sex = optional_code("sex")
    birth_year = WholeInt(load_default=None, allow_none=True)
    relation_to_head = optional_code("relation")
    lives_here = fields.Boolean(load_default=True)
    whereabouts = Line(most=120, load_default=None, allow_none=True)
    occupation = Line(most=60, load_default=None, allow_none=True)
    deceased = fields.Boolean(load_default=False)

    @validates_schema
    def _somebody(self, data: dict[str, Any], **_more: Any) -> None:
        if data["client_id"] is None and not data["name"]:
            raise ValidationError(_l("Please give the name."), "name")
        if not data["relation_to_head"]:
            raise ValidationError(_l("Please choose the relation to the head of the household."), "relation_to_head")
        year = data["birth_year"]
        if year is not None and not clock.today().year - 130 <= year <= clock.today().year:
            raise ValidationError(_l("Please check the year of birth."), "birth_year")


class CreateHouseholdSchema(CommandSchema):
    """Loads to CreateHousehold."""

    makes = CreateHousehold
    name = Line(required=True, most=60)
    residence_code = DivisionCode()
    address = Line(most=200, load_default=None, allow_none=True)
    note = Text(most=1000, load_default=None, allow_none=True)
    members = fields.List(fields.Nested(MemberSchema), load_default=list, validate=validate.Length(max=30))


class EditHouseholdSchema(CommandSchema):
    """Loads to EditHousehold."""

    makes = EditHousehold
    name = Line(required=True, most=60)
    residence_code = DivisionCode()
    address = Line(most=200, load_default=None, allow_none=True)
    note = Text(most=1000, load_default=None, allow_none=True)
    version = WholeInt(required=True)


class PairSchema(CommandSchema):
    """Loads to Pair."""

    makes: ClassVar[type | None] = Pair
    from_id = fields.UUID(required=True, error_messages={"invalid_uuid": _l("Choose one of the answers offered.")})
    to_id = fields.UUID(required=True, error_messages={"invalid_uuid": _l("Choose one of the answers offered.")})

    @validates_schema(skip_on_field_errors=True)
    def _two(self, data: dict[str, Any], **_more: Any) -> None:
        if data["from_id"] == data["to_id"]:
            raise ValidationError(_l("Choose two different members."), "to_id")


class RelateSchema(PairSchema):
    """Loads to Relate."""

    makes = Relate
    kind = Coded("relation", required=True)


class MemberOut(Schema):
    """A member as it goes out."""

    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    relation_to_head = fields.String(required=True)
    lives_here = fields.Boolean(required=True)
    deceased = fields.Boolean(required=True)


class HouseholdSchema(Schema):
    """A household as it goes out; members out of scope are absent."""

    id = fields.UUID(required=True)
    household_no = fields.String(required=True)
    name = fields.String(required=True)
    residence_code = fields.String(required=True, allow_none=True)
    station_id = fields.UUID(required=True)
    members = fields.List(fields.Nested(MemberOut), required=True)
    version = fields.Integer(required=True)


class RelationOut(Schema):
    """ "From is <kind> of to", as it goes out."""

    from_id = fields.UUID(required=True)
    to_id = fields.UUID(required=True)
    kind = fields.String(required=True)
