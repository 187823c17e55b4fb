"""Vagrants as forms."""

from wtforms import StringField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.forms.details.affairs.base import KeepForm
from caseapp.forms.fields import CodePicks, CodeTicks, YesNo, words
from caseapp.schemas.details.affairs.vagrants import KINDS, IdentifySchema, PlaceSchema, VagrantSchema


class VagrantForm(KeepForm):
    """Help, leaving, the way home."""

    schema = VagrantSchema
    kind = CodePicks(_l("Which kind"), codes="affairs_kind")
    helps = CodeTicks(_l("Help given"), codes="affairs_help")
    help_until = StringField(_l("Help until"))
    told_free = YesNo(_l("Told that help is temporary and that leaving is free"))
    photo = CodePicks(_l("Asked for a photo"), codes="affairs_photo")
    left_on = StringField(_l("Left on"))
    left_how = CodePicks(_l("How the person left"), codes="affairs_left")
    returned_on = StringField(_l("Home again since"))
    home = TextAreaField(_l("Where home is, who waits there"))
    danger = TextAreaField(_l("What makes the person go or get lost"))

    def offer(self) -> None:
        """The kinds of vagrants."""
        self.kind.choices = words("affairs_kind", self.language(), KINDS)


class PlaceForm(CommandForm):
    """Where the person was found or seen."""

    schema = PlaceSchema
    found_on = StringField(_l("Day"))
    place = StringField(_l("Where the person was found"))
    note = TextAreaField(_l("Remarks"))


class IdentifyForm(CommandForm):
    """A name at last."""

    schema = IdentifySchema
    name = StringField(_l("Name"))
    number = StringField(_l("Identity number"))
    happened_on = StringField(_l("Established on"))
    how = TextAreaField(_l("How it was established"))
