"""The visit form and the small ones around it: void, move, amend."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)

from caseapp import reference
from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, FilterForm, VersionedForm
from caseapp.forms.fields import Picks, Ticks, words
from caseapp.schemas.casework.visit import (
    KINDS,
    MET,
    RISKS,
    AmendVisitSchema,
    DueViewSchema,
    MoveVisitSchema,
    RecordVisitSchema,
    VoidVisitSchema,
)

MOST_OTHERS = 30  # rows of a household that are read; a household has no more members


class OtherSeen(Form):
    """Somebody else of the household who was there too; left out when no outcome is said."""

    client_id = HiddenField()
    outcome = SelectField(_l("Was there too"), validate_choice=False)


class VisitForm(CommandForm):
    """Records a visit of one person, and of others who were there."""

    schema = RecordVisitSchema
    outcome = Picks(_l("Did you see them"))
    why_not = Picks(_l("Why not"))
    reason = StringField(_l("More about why"))
    neighbour_vouched = BooleanField(_l("Neighbours or the village say the person is safe"))
    alert_head = BooleanField(_l("I am worried: tell the station head at once"))
    kind = Picks(_l("How you were in touch"), default="home")
    findings = Ticks(_l("What you found"))
    services = Ticks(_l("What you did"))
    note = TextAreaField(_l("A few words"))
    risk = Picks(_l("Has the risk changed"))
    risk_reason = StringField(_l("Why the risk changed"))
    next_choice = Picks(_l("Next visit"), default="proposed")
    next_visit_on = StringField(_l("Another day"))
    next_visit_reason = StringField(_l("Why later than the rule"))
    happened_on = StringField(_l("Day of the visit"))
    began_at = StringField(_l("Time"))
    minutes = StringField(_l("Minutes"))
    companions = StringField(_l("Who came along"))
    case_id = SelectField(_l("For which case"), validate_choice=False)
    others = FieldList(FormField(OtherSeen), max_entries=MOST_OTHERS)

    def offer(self, *, items: Any, risk: str, cases: Any, labels: dict[str, str], domains: Sequence[str] = ()) -> None:
        """Fills in the choices: services with the usual ones first, the present risk, open cases, next dates."""
        tag = self.language()
        self.outcome.choices = [
            ("done", _("Seen in person")),
            ("family_only", _("Family only")),
            ("not_met", _("Not seen")),
        ]
        self.why_not.choices = words("not_met_reason", tag)
        self.kind.choices = words("visit_kind", tag, KINDS)
        self.findings.choices = [
            (entry.code, entry.label(tag), {"data-careful": "1"} if entry.facts.get("worry") else {})
            for entry in reference.codes("visit_finding")
            if entry.facts.get("domains") in (None, *domains)
        ]
        self.services.choices = list(items)
        self.risk.choices = [("", _("No change")), *words("risk", tag, [code for code in RISKS if code != risk])]
        self.next_choice.choices = list(labels.items())
        self.case_id.choices = [("", _("No case: ordinary visit")), *cases]
        for other in self.others:
            other.form.outcome.choices = [
                ("", _("Not there")),
                ("done", _("Seen in person")),
                ("family_only", _("Family only")),
            ]

    def values(self) -> dict[str, Any]:
        """Leaves out what does not belong to the chosen outcome: without script the whole form is always there."""
        found = super().values()
        outcome = found.get("outcome")
        found["others"] = [
            {"client_id": row["client_id"], "outcome": row["outcome"]} for row in self.others.data if row.get("outcome")
        ]
        seen = outcome in MET
        for name in ("why_not", "reason", "neighbour_vouched", "alert_head") if seen else ("findings",):
            found.pop(name, None)
        if not seen and not found["others"]:
            found.pop("services", None)
        if found.get("next_choice") != "other":
            found.pop("next_visit_on", None)
            found.pop("next_visit_reason", None)
        if not found.get("risk"):
            found.pop("risk_reason", None)
        if not found.get("neighbour_vouched"):
            found.pop("neighbour_vouched", None)
        return found


class VoidVisitForm(VersionedForm):
    """Voids a visit."""

    schema = VoidVisitSchema
    reason = StringField(_l("Why this visit is voided"))


class MoveVisitForm(VersionedForm):
    """Moves a visit to another day."""

    schema = MoveVisitSchema
    happened_on = StringField(_l("Day it really took place"))
    reason = StringField(_l("Why it is moved"))


class AmendVisitForm(VersionedForm):
    """Changes words and findings of a young visit."""

    schema = AmendVisitSchema
    note = TextAreaField(_l("A few words"))
    findings = Ticks(_l("What you found"))

    def offer(self) -> None:
        """The findings to choose from."""
        self.findings.choices = words("visit_finding", self.language())


class DueFilterForm(FilterForm):
    """Filters of the list of due visits."""

    schema = DueViewSchema
    show = SelectField(_l("Which"), validate_choice=False)
    day = StringField(_l("Day"))
    month = StringField(_l("Month"))
    worker = SelectField(_l("Worker"), validate_choice=False)
    village = SelectField(_l("Village"), validate_choice=False)
    risk = SelectField(_l("Risk"), validate_choice=False)
    cursor = HiddenField()

    def offer(self, workers: Sequence[tuple[Any, str]], villages: Sequence[tuple[str, str]]) -> None:
        """Fills in the choices."""
        self.show.choices = [
            ("soon", _("Overdue and next seven days")),
            ("overdue", _("Overdue")),
            ("day", _("One day")),
            ("month", _("Next month")),
            ("all", _("All")),
        ]
        self.worker.choices = [("", _("Everybody")), *((str(i), name) for i, name in workers)]
        self.village.choices = [("", _("Every village")), *villages]
        self.risk.choices = [("", _("Every risk")), *words("risk", self.language(), RISKS)]
