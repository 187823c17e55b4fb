"""The short form of a service record or a consultation."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField, StringField, TextAreaField

from caseapp import reference
from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, blank
from caseapp.forms.fields import Picks, words
from caseapp.schemas.casework.service import RECORD_KINDS, RecordServiceSchema, VoidServiceSchema


class ServiceForm(CommandForm):
    """Records one service or consultation."""

    schema = RecordServiceSchema
    kind = Picks(_l("What it was"))
    topic = SelectField(_l("What was asked about"), validate_choice=False)
    channel = SelectField(_l("How it was asked"), validate_choice=False)
    case_id = SelectField(_l("For which case"), validate_choice=False)
    item = SelectField(_l("Service of the catalogue"), validate_choice=False)
    happened_on = StringField(_l("Day"))
    minutes = StringField(_l("Minutes"))
    head_count = StringField(_l("How many persons"))
    note = TextAreaField(_l("A few words"))

    def offer(self, cases: Sequence[tuple[Any, str]]) -> None:
        """Fills in the choices."""
        tag = self.language()
        offered = RECORD_KINDS if cases else ("station", "consultation")
        self.kind.choices = words("service_kind", tag, offered)
        self.topic.choices = [blank(), *words("consultation_topic", tag)]
        self.channel.choices = [blank(), *words("consultation_channel", tag)]
        self.item.choices = [blank(), *reference.catalogue().choices(tag)]
        self.case_id.choices = [("", _("No case")), *((str(i), name) for i, name in cases)]

    def values(self) -> dict[str, Any]:
        """Leaves out what belongs to another kind."""
        found = super().values()
        if found.get("kind") != "consultation":
            found.pop("topic", None)
            found.pop("channel", None)
        if found.get("kind") != "case":
            found.pop("case_id", None)
        return found


class VoidServiceForm(CommandForm):
    """Voids a service record."""

    schema = VoidServiceSchema
    reason = StringField(_l("Why it is voided"))
