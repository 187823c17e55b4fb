"""The typed part of an elderly case, at intake and later."""

from marshmallow import fields

from caseapp.schemas.base import Text
from caseapp.schemas.details.base import DetailSchema
from caseapp.schemas.values import optional_code


class ElderlySchema(DetailSchema):
    """What the worker knows of an old person's situation; everything optional."""

    lives_alone = fields.Boolean(allow_none=True)
    main_carer = optional_code("main_carer")
    carer_contact_every = optional_code("carer_contact")
    has_keyholder = fields.Boolean(allow_none=True)
    heating = optional_code("heating")
    medicines = Text(allow_none=True, most=1000)
    needs = Text(allow_none=True)
    strengths = Text(allow_none=True)
