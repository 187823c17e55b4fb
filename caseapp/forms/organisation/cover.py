"""Forms of the people of a station: an absence, and everything of somebody who leaves."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, StringField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, VersionedForm
from caseapp.forms.fields import Choice, CodePicks, with_blank
from caseapp.schemas.casework.handover import LeaveSchema
from caseapp.schemas.organisation.cover import EndCoverSchema, SetCoverSchema

Named = Sequence[tuple[str, str]]


class CoverForm(CommandForm):
    """Who stands in, from when until when."""

    schema = SetCoverSchema
    cover_id = Choice(_l("Who stands in"))
    from_on = StringField(_l("First day"))
    to_on = StringField(_l("Last day"))
    reason = CodePicks(_l("Why"), codes="cover_reason")
    note = StringField(_l("Remark"))
    with_restricted = BooleanField(_l("Restricted files too"))

    def offer(self, people: Named) -> None:
        """Fills in the colleagues."""
        self.cover_id.choices = with_blank(list(people))


class EndCoverForm(VersionedForm):
    """The absence is over."""

    schema = EndCoverSchema


class LeaveForm(VersionedForm):
    """To whom everything goes, and what goes to somebody else; one choice for each part is added by `leave_form`."""

    schema = LeaveSchema
    to_id = Choice(_l("Everything goes to"))
    reason = TextAreaField(_l("Why it is handed over"))
    codes: Sequence[str] = ()

    def values(self) -> dict[str, Any]:
        """Parts that go to somebody else."""
        chosen = {code: self[f"to_{code}"].data for code in self.codes if self[f"to_{code}"].data}
        return super().values() | {"parts": chosen}

    def offer(self, people: Named, otherwise: str) -> None:
        """Fills in the colleagues; `otherwise` is said where a part goes where everything goes."""
        self.to_id.choices = with_blank(list(people))
        for code in self.codes:
            self[f"to_{code}"].choices = [("", otherwise), *people]

    def lay(self, messages: dict[str, Any]) -> None:
        """A message about a part is laid at its choice."""
        inner = messages.get("parts")
        rest = {name: words for name, words in messages.items() if name != "parts"}
        found = {f"to_{code}": words for code, words in inner.items()} if isinstance(inner, dict) else {}
        super().lay(rest | found)


def leave_form(codes: Sequence[str]) -> type[LeaveForm]:
    """The form of somebody in whose name these parts are open."""
    asked = {f"to_{code}": Choice(_l("goes to")) for code in codes}
    return type("LeaveFormOfPerson", (LeaveForm,), {**asked, "codes": tuple(codes)})
