"""Input of a release: which quarter, and why now."""

from dataclasses import dataclass

from caseapp.schemas.base import Code, CommandSchema, Line


@dataclass(frozen=True)
class MakeRelease:
    """Which quarter is published, with the maker's reason for the trail."""

    period: str
    reason: str


class MakeReleaseSchema(CommandSchema):
    """Loads to MakeRelease."""

    makes = MakeRelease
    period = Code(pattern="20[0-9]{2}Q[1-4]", required=True)
    reason = Line(required=True, most=200)
