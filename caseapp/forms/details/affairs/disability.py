"""Disability as forms: card and subsidies, and a look at every kind of need."""

from typing import Any

from wtforms import FieldList, Form, FormField, HiddenField, StringField, TextAreaField

from caseapp import reference
from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.details.affairs.base import KeepForm
from caseapp.forms.fields import CodeChoice, CodePicks, CodeTicks, YesNo, gather_errors
from caseapp.schemas.details.affairs.disability import DisabilitySchema, NeedsLookSchema


class DisabilityForm(KeepForm):
    """Kinds, grade, card and the two subsidies."""

    schema = DisabilitySchema
    card_number = StringField(_l("Number of the disability card"))
    card_valid_to = StringField(_l("Card valid until"))
    kinds = CodeTicks(_l("Kinds of disability"), codes="disability_kind")
    grade = CodePicks(_l("Grade"), codes="disability_grade")
    living_subsidy = CodePicks(_l("Living subsidy for disabled people in hardship"), codes="affairs_subsidy_state")
    living_since = StringField(_l("Since"))
    care_subsidy = CodePicks(_l("Nursing subsidy for severely disabled people"), codes="affairs_subsidy_state")
    care_since = StringField(_l("Since"))


class NeedRow(Form):  # type: ignore[misc]  # wtforms carries no types
    """One kind of need."""

    kind = HiddenField()
    wanted = YesNo(_l("Needed"))
    urgency = CodePicks(_l("How urgent"), codes="affairs_need_urgency")
    met_by = CodeChoice(_l("Met by"), codes="affairs_met_by")
    since_on = StringField(_l("Since"))


class NeedsLookForm(CommandForm):
    """Every kind of need on one page; what is not asked stays open."""

    schema = NeedsLookSchema
    looked_on = StringField(_l("Looked at on"))
    needs = FieldList(FormField(NeedRow))
    note = TextAreaField(_l("Remarks"))

    def show(self, last: Any) -> None:
        """A row for each kind, as the last look left it."""
        before = {need.kind: need for need in last.needs} if last is not None else {}
        for code in reference.codes("affairs_need"):
            need = before.get(code.code)
            since = need.since_on.isoformat() if need is not None and need.since_on else ""
            told = {"wanted": need.wanted, "urgency": need.urgency, "met_by": need.met_by, "since_on": since} if need else {}
            self.needs.append_entry({"kind": code.code, **told})

    def values(self) -> dict[str, Any]:
        """The rows that were answered."""
        found = super().values()
        answered = [row.form for row in self.needs if row.form.wanted.data]
        found["needs"] = [{name: field.data or None for name, field in row._fields.items()} for row in answered]
        return found

    def lay(self, messages: dict[str, Any]) -> None:
        """Messages about a kind of need belong to its row."""
        inner = messages.get("needs")
        answered = [row.form for row in self.needs if row.form.wanted.data]
        if isinstance(inner, dict):
            for place, said in inner.items():
                for name, words in said.items():
                    answered[int(place)][name].errors = [str(word) for word in (words if isinstance(words, list) else [words])]
            gather_errors(self.needs)
        super().lay({name: said for name, said in messages.items() if name != "needs" or not isinstance(said, dict)})
