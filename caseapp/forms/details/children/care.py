"""Forms of care and safety; the check lists get one question for each entry of their reference list."""

from collections.abc import Sequence
from typing import Any

from wtforms import StringField, TextAreaField

from caseapp import reference
from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, VersionedForm
from caseapp.forms.fields import CodeChoice, CodePicks, CodeTicks, Picks, YesNo
from caseapp.schemas.details.children.care import (
    BARS,
    CheckSafetySchema,
    DelegateSchema,
    EndDelegationSchema,
    NoteContactSchema,
)


class DelegateForm(CommandForm):
    """To whom the child is entrusted, for how long, and that nothing stands against it."""

    schema = DelegateSchema
    given_by = CodePicks(_l("Who entrusts the child"), codes="children_contact_who")
    delegate_name = StringField(_l("Name of the delegate carer"))
    relation = CodeChoice(_l("Relation to the child"), codes="relation")
    birth_year = StringField(_l("Year of birth"))
    phone = StringField(_l("Phone number"))
    address = StringField(_l("Address"))
    reason = CodePicks(_l("Why the child is entrusted"), codes="children_delegation_reason")
    from_on = StringField(_l("From"))
    to_on = StringField(_l("Until"))
    child_heard = YesNo(_l("The child was asked too"))
    child_view = TextAreaField(_l("What the child says of it"))
    also_told = CodeTicks(_l("Also told"), codes="children_also_told")
    note = TextAreaField(_l("What was agreed"))

    @property
    def bars(self) -> list[Any]:
        """The questions about reasons against it, in their order."""
        return [self[f"bar_{code}"] for code in BARS]

    def offer(self) -> None:
        """Fills in the words of the questions."""
        known, tag = reference.codes("children_bar"), self.language()
        for code in BARS:
            self[f"bar_{code}"].label.text = known.label(code, tag)

    def values(self) -> dict[str, Any]:
        """Answers by reason; what was not answered is left out."""
        found = super().values()
        said = {code: self[f"bar_{code}"].data for code in BARS}
        found["bars"] = {code: answer for code, answer in said.items() if answer}
        return found


for _code in BARS:
    setattr(DelegateForm, f"bar_{_code}", YesNo(""))


class EndDelegationForm(VersionedForm):
    """When a delegation ended, and why."""

    schema = EndDelegationSchema
    ended_on = StringField(_l("Day"))
    end_reason = CodePicks(_l("Reason"), codes="children_delegation_end")


class ContactForm(CommandForm):
    """Parents were in touch."""

    schema = NoteContactSchema
    who = CodePicks(_l("Who was in touch"), codes="children_contact_who")
    how = CodePicks(_l("How"), codes="children_contact_how")
    happened_on = StringField(_l("Day"))
    note = StringField(_l("Remarks"))


class SafetyCheckForm(CommandForm):
    """A look at the home; one question for each item is added by `safety_form`."""

    schema = CheckSafetySchema
    checked_on = StringField(_l("Day"))
    note = TextAreaField(_l("What is to be done about it"))
    items: Sequence[str] = ()

    @property
    def questions(self) -> list[Any]:
        """The questions in their order."""
        return [self[f"item_{code}"] for code in self.items]

    def offer(self) -> None:
        """Fills in words and answers."""
        known, tag = reference.codes("children_safety_item"), self.language()
        for code in self.items:
            field = self[f"item_{code}"]
            field.label.text = known.label(code, tag)
            field.choices = reference.codes("children_safety_answer").choices(tag)

    def values(self) -> dict[str, Any]:
        """Answers by item."""
        found = super().values()
        said = {code: self[f"item_{code}"].data for code in self.items}
        found["answers"] = {code: answer for code, answer in said.items() if answer}
        return found

    def lay(self, messages: dict[str, Any]) -> None:
        """A message about all answers belongs to the form."""
        if "answers" in messages:
            messages = {**messages, "_answers": messages["answers"]}
            messages.pop("answers")
        super().lay(messages)


def safety_form(items: Sequence[Any]) -> type[SafetyCheckForm]:
    """The form for a child of that age."""
    asked = {f"item_{item.code}": Picks("") for item in items}
    return type("SafetyFormOfChild", (SafetyCheckForm,), {**asked, "items": [item.code for item in items]})


__all__ = ["ContactForm", "DelegateForm", "EndDelegationForm", "SafetyCheckForm", "safety_form"]
