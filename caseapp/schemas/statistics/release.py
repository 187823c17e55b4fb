"""Input of a release: which quarter and why now; the second person's word; how a preparation goes out."""

from dataclasses import dataclass

from marshmallow import Schema, fields

from caseapp.schemas.base import Code, CommandSchema, Line
from caseapp.schemas.organisation.sign_in import Password


@dataclass(frozen=True)
class MakeRelease:
    """Which quarter or month is to be published, with the maker's reason for the trail; whether it corrects what is released."""

    period: str
    reason: str
    correct: bool = False


class MakeReleaseSchema(CommandSchema):
    """Loads to MakeRelease."""

    makes = MakeRelease
    period = Code(pattern="20[0-9]{2}(Q[1-4]|M(0[1-9]|1[0-2]))", required=True)
    reason = Line(required=True, most=200)
    correct = fields.Boolean(
        load_default=False, metadata={"description": "Counts a released quarter once more and publishes what may change of it."}
    )


@dataclass(frozen=True)
class ApproveRelease:
    """The second person's own password once more."""

    password: str


class ApproveReleaseSchema(CommandSchema):
    """Loads to ApproveRelease."""

    makes = ApproveRelease
    password = Password(required=True)


@dataclass(frozen=True)
class DeclineRelease:
    """Why a preparation is refused or taken back."""

    words: str


class DeclineReleaseSchema(CommandSchema):
    """Loads to DeclineRelease."""

    makes = DeclineRelease
    words = Line(required=True, most=300)


class PreparationOut(Schema):
    """A release on its way, or what became of it."""

    id = fields.UUID(required=True)
    period = fields.String(required=True)
    state = fields.String(
        required=True,
        metadata={"description": "waiting, running, ready, failed, cancelled, refused, expired or published."},
    )
    percent = fields.Integer(required=True)
    reason = fields.String(required=True)
    made_by = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    checked_by = fields.String(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)
    cells = fields.Integer(required=True, allow_none=True)
    hidden = fields.Integer(required=True, allow_none=True)
    cells_sha256 = fields.String(required=True, allow_none=True)
    supersedes_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The release that it corrects."})
    release_id = fields.UUID(required=True, allow_none=True)
