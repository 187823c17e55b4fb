"""Input of marriage and family: topics, children, the cooling-off period."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import Text
from caseapp.schemas.details.affairs.base import KeepSchema, some, yes_no
from caseapp.schemas.values import Coded, Day, optional_code

ORDINARY = ("MF01", "MF02", "MF03", "MF05")


class FamilySchema(KeepSchema):
    """Loads to Keep. A kind of violence is not chosen here: it restricts the file and has a verb of its own."""

    kind = Coded("affairs_kind", only=ORDINARY, required=True)
    topics = some("affairs_family_topic")
    children_under_18 = yes_no()
    applied_on = Day(load_default=None, allow_none=True)
    cooling_state = optional_code("affairs_cooling_state")
    cooling_ended_on = Day(load_default=None, allow_none=True)
    situation = Text(most=3000, load_default=None, allow_none=True)
    wishes = Text(most=2000, load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _clock(self, data: dict[str, Any], **_more: Any) -> None:
        applied, ended, state = data.get("applied_on"), data.get("cooling_ended_on"), data.get("cooling_state")
        if (ended or state) and applied is None:
            raise ValidationError(_l("Say when the registry took the application."), "applied_on")
        entry = reference.codes("affairs_cooling_state").get(state)
        if entry is not None and entry.facts.get("ends") and ended is None:
            raise ValidationError(_l("Say on which day."), "cooling_ended_on")
        if ended is not None and (entry is None or not entry.facts.get("ends")):
            raise ValidationError(_l("Say what became of the application."), "cooling_state")
        if applied is not None and ended is not None and ended < applied:
            raise ValidationError(_l("This day lies before the application."), "cooling_ended_on")
