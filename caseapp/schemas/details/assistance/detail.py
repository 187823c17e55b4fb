"""The typed part of an assistance case, at intake and later."""

from marshmallow import fields, validate

from caseapp.schemas.base import Text
from caseapp.schemas.details.base import DetailSchema
from caseapp.schemas.values import Coded, Day, optional_code


class AssistanceSchema(DetailSchema):
    """What kind of hardship, since when, what helped so far, what is missing today; everything optional."""

    matter = optional_code("assistance_matter")
    hardships = fields.List(Coded("assistance_hardship"), allow_none=True, validate=validate.Length(max=12))
    hardship_since = Day(allow_none=True)
    income_rhythm = optional_code("assistance_rhythm")
    help_so_far = Text(allow_none=True, most=2000)
    urgent_needs = fields.List(Coded("assistance_urgent_need"), allow_none=True, validate=validate.Length(max=6))
    needs = Text(allow_none=True)
    strengths = Text(allow_none=True)
