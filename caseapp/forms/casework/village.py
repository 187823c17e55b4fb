"""Forms of village contacts."""

from collections.abc import Sequence
from typing import ClassVar

from wtforms import HiddenField, StringField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, VersionedForm
from caseapp.forms.fields import Choice, Picks, with_blank, words
from caseapp.models.casework import VillageContact
from caseapp.schemas.base import CommandSchema
from caseapp.schemas.casework.village import AddVillageContactSchema, EditVillageContactSchema, SwitchVillageContactSchema


class VillageContactForm(CommandForm):
    """A new contact."""

    schema: ClassVar[type[CommandSchema]] = AddVillageContactSchema
    division_code = Choice(_l("Village or community"))
    role = Picks(_l("Role in the village"))
    name = StringField(_l("Name"))
    phone = StringField(_l("Phone"))
    note = StringField(_l("Remarks"))

    def offer(self, villages: Sequence[tuple[str, str]]) -> None:
        """Fills in the choices."""
        self.division_code.choices = with_blank(list(villages))
        self.role.choices = words("village_role", self.language())


class EditVillageContactForm(VillageContactForm, VersionedForm):
    """A contact put right."""

    schema = EditVillageContactSchema

    def show(self, row: VillageContact) -> None:
        """Fills in what is known."""
        for name in ("division_code", "role", "name", "phone", "note", "version"):
            self[name].data = getattr(row, name)


class SwitchVillageContactForm(VersionedForm):
    """Holds the post no longer, or again."""

    schema = SwitchVillageContactSchema
    is_active = HiddenField()
