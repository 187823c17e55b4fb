"""The typed part of an elderly case, at intake and later."""

from typing import Any

from marshmallow import fields, post_load

from caseapp.schemas.base import CommandSchema, Text, WholeInt
from caseapp.schemas.casework.case import EditCase
from caseapp.schemas.values import optional_code


class ElderlySchema(CommandSchema):
    """What the worker knows of an old person's situation; everything optional. Loads to a dict of what was given."""

    lives_alone = fields.Boolean(allow_none=True)
    main_carer = optional_code("main_carer")
    carer_contact_every = optional_code("carer_contact")
    has_keyholder = fields.Boolean(allow_none=True)
    heating = optional_code("heating")
    medicines = Text(allow_none=True, most=1000)
    needs = Text(allow_none=True)
    strengths = Text(allow_none=True)


DETAIL = tuple(ElderlySchema().fields)


class EditElderlySchema(ElderlySchema):
    """The same with the request and the version: loads to EditCase; members left out stay as they are."""

    version = WholeInt(required=True)
    request = Text(allow_none=True, most=3000)

    @post_load(pass_original=True)
    def _made(self, data: dict[str, Any], given: Any, **_more: Any) -> EditCase:
        return EditCase(
            version=data["version"],
            detail={name: data.get(name) for name in DETAIL if name in given},
            changes={"request": data.get("request")} if "request" in given else {},
        )
