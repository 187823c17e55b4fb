"""Forms of applications, answers, benefits and urgent needs."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Optional

from caseapp.core import money
from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, Version, VersionedForm
from caseapp.forms.fields import CodeChoice, CodePicks, CodeTicks, Ticks, words
from caseapp.models.details.assistance import AidBenefit, AidRequest
from caseapp.schemas.details.assistance.aid import (
    EndBenefitSchema,
    HandInSchema,
    MeetUrgentNeedSchema,
    RecordAnswerSchema,
    TellAppealSchema,
    TickPapersSchema,
    VoidAnswerSchema,
    WriteBenefitSchema,
    WriteRequestSchema,
)

PURPOSES = ("new", "change", "again")
DECIDING = ("township", "county", "other")
FOR_WHOM = _l("For whom")


def whom(members: Sequence[Any]) -> list[tuple[str, str]]:
    """The members of a family as choices; none chosen is the whole family."""
    return [(member.key, member.name or _("Name not shown")) for member in members]


class RequestForm(CommandForm):
    """What is applied for; new, or put right."""

    schema = WriteRequestSchema
    version = Version(validators=[Optional()])
    aid = CodeChoice(_l("Kind of aid"), codes="assistance_aid")
    purpose = CodePicks(_l("Purpose"), codes="assistance_purpose", default="new")
    for_whom = Ticks(FOR_WHOM)
    wish = TextAreaField(_l("What the family hopes for, in their words"))
    papers_wanted = CodeTicks(_l("Papers needed"), codes="assistance_paper")

    def offer(self, members: Sequence[Any]) -> None:
        """Fills in the choices."""
        self.for_whom.choices = whom(members)
        self.purpose.choices = words("assistance_purpose", self.language(), PURPOSES)

    def show(self, row: AidRequest) -> None:
        """Fills in what is known."""
        for name in ("version", "aid", "purpose", "for_whom", "wish", "papers_wanted"):
            self[name].data = getattr(row, name)


class PapersForm(VersionedForm):
    """Which papers are together."""

    schema = TickPapersSchema
    papers_ready = Ticks(_l("Papers together"))
    papers_note = StringField(_l("Where the copies lie"))

    def offer(self, row: AidRequest) -> None:
        """The papers that are needed for this application."""
        wanted = row.papers_wanted or []
        self.papers_ready.choices = words("assistance_paper", self.language(), wanted) if wanted else []

    def show(self, row: AidRequest) -> None:
        """Fills in what is ticked."""
        self.version.data, self.papers_ready.data, self.papers_note.data = row.version, row.papers_ready or [], row.papers_note


class HandInForm(VersionedForm):
    """When and where it was handed in."""

    schema = HandInSchema
    handed_in_on = StringField(_l("Handed in on"))
    handed_in_to = StringField(_l("Handed in to"))
    receipt_no = StringField(_l("Number of the receipt"))


class AnswerForm(VersionedForm):
    """The authority's own answer."""

    schema = RecordAnswerSchema
    answer = CodePicks(_l("What was answered"), codes="assistance_answer")
    answered_on = StringField(_l("Answered on"))
    authority = CodePicks(_l("Who answered"), codes="assistance_authority")
    office = StringField(_l("Which office, or who"))
    paper_no = StringField(_l("Number of the paper"))
    reason = TextAreaField(_l("Reason, or what more is asked for"))
    amount = StringField(_l("Amount"))
    per = CodeChoice(_l("How often"), codes="assistance_per")
    from_on = StringField(_l("From"))
    rhythm = CodePicks(_l("How the income changes"), codes="assistance_rhythm")
    tag = BooleanField(_l("Note the target group with the persons it is for"))

    def offer(self) -> None:
        """Only authorities answer; a withdrawal is the family's own."""
        self.authority.choices = words("assistance_authority", self.language(), DECIDING)


class VoidAnswerForm(VersionedForm):
    """An answer recorded by mistake."""

    schema = VoidAnswerSchema
    reason = StringField(_l("Reason"))


class AppealForm(VersionedForm):
    """The family was told about the appeal."""

    schema = TellAppealSchema
    told_on = StringField(_l("Told on"))
    note = TextAreaField(_l("What the family wants to do"))


class BenefitForm(CommandForm):
    """Something the family receives already."""

    schema = WriteBenefitSchema
    version = Version(validators=[Optional()])
    aid = CodeChoice(_l("Kind of aid"), codes="assistance_aid")
    for_whom = Ticks(FOR_WHOM)
    amount = StringField(_l("Amount"))
    per = CodeChoice(_l("How often"), codes="assistance_per")
    from_on = StringField(_l("Since"))
    rhythm = CodePicks(_l("How the income changes"), codes="assistance_rhythm")
    checked_on = StringField(_l("Last re-check on"))
    authority = CodeChoice(_l("Given by"), codes="assistance_authority")
    paper_no = StringField(_l("Number of the paper"))

    def offer(self, members: Sequence[Any]) -> None:
        """Fills in the choices."""
        self.for_whom.choices = whom(members)
        self.authority.choices = [("", _("not known")), *words("assistance_authority", self.language(), DECIDING)]

    def show(self, row: AidBenefit) -> None:
        """Fills in what is known."""
        for name in ("version", "aid", "for_whom", "per", "from_on", "rhythm", "checked_on", "authority", "paper_no"):
            self[name].data = getattr(row, name)
        self.amount.data = money.typed(row.amount)


class EndBenefitForm(VersionedForm):
    """It is no longer received."""

    schema = EndBenefitSchema
    to_on = StringField(_l("Until"))
    end_reason = CodePicks(_l("Why it ended"), codes="assistance_benefit_end")


class UrgentForm(CommandForm):
    """What is missing today and what was done."""

    schema = MeetUrgentNeedSchema
    needs = CodeTicks(_l("What is missing today"), codes="assistance_urgent_need")
    what = TextAreaField(_l("What was done at once"))
    helped_by = CodePicks(_l("Who helped"), codes="assistance_first_help")
    worth = StringField(_l("Worth"))
    ask_relief = BooleanField(_l("Ask for temporary relief today; the papers are made up for later"))
    told_to = StringField(_l("Whom in the township you told"))
