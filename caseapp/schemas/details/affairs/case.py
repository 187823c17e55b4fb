"""The typed part of a case of social affairs: which matter, which kind of it; needs and strengths later."""

from typing import Any

from marshmallow import ValidationError, post_load, pre_load, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import Text
from caseapp.schemas.casework.case import EditCase
from caseapp.schemas.details.base import DetailSchema
from caseapp.schemas.values import Coded


def kinds_of(matter: str | None) -> tuple[str, ...]:
    """The kinds of a matter, in their order."""
    return tuple(code.code for code in reference.codes("affairs_kind") if code.facts["matter"] == matter)


class AffairsSchema(DetailSchema):
    """The matter is asked first and stays; its kind is one of that matter, said for itself where there is only one."""

    asked = ("matter",)
    fixed = ("matter", "kind")
    matter = Coded("affairs_matter", allow_none=True)
    kind = Coded("affairs_kind", allow_none=True)
    needs = Text(allow_none=True)
    strengths = Text(allow_none=True)

    @pre_load
    def _only_kind(self, data: Any, **_more: Any) -> Any:
        if not isinstance(data, dict) or data.get("kind"):
            return data
        known = kinds_of(str(data.get("matter")))
        return {**data, "kind": known[0]} if len(known) == 1 else data

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        if "matter" not in self.fields or data.get("matter") is None:
            return
        if data.get("kind") is None:
            raise ValidationError(_l("Say which kind it is."), "kind")
        if data["kind"] not in kinds_of(data["matter"]):
            raise ValidationError(_l("This kind belongs to another matter."), "kind")

    @post_load(pass_original=True)
    def _made(self, data: dict[str, Any], given: Any, **more: Any) -> EditCase:
        kind = {"kind": data["kind"]} if data.get("kind") else {}
        made: EditCase = super()._made(data, {**given, **kind}, **more)
        return made
