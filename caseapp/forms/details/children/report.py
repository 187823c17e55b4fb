"""Forms of mandatory reports: the shortest one first, then a small one for each step."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, StringField, TextAreaField

from caseapp.core import clock
from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, FilterForm, VersionedForm
from caseapp.forms.fields import Choice, CodeChoice, CodePicks, CodeTicks, Picks, with_blank, words
from caseapp.models.details.children import ChildrenReport, ChildrenTold
from caseapp.schemas.details.children.report import (
    AnswerSchema,
    CloseReportSchema,
    EvidenceSchema,
    FactsSchema,
    FileReportSchema,
    LedgerSchema,
    OutcomeSchema,
    SafetySchema,
    TellSchema,
    VoidReportSchema,
)


class ReportForm(CommandForm):
    """Situation and one sentence; who the child is as far as it is known."""

    schema = FileReportSchema
    situation = CodePicks(_l("Which of the nine situations"), codes="children_situation")
    sentence = TextAreaField(_l("What was seen, in one sentence"))
    found_on = StringField(_l("Found on"))
    found_time = StringField(_l("At what time"))
    client_id = Picks(_l("Is it one of these children?"))
    name = StringField(_l("Name of the child"))
    sex = Picks(_l("Sex"))
    age = StringField(_l("About how old"))
    residence_code = Choice(_l("Village or community"))
    features = TextAreaField(_l("How the child looks, where it was found"))

    def offer(self, villages: Sequence[tuple[str, str]], people: Sequence[tuple[str, str]] = ()) -> None:
        """Fills in the choices; `people` are children to choose from."""
        self.sex.choices = words("sex", self.language(), ("1", "2", "0"))
        self.residence_code.choices = with_blank(list(villages))
        self.client_id.choices = list(people)

    def values(self) -> dict[str, Any]:
        """A child that was chosen needs no description."""
        found = super().values()
        if found.get("client_id"):
            for name in ("name", "sex", "age", "residence_code", "features"):
                found.pop(name, None)
        return found


class SafetyForm(VersionedForm):
    """Where the child is now and who is with it."""

    schema = SafetySchema
    place = CodePicks(_l("Where is the child now"), codes="children_where")
    beside = TextAreaField(_l("Who is with the child"))
    called = CodeTicks(_l("Emergency calls"), codes="children_called")

    def show(self, report: ChildrenReport) -> None:
        """Fills in what is known."""
        self.version.data = report.version
        self.place.data, self.beside.data, self.called.data = report.place, report.beside, list(report.called or [])


class FactsForm(VersionedForm):
    """Who, where, when, what was seen."""

    schema = FactsSchema
    situation = CodePicks(_l("Which of the nine situations"), codes="children_situation")
    sentence = TextAreaField(_l("What was seen, in one sentence"))
    found_on = StringField(_l("Found on"))
    found_time = StringField(_l("At what time"))
    who = TextAreaField(_l("Who: child, who may have done it, who saw it"))
    where = StringField(_l("Where it happened"))
    when = StringField(_l("When it happened"))
    seen = TextAreaField(_l("What was seen and heard"))

    def show(self, report: ChildrenReport) -> None:
        """Fills in what is known."""
        self.version.data = report.version
        found = clock.local(report.found_at)
        self.found_on.data, self.found_time.data = found.date().isoformat(), f"{found:%H:%M}"
        for name in ("situation", "sentence", "who", "where", "when", "seen"):
            self[name].data = getattr(report, name)


class EvidenceForm(VersionedForm):
    """What was kept."""

    schema = EvidenceSchema
    evidence = CodeTicks(_l("What was kept"), codes="children_evidence")
    evidence_note = TextAreaField(_l("Where it lies, with whom"))

    def show(self, report: ChildrenReport) -> None:
        """Fills in what is known."""
        self.version.data = report.version
        self.evidence.data, self.evidence_note.data = list(report.evidence or []), report.evidence_note


class TellForm(CommandForm):
    """Somebody was told."""

    schema = TellSchema
    whom = CodePicks(_l("Who was told"), codes="children_told")
    told_on = StringField(_l("Day"))
    told_time = StringField(_l("At what time"))
    how = CodePicks(_l("How"), codes="children_told_how")
    name = StringField(_l("Who took it: name, number"))
    receipt = StringField(_l("Receipt number"))


class AnswerForm(VersionedForm):
    """What came back."""

    schema = AnswerSchema
    receipt = StringField(_l("Receipt number"))
    answer = CodePicks(_l("Answer"), codes="children_answer")
    answered_on = StringField(_l("Day of the answer"))
    answer_note = TextAreaField(_l("What they said"))

    def show(self, row: ChildrenTold) -> None:
        """Fills in what is known."""
        self.version.data = row.version
        self.receipt.data, self.answer.data, self.answer_note.data = row.receipt, row.answer, row.answer_note
        self.answered_on.data = row.answered_on.isoformat() if row.answered_on else ""


class OutcomeForm(VersionedForm):
    """What the authority decided."""

    schema = OutcomeSchema
    outcome = CodePicks(_l("What was decided"), codes="children_outcome")
    outcome_by = StringField(_l("By which authority"))
    outcome_on = StringField(_l("Day"))
    outcome_note = TextAreaField(_l("In their words"))

    def show(self, report: ChildrenReport) -> None:
        """Fills in what is known."""
        self.version.data = report.version
        self.outcome.data, self.outcome_by.data, self.outcome_note.data = report.outcome, report.outcome_by, report.outcome_note
        self.outcome_on.data = report.outcome_on.isoformat() if report.outcome_on else ""


class CloseReportForm(VersionedForm):
    """The end of a report."""

    schema = CloseReportSchema
    closing_note = TextAreaField(_l("Remarks"))

    def show(self, report: ChildrenReport) -> None:
        """The version it is drawn from."""
        self.version.data = report.version


class VoidReportForm(VersionedForm):
    """Why a report does not count."""

    schema = VoidReportSchema
    void_reason = TextAreaField(_l("Why it was a mistake"))
    lift = BooleanField(_l("Open the case up again: nothing else restricts it"))

    def show(self, report: ChildrenReport) -> None:
        """The version it is drawn from."""
        self.version.data = report.version


class LedgerForm(FilterForm):
    """Filters of the ledger."""

    schema = LedgerSchema
    state = CodeChoice(_l("State"), codes="children_report_state")
