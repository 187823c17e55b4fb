"""What is added to a person's file later: documents, contacts, target tags; why a minor's file is opened."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from marshmallow import ValidationError, fields

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import Code, CommandSchema, Line
from caseapp.schemas.values import Coded, Day


@dataclass(frozen=True)
class AddTag:
    """A target group of a person: since when, on what basis, whether confirmed."""

    code: str
    from_on: date
    status: str = "confirmed"
    basis: str | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class ConfirmTag:
    """On what basis a suspected group holds."""

    basis: str


@dataclass(frozen=True)
class EndTag:
    """A tag that no longer holds, and why."""

    to_on: date
    reason: str | None = None


@dataclass(frozen=True)
class CancelTag:
    """Why a group never held."""

    reason: str


@dataclass(frozen=True)
class OpenForPurpose:
    """Why somebody opens the file of a minor."""

    purpose: str
    note: str | None = None


@dataclass(frozen=True)
class BreakGlass:
    """The exact number of a restricted file, and why it is opened in an emergency."""

    number: str
    reason: str
    note: str


@dataclass(frozen=True)
class NamePerson:
    """Somebody named on a restricted file until a day."""

    user_id: UUID
    to_on: date | None = None


def open_tag(code: str) -> None:
    """A target group that may stand on a client's page: P3 ones live with a restricted case (contract.md section 5)."""
    group = reference.target_groups().get(code)
    if group is None:
        raise ValidationError([_l("Choose one of the answers offered.")])
    if group.klass == "P3":
        raise ValidationError([_l("This group is recorded in a restricted case, not on the person's page.")])


def closed_tag(code: str) -> None:
    """A target group that may stand in a restricted case only."""
    group = reference.target_groups().get(code)
    if group is None or group.klass != "P3":
        raise ValidationError([_l("Choose one of the answers offered.")])


class AddTagSchema(CommandSchema):
    """Loads to AddTag."""

    makes = AddTag
    code = Code(10, required=True, validate=open_tag)
    from_on = Day(required=True)
    status = Coded("tag_status", only=("suspected", "confirmed"), load_default="confirmed")
    basis = Line(most=120, load_default=None, allow_none=True)
    to_on = Day(past=False, load_default=None, allow_none=True)


class EndTagSchema(CommandSchema):
    """Loads to EndTag."""

    makes = EndTag
    to_on = Day(required=True)
    reason = Line(most=120, load_default=None, allow_none=True)


class ConfirmTagSchema(CommandSchema):
    """Loads to ConfirmTag."""

    makes = ConfirmTag
    basis = Line(most=120, required=True)


class CancelTagSchema(CommandSchema):
    """Loads to CancelTag."""

    makes = CancelTag
    reason = Line(most=120, required=True)


class AddRestrictedTagSchema(AddTagSchema):
    """Loads to AddTag: a group that may stand in a restricted file only."""

    code = Code(10, required=True, validate=closed_tag)


class OpenForPurposeSchema(CommandSchema):
    """Loads to OpenForPurpose."""

    makes = OpenForPurpose
    purpose = Coded("minor_purpose", required=True)
    note = Line(most=200, load_default=None, allow_none=True)


class BreakGlassSchema(CommandSchema):
    """Loads to BreakGlass."""

    makes = BreakGlass
    number = Line(required=True, most=40)
    reason = Coded("glass_reason", required=True)
    note = Line(required=True, most=200)


class NamePersonSchema(CommandSchema):
    """Loads to NamePerson."""

    makes = NamePerson
    user_id = fields.UUID(required=True, error_messages={"invalid_uuid": _l("Choose one of the answers offered.")})
    to_on = Day(past=False, load_default=None, allow_none=True)
