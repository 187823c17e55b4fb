"""Input of an extract of closed cases: order, answer of a second person, download; and how it goes out."""

from dataclasses import dataclass

from marshmallow import Schema, ValidationError, fields, validate, validates

from caseapp.core.text import _l
from caseapp.reference.extracts import extract_kind
from caseapp.schemas.base import Code, CommandSchema, Line, WholeInt, between

YEAR = "20[0-9]{2}"


@dataclass(frozen=True)
class OrderExtract:
    """Which cases, for whom, what for, what is told, and for how many days the file is there."""

    years: tuple[str, ...]
    recipient: str
    recipient_name: str
    purpose: str
    attributes: tuple[str, ...]
    sensitive: tuple[str, ...]
    file_days: int


@dataclass(frozen=True)
class ApproveExtract:
    """The own password once more."""

    password: str


@dataclass(frozen=True)
class EndExtract:
    """Why it is declined, taken back or withdrawn."""

    words: str


@dataclass(frozen=True)
class FetchExtract:
    """What the download is for."""

    purpose: str


class OrderExtractSchema(CommandSchema):
    """Loads to OrderExtract."""

    makes = OrderExtract
    years = fields.List(Code(pattern=YEAR), required=True, validate=validate.Length(min=1, max=5))
    recipient = Code(12, required=True)
    recipient_name = Line(required=True, most=120)
    purpose = Line(required=True, most=300)
    attributes = fields.List(Code(20), load_default=list, validate=validate.Length(max=20))
    sensitive = fields.List(Code(20), required=True, validate=validate.Length(min=1, max=10))
    file_days = WholeInt(required=True, validate=between(*extract_kind().file_days))

    @validates("recipient")
    def _known_recipient(self, value: str, **_more: object) -> None:
        if value not in {one.code for one in extract_kind().recipients}:
            raise ValidationError([_l("Choose one of the answers offered.")])

    @validates("attributes")
    def _known_attributes(self, value: list[str], **_more: object) -> None:
        if not set(value) <= {one.code for one in extract_kind().attributes}:
            raise ValidationError([_l("Choose one of the answers offered.")])

    @validates("sensitive")
    def _known_sensitive(self, value: list[str], **_more: object) -> None:
        if not set(value) <= {one.code for one in extract_kind().sensitive}:
            raise ValidationError([_l("Choose one of the answers offered.")])


class ApproveExtractSchema(CommandSchema):
    """Loads to ApproveExtract."""

    makes = ApproveExtract
    password = fields.String(required=True, validate=validate.Length(min=1, max=200))


class EndExtractSchema(CommandSchema):
    """Loads to EndExtract."""

    makes = EndExtract
    words = Line(required=True, most=200)


class FetchExtractSchema(CommandSchema):
    """Loads to FetchExtract."""

    makes = FetchExtract
    purpose = Line(required=True, most=200)


class ExtractOut(Schema):
    """One extract; its bytes are fetched on its page."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True)
    rules = fields.String(required=True)
    years = fields.List(fields.String(), required=True)
    recipient = fields.String(required=True)
    recipient_name = fields.String(required=True)
    purpose = fields.String(required=True)
    attributes = fields.List(fields.String(), required=True)
    sensitive = fields.List(fields.String(), required=True)
    made_by = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    levels = fields.Dict(required=True, allow_none=True, metadata={"description": "Number of the level by attribute."})
    report = fields.Dict(
        required=True, allow_none=True, metadata={"description": "Risk and loss, weighed before anything is made."}
    )
    measured = fields.Dict(required=True, allow_none=True, metadata={"description": "Measures of the finished bytes."})
    checked_by = fields.String(required=True, allow_none=True)
    checked_at = fields.AwareDateTime(required=True, allow_none=True)
    expires_on = fields.Date(required=True, allow_none=True)
    rows = fields.Integer(required=True, allow_none=True)
    sha256 = fields.String(required=True, allow_none=True)
