"""Marriage and family as a form."""

from wtforms import StringField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.details.affairs.base import KeepForm
from caseapp.forms.fields import CodePicks, CodeTicks, YesNo, words
from caseapp.schemas.details.affairs.family import ORDINARY, FamilySchema


class FamilyForm(KeepForm):
    """What it is about, and a divorce application where there is one."""

    schema = FamilySchema
    kind = CodePicks(_l("Which kind"), codes="affairs_kind")
    topics = CodeTicks(_l("What it is about"), codes="affairs_family_topic")
    children_under_18 = YesNo(_l("Children under 18"))
    situation = TextAreaField(_l("The situation"))
    wishes = TextAreaField(_l("What each side wants"))
    applied_on = StringField(_l("Application for divorce taken on"))
    cooling_state = CodePicks(_l("How the application stands"), codes="affairs_cooling_state")
    cooling_ended_on = StringField(_l("Ended on"))

    def offer(self) -> None:
        """The kinds that are chosen here."""
        self.kind.choices = words("affairs_kind", self.language(), ORDINARY)
