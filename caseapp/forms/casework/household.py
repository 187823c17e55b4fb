"""Forms of households, members and relationships."""

from collections.abc import Sequence
from typing import ClassVar

from wtforms import BooleanField, StringField, TextAreaField

from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, VersionedForm
from caseapp.forms.fields import Choice, with_blank, words
from caseapp.models.casework import Household, HouseholdMember
from caseapp.schemas.base import CommandSchema
from caseapp.schemas.casework.household import CreateHouseholdSchema, EditHouseholdSchema, MemberSchema, RelateSchema


class HouseholdForm(CommandForm):
    """A new household."""

    schema: ClassVar[type[CommandSchema]] = CreateHouseholdSchema
    name = StringField(_l("Name of the household"))
    residence_code = Choice(_l("Village or community"))
    address = StringField(_l("Address in the village"))
    note = TextAreaField(_l("Remarks"))

    def offer(self, villages: Sequence[tuple[str, str]]) -> None:
        """Fills in the choices."""
        self.residence_code.choices = [("", _("Please choose")), *villages]

    def show(self, row: Household) -> None:
        """Fills in what is known."""
        for name in ("name", "residence_code", "address", "note"):
            self[name].data = getattr(row, name)


class EditHouseholdForm(HouseholdForm, VersionedForm):
    """What is known of a household, put right."""

    schema = EditHouseholdSchema


class MemberForm(CommandForm):
    """A member, on file or only named."""

    schema = MemberSchema
    client_id = Choice(_l("Person on file"))
    name = StringField(_l("Name"))
    relation_to_head = Choice(_l("Relation to the head of the household"))
    sex = Choice(_l("Sex"))
    birth_year = StringField(_l("Year of birth"))
    lives_here = BooleanField(_l("Lives here"), default=True)
    whereabouts = StringField(_l("Where, if not here"))
    occupation = StringField(_l("Occupation"))
    deceased = BooleanField(_l("Has died"))

    def offer(self, people: Sequence[tuple[str, str]] = ()) -> None:
        """Fills in the choices."""
        tag = self.language()
        self.client_id.choices = [("", _("not on file, only named")), *people]
        self.relation_to_head.choices = with_blank(words("relation", tag))
        self.sex.choices = with_blank(words("sex", tag))

    def show(self, row: HouseholdMember) -> None:
        """Fills in what is known."""
        for name in ("name", "relation_to_head", "sex", "birth_year", "lives_here", "whereabouts", "occupation", "deceased"):
            self[name].data = getattr(row, name)


class RelateForm(CommandForm):
    """One member is this to another."""

    schema = RelateSchema
    from_id = Choice(_l("Who"))
    kind = Choice(_l("is"))
    to_id = Choice(_l("of whom"))

    def offer(self, members: Sequence[tuple[str, str]]) -> None:
        """Fills in the choices."""
        self.from_id.choices = self.to_id.choices = with_blank(list(members))
        self.kind.choices = with_blank(words("relation", self.language()))
