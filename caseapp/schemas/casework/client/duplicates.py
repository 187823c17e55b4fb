"""One human in two records: answering another station, joining two records, taking them apart, saying that two are two."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import Code, CommandSchema, WholeInt
from caseapp.schemas.values import Coded


@dataclass(frozen=True)
class AnswerMatch:
    """What a match with another station is."""

    state: str
    version: int


class AnswerMatchSchema(CommandSchema):
    """Loads to AnswerMatch."""

    makes = AnswerMatch
    state = Coded("match_state", only=("not_same", "linked", "referred", "moved"), required=True)
    version = WholeInt(required=True)


@dataclass(frozen=True)
class Pair:
    """The other record of a pair."""

    twin: UUID


class PairSchema(CommandSchema):
    """Loads to Pair."""

    makes = Pair
    twin = fields.UUID(required=True)


@dataclass(frozen=True)
class Merge:
    """Joins `twin` to a record: of which fields the twin's value stays, and the versions both were looked at in."""

    twin: UUID
    version: int
    twin_version: int
    from_twin: tuple[str, ...] = field(default=())
    seen: bool = False


class MergeSchema(CommandSchema):
    """Loads to Merge; that both were compared has to be said."""

    makes = Merge
    twin = fields.UUID(required=True)
    version = WholeInt(required=True)
    twin_version = WholeInt(required=True)
    from_twin = fields.List(Code(40), load_default=list, validate=validate.Length(max=60))
    seen = fields.Boolean(load_default=False)

    @validates_schema
    def _looked(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["seen"]:
            raise ValidationError(_l("Say that you compared both records and that they are one person."), "seen")


class UndoMergeSchema(CommandSchema):
    """Takes nothing: which merge it is stands in the address."""
