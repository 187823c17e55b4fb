"""The typed part of an elderly case, at intake and later."""

from dataclasses import dataclass

from marshmallow import fields

from caseapp.schemas.base import CommandSchema, Text


@dataclass(frozen=True)
class ElderlyFacts:
    """What the worker knows of an old person's situation; everything optional."""

    lives_alone: bool | None = None
    main_carer: str | None = None
    carer_contact_every: str | None = None
    has_keyholder: bool | None = None
    heating: str | None = None
    medicines: str | None = None
    needs: str | None = None
    strengths: str | None = None


class ElderlySchema(CommandSchema):
    """Loads to ElderlyFacts."""

    makes = ElderlyFacts
    lives_alone = fields.Boolean(load_default=None, allow_none=True)
    main_carer = fields.String(load_default=None, allow_none=True)
    carer_contact_every = fields.String(load_default=None, allow_none=True)
    has_keyholder = fields.Boolean(load_default=None, allow_none=True)
    heating = fields.String(load_default=None, allow_none=True)
    medicines = Text(load_default=None, allow_none=True, most=1000)
    needs = Text(load_default=None, allow_none=True)
    strengths = Text(load_default=None, allow_none=True)
