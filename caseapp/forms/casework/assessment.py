"""The form of an instrument, made from its definition: one row of answers per item, conditions, assessors."""

from functools import cache
from typing import Any, ClassVar

from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from caseapp import reference
from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, Version, VersionedForm
from caseapp.forms.fields import Picks, YesNo, words
from caseapp.schemas.casework.assessment import ConfirmLevelSchema, NoteStepSchema, RecordAssessmentSchema, VoidAssessmentSchema

ASSESSORS = (1, 2)


class InstrumentForm(CommandForm):
    """Fields `item_<code>` and `condition_<code>` are added by `form_for`."""

    schema = RecordAssessmentSchema
    instrument: ClassVar[Any]
    assessed_on = DateField(_l("Day of the assessment"))
    reason = SelectField(_l("Reason of the assessment"))
    assessor_1 = StringField(_l("Assessor"))
    assessor_1_medical = BooleanField(_l("medically trained"))
    assessor_1_trained = BooleanField(_l("trained for this instrument"))
    assessor_2 = StringField(_l("Second assessor"))
    assessor_2_medical = BooleanField(_l("medically trained"))
    assessor_2_trained = BooleanField(_l("trained for this instrument"))
    version = Version(validators=[Optional()])
    finish = IntegerField(validators=[Optional()])  # the value of the button that was pressed; never drawn

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        tag = self.language()
        self.reason.choices = [SelectChoice(*choice) for choice in words("assessment_reason", tag)]
        for group in self.instrument.groups:
            plain = self.instrument.says_words or not group.counts  # a yes that counts nothing shows no number
            for item in group.items:
                field = self[f"item_{item.code}"]
                field.label.text, field.hint = item.label(tag), item.fact("hint", tag)
                field.choices = [
                    SelectChoice(str(o.score), o.short(tag) if plain else f"{o.score} {o.short(tag)}") for o in item.options
                ]
        for condition in self.instrument.conditions:
            self[f"condition_{condition.code}"].label.text = condition.label(tag)

    def values(self) -> dict[str, Any]:
        """Answers and conditions as the schema reads them; what was not touched is left out."""
        found: dict[str, Any] = {"instrument": self.instrument.code, "finish": self.finish.data != 0}
        for name in ("assessed_on", "reason", "version"):
            if self[name].raw_data and self[name].raw_data[0] != "":
                found[name] = self[name].raw_data[0]
        found["answers"] = {
            name[5:]: field.data for name, field in self._fields.items() if name.startswith("item_") and field.data
        }
        found["conditions"] = {
            name[10:]: int(field.data) for name, field in self._fields.items() if name.startswith("condition_") and field.data
        }
        found["assessors"] = [
            {
                "name": self[f"assessor_{n}"].data,
                "medical": bool(self[f"assessor_{n}_medical"].data),
                "trained": bool(self[f"assessor_{n}_trained"].data),
            }
            for n in ASSESSORS
            if self[f"assessor_{n}"].data
        ]
        return found

    def lay(self, messages: dict[str, Any]) -> None:
        """Messages about `answers.A1` or nested answers belong to the field of that item."""
        flat: dict[str, Any] = {}
        for name, said in messages.items():
            part, _dot, code = name.partition(".")
            prefix = {"answers": "item_", "conditions": "condition_"}.get(part)
            if prefix and isinstance(said, dict):
                flat.update({f"{prefix}{inner}": _words(found) for inner, found in said.items()})
            elif prefix and code:
                flat[f"{prefix}{code}"] = said
            elif name == "assessors":
                flat["assessor_1"] = _words(said)
            else:
                flat[name] = said
        super().lay(flat)

    def show(self, row: Any) -> None:
        """Fills in a begun assessment."""
        self.assessed_on.data, self.reason.data, self.version.data = row.assessed_on, row.reason, row.version
        for code, answer in (row.answers or {}).items():
            if f"item_{code}" in self:
                self[f"item_{code}"].data = str(answer)
        for code, value in (row.conditions or {}).items():
            if f"condition_{code}" in self:
                self[f"condition_{code}"].data = value
        for place, who in enumerate(row.assessors or [], start=1):
            if place in ASSESSORS:
                self[f"assessor_{place}"].data = who["name"]
                for fact in ("medical", "trained"):
                    self[f"assessor_{place}_{fact}"].data = who.get(fact, False)


def _words(found: Any) -> list[str]:
    """The innermost messages of nested ones."""
    if isinstance(found, dict):
        return [word for value in found.values() for word in _words(value)]
    return [str(word) for word in found] if isinstance(found, list) else [str(found)]


@cache
def form_for(code: str, version: str) -> type[InstrumentForm]:
    """The form class of one version of an instrument."""
    instrument = reference.instrument(code, version)
    fields: dict[str, Any] = {"instrument": instrument}
    for group in instrument.groups:
        for item in group.items:
            fields[f"item_{item.code}"] = RadioField(choices=[], validate_choice=False)
    for condition in instrument.conditions:
        kind = BooleanField() if condition.kind == "flag" else IntegerField(validators=[Optional()])
        fields[f"condition_{condition.code}"] = kind
    return type("InstrumentForm_" + code, (InstrumentForm,), fields)


class ConfirmLevelForm(VersionedForm):
    """Which level, and why if it is not the computed one."""

    schema = ConfirmLevelSchema
    level = RadioField(_l("Level"), validate_choice=False)
    reason = TextAreaField(_l("Why it differs from the computed level"))

    def offer(self, instrument: Any) -> "ConfirmLevelForm":
        """Sets the levels to choose from."""
        tag = self.language()
        self.level.choices = [SelectChoice(level.code, level.label(tag)) for level in instrument.levels]
        return self


class VoidAssessmentForm(VersionedForm):
    """Why it does not count."""

    schema = VoidAssessmentSchema
    reason = StringField(_l("Why this assessment does not count"))


class NoteStepForm(CommandForm):
    """One step of a protocol: taken now or at a time, or why it could not be."""

    schema = NoteStepSchema
    protocol = Picks()
    step = Picks()
    done = YesNo(_l("Done"))
    at = StringField(_l("Time"))
    happened_on = StringField(_l("Day"))
    note = StringField(_l("Whom or where; or why it could not be done"))
