"""The typed part of an elderly case as a form."""

from typing import Any

from wtforms import IntegerField, TextAreaField
from wtforms.widgets import HiddenInput

from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Choice, Picks, with_blank, words
from caseapp.schemas.details.elderly import EditElderlySchema


class ElderlyForm(CommandForm):
    """F1 and F4 of an old person: how they live, who helps, needs and strengths."""

    schema = EditElderlySchema
    version = IntegerField(widget=HiddenInput())
    request = TextAreaField(_l("What is asked for, in the person's own words"))
    lives_alone = Picks(_l("Lives alone"))
    main_carer = Choice(_l("Who cares for the person"))
    carer_contact_every = Choice(_l("How often children are in touch"))
    has_keyholder = Picks(_l("A neighbour or relative has a key"))
    heating = Choice(_l("Heating"))
    medicines = TextAreaField(_l("Medicines"))
    needs = TextAreaField(_l("Problems and needs"))
    strengths = TextAreaField(_l("Strengths and resources"))

    def offer(self) -> None:
        """Fills in the choices."""
        tag = self.language()
        self.lives_alone.choices = self.has_keyholder.choices = [("true", _("yes")), ("false", _("no"))]
        self.main_carer.choices = with_blank(words("main_carer", tag))
        self.carer_contact_every.choices = with_blank(words("carer_contact", tag))
        self.heating.choices = with_blank(words("heating", tag))

    def show(self, case: Any, detail: Any) -> None:
        """Fills in what is known."""
        self.version.data, self.request.data = case.version, case.request
        for name, field in self._fields.items():
            if detail is not None and hasattr(detail, name) and name not in ("version", "request"):
                value = getattr(detail, name)
                field.data = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value

    def values(self) -> dict[str, Any]:
        """Every field; what was emptied is emptied."""
        known = self.schema().fields
        found = {name: field.data for name, field in self._fields.items() if name in known}
        return {name: None if value == "" else value for name, value in found.items()}
