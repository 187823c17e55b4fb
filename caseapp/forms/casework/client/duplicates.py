"""Forms about one human in two records."""

from wtforms import BooleanField, HiddenField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, Version, VersionedForm
from caseapp.forms.fields import Picks, Ticks, words
from caseapp.schemas.casework.client.duplicates import AnswerMatchSchema, MergeSchema, PairSchema, UndoMergeSchema

ANSWERS = ("linked", "referred", "moved", "not_same")


class AnswerForm(VersionedForm):
    """What a match with another station is."""

    schema = AnswerMatchSchema
    state = Picks(_l("What it is"))

    def offer(self) -> None:
        """Fills in the choices."""
        self.state.choices = words("match_state", self.language(), ANSWERS)


class ApartForm(CommandForm):
    """Two records are two people."""

    schema = PairSchema
    twin = HiddenField()


class MergeForm(VersionedForm):
    """Joins two records: of which fields the other record's value stays."""

    schema = MergeSchema
    twin = HiddenField()
    twin_version = Version()
    from_twin = Ticks(_l("What stays of the other record"))
    seen = BooleanField(_l("I compared both records: they are one person"))


class UndoMergeForm(CommandForm):
    """Takes joined records apart."""

    schema = UndoMergeSchema
