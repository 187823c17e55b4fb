"""The round form: one row for each due person of a village, one tick each, exceptions where needed."""

from collections.abc import Collection, Sequence
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField

from caseapp import reference
from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm
from caseapp.forms.fields import Picks, Ticks, gather_errors, words
from caseapp.schemas.casework.visit import KINDS, MOST_PERSONS, RecordRoundSchema

FEW = ("as_usual", "unwell", "low_mood", "cold_room", "short_of_food", "fell")


class RoundRow(Form):
    """One person: seen, or why not; untouched rows are left out."""

    client_id = HiddenField()
    case_id = HiddenField()
    seen = BooleanField(_l("Seen"))
    outcome = SelectField(_l("Not seen"), validate_choice=False)
    reason = StringField(_l("More about why"))
    findings = Ticks(_l("What you found"))
    note = StringField(_l("A few words"))

    @property
    def is_touched(self) -> bool:
        """Whether anything was said about this person."""
        return bool(self.seen.data or self.outcome.data or self.reason.data or self.findings.data or self.note.data)


class RoundForm(CommandForm):
    """Records a round; `places` keeps which row each sent person came from, so that messages find it."""

    schema = RecordRoundSchema
    happened_on = StringField(_l("Day of the round"))
    kind = Picks(_l("How you were in touch"))
    minutes = StringField(_l("Minutes of the whole round"))
    companions = StringField(_l("Who came along"))
    services = Ticks(_l("What you did"))
    persons = FieldList(FormField(RoundRow), max_entries=MOST_PERSONS)
    places: Sequence[int] = ()

    def offer(self, domains: Collection[str] = ()) -> None:
        """Fills in the choices; services of the domains that these people belong to, of all where none is known."""
        tag = self.language()
        self.kind.choices = words("visit_kind", tag, KINDS)
        items = [item for item in reference.catalogue() if not domains or item.domain in domains]
        self.services.choices = [(item.code, item.label(tag)) for item in items]
        not_seen = [("", _("Seen, or not visited")), ("family_only", _("Family only")), *words("not_met_reason", tag)]
        for row in self.persons:
            row.form.outcome.choices = not_seen
            row.form.findings.choices = words("visit_finding", tag, FEW)

    def values(self) -> dict[str, Any]:
        """The rows somebody said something about."""
        found = super().values()
        rows = [(place, row.form) for place, row in enumerate(self.persons) if row.form.is_touched]
        self.places = [place for place, _row in rows]
        found["persons"] = [self._row(row) for _place, row in rows]
        return found

    def _row(self, row: RoundRow) -> dict[str, Any]:
        said = row.outcome.data or ("done" if row.seen.data else "")
        answer: dict[str, Any] = {"client_id": row.client_id.data, "findings": row.findings.data or []}
        if said in ("", "done", "family_only"):
            answer["outcome"] = said or None
        else:
            answer |= {"outcome": "not_met", "why_not": said}
        for name in ("case_id", "reason", "note"):
            if getattr(row, name).data:
                answer[name] = getattr(row, name).data
        return {name: value for name, value in answer.items() if value is not None}

    def validate(self, extra_validators: Any = None) -> bool:
        """As every form; a row that is ticked and excepted at once is asked about."""
        good = super().validate(extra_validators)
        for row in self.persons:
            if row.form.seen.data and row.form.outcome.data:
                self._at(row.form, "outcome", [_("Ticked as seen and as not seen: leave one.")])
                good = False
        return good

    def lay(self, messages: dict[str, Any]) -> None:
        """Messages about persons go to their rows."""
        messages = dict(messages)
        rows = messages.pop("persons", None)
        super().lay(messages)
        if isinstance(rows, dict):
            for place, fields in rows.items():
                row = self.persons[self.places[int(place)]].form
                for name, said in fields.items() if isinstance(fields, dict) else ():
                    self._at(row, str(name), said if isinstance(said, list) else [said])
        elif rows:
            self.form_errors.extend(str(word) for word in rows)

    def _at(self, row: RoundRow, name: str, said: Sequence[Any]) -> None:
        shown = {"client_id": "seen", "case_id": "seen", "why_not": "outcome"}.get(name, name)
        field = row._fields.get(shown, row.seen)
        field.errors = [*field.errors, *(str(word) for word in said)]
        gather_errors(self.persons)
