"""Filters of the trail, and how an entry goes out."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, LocalDay
from caseapp.schemas.values import Coded

KINDS = ("change", "read", "refusal", "sign_in", "event")


@dataclass(frozen=True)
class TrailFilter:
    """Which entries: kind, user name of who acted, file number, days (Asia/Shanghai, both included)."""

    kind: str | None = None
    username: str | None = None
    file_no: str | None = None
    from_on: date | None = None
    to_on: date | None = None

    def chosen(self) -> dict[str, str]:
        """What was chosen, for addresses and removable chips; file numbers are no personal words."""
        return {name: str(value) for name, value in vars(self).items() if value is not None}


class TrailFilterSchema(CommandSchema):
    """Loads to TrailFilter."""

    makes = TrailFilter
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(KINDS))
    username = Line(load_default=None, allow_none=True, most=60)
    file_no = Line(load_default=None, allow_none=True, most=40)
    from_on = LocalDay(load_default=None, allow_none=True)
    to_on = LocalDay(load_default=None, allow_none=True)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_more: Any) -> None:
        if data.get("from_on") and data.get("to_on") and data["from_on"] > data["to_on"]:
            raise ValidationError(_l("The first day must not be after the last."), "from_on")


@dataclass(frozen=True)
class ExportTrail:
    """A part of the trail as a file: the filters, the format, what it is for."""

    wanted: TrailFilter
    format: str
    purpose: str


class ExportTrailSchema(TrailFilterSchema):
    """Loads to ExportTrail."""

    makes = None  # type: ignore[assignment]
    format = fields.String(required=True, validate=validate.OneOf(("xlsx", "csv")))
    purpose = Coded("trail_purpose", required=True)

    @post_load
    def _made(self, data: dict[str, Any], **_more: Any) -> ExportTrail:
        return ExportTrail(format=data.pop("format"), purpose=data.pop("purpose"), wanted=TrailFilter(**data))


@dataclass(frozen=True)
class SeenOn:
    """Whose day: a user name and a day (Asia/Shanghai)."""

    username: str
    day: date


class SeenOnSchema(CommandSchema):
    """Loads to SeenOn."""

    makes = SeenOn
    username = Line(required=True, most=60)
    day = LocalDay(required=True)


@dataclass(frozen=True)
class SearchedFor:
    """Words that may have been searched for."""

    q: str


class SearchedForSchema(CommandSchema):
    """Loads to SearchedFor."""

    makes = SearchedFor
    q = Line(required=True, most=60)


class TrailEntrySchema(Schema):
    """One entry as the auditor's tools read it: who, when, what, how many persons; the persons as file ids."""

    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    event = fields.String(required=True)
    username = fields.String(allow_none=True)
    role = fields.String(allow_none=True)
    channel = fields.String(required=True)
    endpoint = fields.String(allow_none=True)
    status = fields.Integer(allow_none=True)
    reason = fields.String(allow_none=True)
    fields_shown = fields.List(fields.String(), allow_none=True)
    changes = fields.Raw(allow_none=True)
    in_place_of = fields.List(fields.UUID(), allow_none=True)  # absent colleagues in whose files it was done
    count = fields.Integer(required=True)
    people = fields.List(fields.UUID(), required=True)


def unpacked(people: bytes | None) -> list[UUID]:
    """The file ids of a packed list."""
    return [UUID(bytes=people[i : i + 16]) for i in range(0, len(people or b""), 16)] if people else []
