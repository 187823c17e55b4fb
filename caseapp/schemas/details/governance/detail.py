"""The typed part of a case of community governance, at intake and later."""

from marshmallow import fields, validate

from caseapp.schemas.base import Text
from caseapp.schemas.details.base import DetailSchema
from caseapp.schemas.details.governance.parts import count
from caseapp.schemas.values import Coded


class GovernanceSchema(DetailSchema):
    """What it is about, how large the community is, needs and resources; everything optional."""

    matters = fields.List(Coded("governance_matter"), allow_none=True, validate=validate.Length(max=16))
    households = count(1_000_000)
    residents = count(10_000_000)
    needs = Text(allow_none=True)
    strengths = Text(allow_none=True)
