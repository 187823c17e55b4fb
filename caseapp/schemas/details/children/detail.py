"""The typed part of a children's case, at intake and later."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import Line, Text, WholeInt
from caseapp.schemas.details.base import DetailSchema
from caseapp.schemas.values import Day, optional_code


class ChildrenSchema(DetailSchema):
    """What the worker knows of a child's situation; everything optional."""

    father_state = optional_code("children_parent_state")
    father_since = Day(load_default=None, allow_none=True)
    father_where = Line(allow_none=True, most=120)
    father_contact = optional_code("children_parent_contact")
    mother_state = optional_code("children_parent_state")
    mother_since = Day(load_default=None, allow_none=True)
    mother_where = Line(allow_none=True, most=120)
    mother_contact = optional_code("children_parent_contact")
    guardian = optional_code("children_guardian")
    guardian_name = Line(allow_none=True, most=60)
    carer = optional_code("children_carer")
    carer_name = Line(allow_none=True, most=60)
    carer_age = WholeInt(allow_none=True, validate=validate.Range(0, 130, error=_l("Please check the age.")))
    carer_note = Text(allow_none=True, most=1000)
    school = optional_code("children_school")
    school_name = Line(allow_none=True, most=80)
    grade = Line(allow_none=True, most=20)
    boarding = fields.Boolean(allow_none=True)
    attendance = optional_code("children_attendance")
    hukou = optional_code("children_hukou")
    health_note = Text(allow_none=True, most=1000)
    own_view = Text(allow_none=True, most=2000)
    own_view_on = Day(load_default=None, allow_none=True)
    needs = Text(allow_none=True)
    strengths = Text(allow_none=True)

    @validates_schema
    def _day_of_the_view(self, data: dict[str, Any], **_more: Any) -> None:
        if data.get("own_view_on") and "own_view" in data and not data["own_view"]:
            raise ValidationError(_l("Write down what the child said."), "own_view")
