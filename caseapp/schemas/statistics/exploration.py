"""Input of a question of the exploration with noise, and how its answer goes out."""

from dataclasses import dataclass

from marshmallow import Schema, fields

from caseapp.schemas.base import Code, CommandSchema


@dataclass(frozen=True)
class Ask:
    """One measure by some dimensions of it (none: the total), in one area of a released quarter."""

    period: str
    question: str
    area: str


class AskSchema(CommandSchema):
    """Loads to Ask."""

    makes = Ask
    period = Code(10, required=True)
    question = Code(120, required=True)  # "measure:dimension.dimension", as the list of questions has them
    area = Code(40, required=True)


class AnswerCellOut(Schema):
    """One changed number; `*` where the release does not show its like."""

    dims = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    count = fields.String(required=True)


class AnswerOut(Schema):
    """The answer: changed numbers, the same for ever."""

    id = fields.UUID(required=True)
    period = fields.String(required=True)
    question = fields.String(required=True)
    area = fields.String(required=True)
    noise = fields.String(required=True)
    left = fields.Integer(required=True, metadata={"description": "Questions of this period that are left."})
    cells = fields.List(fields.Nested(AnswerCellOut), required=True)


class QuestionOut(Schema):
    """One thing that may be asked."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    dimensions = fields.List(fields.String(), required=True)
    levels = fields.List(fields.String(), required=True)


class QuestionsOut(Schema):
    """Everything that may be asked."""

    items = fields.List(fields.Nested(QuestionOut), required=True)
