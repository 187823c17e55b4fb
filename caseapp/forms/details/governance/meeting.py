"""Forms of meetings of residents."""

from wtforms import StringField, TextAreaField

from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, VersionedForm
from caseapp.forms.fields import Choice, CodePicks, CodeTicks, with_blank
from caseapp.schemas.details.governance.meeting import FollowUpSchema, RecordMeetingSchema


class MeetingForm(CommandForm):
    """A meeting."""

    schema = RecordMeetingSchema
    happened_on = StringField(_l("Day"))
    division_code = Choice(_l("Village or community"))
    place = StringField(_l("Venue"))
    called_by = CodePicks(_l("Who called it"), codes="governance_called_by")
    present = StringField(_l("How many came"))
    subject = StringField(_l("What it was about, in a few words"))
    matters = CodeTicks(_l("Matters it concerns"), codes="governance_matter")
    decided = TextAreaField(_l("What was said and decided"))
    follow_up_on = StringField(_l("Follow up on"))
    case_id = Choice(_l("For which case"))

    def offer(self, villages: list[tuple[str, str]], cases: list[tuple[str, str]]) -> None:
        """Fills in the choices."""
        self.division_code.choices = with_blank(villages)
        self.case_id.choices = [("", _("No case")), *cases]


class FollowUpForm(VersionedForm):
    """What became of the decisions."""

    schema = FollowUpSchema
    followed_on = StringField(_l("Day"))
    followed = TextAreaField(_l("What became of the decisions"))
