"""Psychiatric community rehabilitation as forms."""

from wtforms import StringField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.details.affairs.base import KeepForm
from caseapp.forms.fields import CodeChoice, CodePicks, Picks, words
from caseapp.schemas.details.affairs.psychiatric import FindingSchema, PsychiatricSchema, RehabStepSchema


class PsychiatricForm(KeepForm):
    """Way in, guardian, hospital and place of the rehabilitation."""

    schema = PsychiatricSchema
    way_in = CodePicks(_l("Way in"), codes="affairs_way_in")
    guardian = StringField(_l("Guardian"))
    guardian_relation = CodeChoice(_l("Relation"), codes="relation")
    guardian_phone = StringField(_l("Phone of the guardian"))
    hospital = StringField(_l("Hospital that treats"))
    place = StringField(_l("Place of the rehabilitation"))
    platform = StringField(_l("Number at the national referral platform"))


class RehabStepForm(CommandForm):
    """A step of the way."""

    schema = RehabStepSchema
    step = CodePicks(_l("Step"), codes="affairs_rehab_step")
    happened_on = StringField(_l("Day"))
    by = StringField(_l("By which office or body"))
    note = TextAreaField(_l("Remarks"))


class FindingForm(CommandForm):
    """What was told: its kind comes from the address."""

    schema = FindingSchema
    kind = StringField()
    value = Picks(_l("What was told"))
    found_on = StringField(_l("Day of the finding"))
    told_by = StringField(_l("Told by: doctor or office"))
    result = TextAreaField(_l("Result, in the words of the doctor"))

    def offer(self, kind: str) -> None:
        """The values of this kind."""
        self.value.choices = words(f"affairs_{kind}", self.language())
