"""Filters of the client list, the search, and a person as it goes out: numbers masked, restricted tags absent."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from caseapp import reference
from caseapp.core.masking import mask_number, mask_phone
from caseapp.schemas.base import Code, CommandSchema, Line
from caseapp.schemas.values import Coded, Day, DivisionCode, optional_code

ORDERS = ("name", "due")


@dataclass(frozen=True)
class ClientFilter:
    """Which persons, in which order."""

    state: str = "on_file"
    order: str = "name"
    village: str | None = None
    tag: str | None = None
    worker: UUID | None = None
    risk: str | None = None
    due_before: date | None = None


@dataclass(frozen=True)
class Search:
    """What somebody typed to find a person."""

    q: str


class ClientFilterSchema(CommandSchema):
    """Loads to ClientFilter."""

    makes = ClientFilter
    state = Coded("client_state", load_default="on_file")
    order = fields.String(load_default="name", validate=validate.OneOf(ORDERS))
    village = DivisionCode()
    tag = Code(10, load_default=None, allow_none=True)
    worker = fields.UUID(load_default=None, allow_none=True)
    risk = optional_code("risk")
    due_before = Day(past=False, load_default=None, allow_none=True)


class SearchSchema(CommandSchema):
    """Loads to Search."""

    makes = Search
    q = Line(required=True, most=60)


class AskedAcross(fields.String):
    """After saving: whether other stations were asked by number; what came of it is told to the head only."""

    def __init__(self) -> None:
        words = "After saving: whether other stations were asked by number. What came of it is told to the head only."
        super().__init__(required=True, allow_none=True, metadata={"enum": ["asked", "limit", None], "description": words})


class DocumentOut(Schema):
    """A document; the number is masked."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    number = fields.Function(lambda row: mask_number(row.number), metadata={"type": "string", "description": "masked"})
    valid_to = fields.Date(allow_none=True, required=True)
    voided_at = fields.AwareDateTime(allow_none=True, required=True)
    warnings = fields.Function(
        lambda row: list(reference.document_warnings(row.kind, row.number)),
        metadata={"type": "array", "items": {"type": "string"}, "description": "What is odd about it and blocks nothing."},
    )
    asked_across = AskedAcross()


class ContactOut(Schema):
    """A contact; the phone is masked."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    name = fields.String(allow_none=True, required=True)
    relation = fields.String(allow_none=True, required=True)
    phone = fields.Function(
        lambda row: mask_phone(row.phone) if row.phone else None, metadata={"type": ["string", "null"], "description": "masked"}
    )
    is_emergency = fields.Boolean(required=True)


class TagOut(Schema):
    """A target group of the person, or of a restricted case."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    status = fields.String(required=True)
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True, allow_none=True)
    verified_on = fields.Date(required=True, allow_none=True)
    basis = fields.String(required=True, allow_none=True)
    ended_reason = fields.String(required=True, allow_none=True)
    data_class = fields.String(attribute="klass", required=True)


class ClientLineSchema(Schema):
    """A line of a list."""

    id = fields.UUID(required=True)
    file_no = fields.String(required=True)
    name = fields.String(required=True)
    sex = fields.String(required=True)
    birth_on = fields.Date(required=True, allow_none=True)
    birth_precision = fields.String(required=True)
    state = fields.String(required=True)
    risk = fields.String(required=True)
    residence_code = fields.String(required=True, allow_none=True)
    worker_id = fields.UUID(required=True, allow_none=True)
    station_id = fields.UUID(required=True)
    next_visit_on = fields.Date(required=True, allow_none=True)
    last_visit_on = fields.Date(required=True, allow_none=True)
    data_class = fields.String(attribute="klass", required=True)
    version = fields.Integer(required=True)


class ClientSchema(ClientLineSchema):
    """A person's file."""

    other_names = fields.String(required=True, allow_none=True)
    is_unidentified = fields.Boolean(required=True)
    ethnic = fields.String(required=True, allow_none=True)
    education = fields.String(required=True, allow_none=True)
    marital = fields.String(required=True, allow_none=True)
    registration = fields.String(required=True, allow_none=True)
    registered_code = fields.String(required=True, allow_none=True)
    registration_residence = fields.String(required=True, allow_none=True)
    living = fields.String(required=True, allow_none=True)
    self_care = fields.String(required=True, allow_none=True)
    health = fields.String(required=True, allow_none=True)
    disability = fields.String(required=True, allow_none=True)
    disability_grade = fields.String(required=True, allow_none=True)
    income_source = fields.String(required=True, allow_none=True)
    benefits = fields.List(fields.String(), required=True, allow_none=True)
    household_id = fields.UUID(required=True, allow_none=True)
    deceased_on = fields.Date(required=True, allow_none=True)
    documents = fields.List(fields.Nested(DocumentOut), required=True)
    contacts = fields.List(fields.Nested(ContactOut), required=True)
    tags = fields.List(fields.Nested(TagOut), required=True)


class FoundSchema(Schema):
    """Answers to a search."""

    items = fields.List(fields.Nested(ClientLineSchema), required=True)


def lines(rows: list[Any]) -> list[dict[str, Any]]:
    """Rows as list lines."""
    found: list[dict[str, Any]] = ClientLineSchema(many=True).dump(rows)
    return found
