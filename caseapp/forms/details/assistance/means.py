"""Forms of a means sheet: the enquiry, the members, the lines of a section; rows work without script."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import Optional

from caseapp.core import money
from caseapp.core.text import _, _l
from caseapp.forms.base import VersionedForm
from caseapp.forms.fields import Choice, CodeChoice, CodePicks, CodeTicks, YesNo, gather_errors, with_blank, words
from caseapp.models.details.assistance import MeansSection, MeansSheet
from caseapp.schemas.details.assistance.means import (
    MOST_LINES,
    MOST_MEMBERS,
    SECTION_SCHEMAS,
    FinishSheetSchema,
    VoidSheetSchema,
    WriteEnquirySchema,
    WriteMembersSchema,
)

BLANK = 1  # open rows below those that are there
FIRST = 2  # where there is none yet


class Rows(FieldList):
    """A list of forms that knows how many were sent, and makes no more of them than it may hold."""

    sent = 0

    def process(self, formdata: Any, *arguments: Any, **more: Any) -> None:
        """Counts before the surplus is cut off."""
        if formdata:
            self.sent = len(set(self._extract_indices(self.name, formdata)))
        super().process(formdata, *arguments, **more)

    def add(self, count: int) -> None:
        """More empty rows, as far as there is room."""
        for _n in range(min(count, (self.max_entries or count) - len(self))):
            self.append_entry()


class RowsForm(VersionedForm):
    """A form with one list of rows: empty rows say nothing, and messages find the row they came from."""

    rows = ""  # the name of the list

    @property
    def list(self) -> Rows:
        """The list of rows."""
        found: Rows = self[self.rows]
        return found

    def values(self) -> dict[str, Any]:
        """Only the rows somebody said something in; `places` keeps which they were."""
        found = {name: value for name, value in super().values().items() if name != self.rows}
        self.places = [place for place, row in enumerate(self.list) if row.form.is_used]
        found[self.rows] = [self.list[place].form.said() for place in self.places]
        return found

    def lay(self, messages: dict[str, Any]) -> None:
        """Puts messages of rows at the fields of the row they came from."""
        said = messages.get(self.rows)
        if not isinstance(said, dict):
            super().lay(messages)
            return
        for place, parts in said.items():
            row = self.list[self.places[int(place)]].form
            for part, texts in parts.items() if isinstance(parts, dict) else ():
                if part in row:
                    row[part].errors = [str(text) for text in (texts if isinstance(texts, list) else [texts])]
        gather_errors(self.list)
        super().lay({name: texts for name, texts in messages.items() if name != self.rows})

    def validate(self, extra_validators: Any = None) -> bool:
        """As any form; messages in rows count too, and too many rows are refused by number."""
        fine = super().validate(extra_validators)
        most = self.list.max_entries
        if most and self.list.sent > most:
            text = _("At most %(most)s lines in one section; %(count)s were sent.", most=most, count=self.list.sent)
            self.form_errors.append(text)
        return fine and not self.form_errors and not any(field.errors for row in self.list for field in row.form)


class LineRow(Form):
    """One line of money."""

    key = HiddenField()
    kind = Choice(_l("Kind"))
    who = Choice(_l("Whose"))
    amount = StringField(_l("Amount"))
    per = CodeChoice(_l("How often"), codes="assistance_per")
    times = StringField(_l("How many times in twelve months"))
    what = StringField(_l("What exactly"))
    basis = CodePicks(_l("How it is known"), codes="assistance_basis", default="declared")
    evidence = CodeChoice(_l("Which paper"), codes="assistance_evidence")
    place = StringField(_l("Where the paper lies"))
    note = StringField(_l("Remark"))
    drop = BooleanField(_l("Take this line out"))

    @property
    def is_used(self) -> bool:
        """Whether anything was said in this row and it is not to go."""
        return not self.drop.data and any(self[name].data for name in ("kind", "amount", "what", "place", "note"))

    def said(self) -> dict[str, Any]:
        """What the schema reads."""
        return {name: field.data for name, field in self._fields.items() if name != "drop" and field.data not in (None, "")}

    def fill(self, line: dict[str, Any]) -> None:
        """Shows a stored line."""
        for name, field in self._fields.items():
            if name in line:
                field.data = money.typed(line[name]) if name == "amount" else line[name]


class SectionForm(RowsForm):
    """The lines of one section; a subclass names its schema."""

    section = ""
    rows = "lines"
    said_none = BooleanField(_l("Asked: there is none"))
    lines = Rows(FormField(LineRow), max_entries=MOST_LINES)
    more = IntegerField(validators=[Optional()])  # the button that asks for more rows; never drawn

    def offer(self, members: Sequence[dict[str, Any]]) -> None:
        """Fills in the choices: kinds of the section, members of the household."""
        kinds = with_blank(words(f"assistance_{self.section}", self.language()))
        people = [("", _("the whole family")), *((member["key"], member["name"] or _("Name not shown")) for member in members)]
        for row in self.lines:
            row.form.kind.choices, row.form.who.choices = kinds, people
            if self.section == "property":
                for name in ("per", "times"):
                    if name in row.form:
                        del row.form[name]

    def show(self, section: MeansSection) -> None:
        """Fills in what is stored, and some empty rows."""
        self.drawn_from(section.version)
        self.said_none.data = section.said_none
        self.put(section.content or [])

    def put(self, lines: Sequence[dict[str, Any]]) -> None:
        """These lines instead of whatever is there, and room for more."""
        while len(self.lines):
            self.lines.pop_entry()
        self.lines.last_index = -1
        self.lines.add(len(lines) + (BLANK if lines else FIRST))
        for row, line in zip(self.lines, lines, strict=False):
            row.form.fill(line)


@cache
def section_form(section: str) -> type[SectionForm]:
    """The form of one section of money."""
    return type(f"{section.title()}Form", (SectionForm,), {"section": section, "schema": SECTION_SCHEMAS[section]})


class MemberRow(Form):
    """Whether one member is counted."""

    key = HiddenField()
    counted = YesNo(_l("Lives and manages with the family"))
    why = CodeChoice(_l("Why not counted"), codes="assistance_excluded")
    work = StringField(_l("Work or school"))

    @property
    def is_used(self) -> bool:
        """Every member of the household has a row."""
        return bool(self.key.data)

    def said(self) -> dict[str, Any]:
        """What the schema reads."""
        return {name: field.data for name, field in self._fields.items() if field.data not in (None, "")}


class MembersForm(RowsForm):
    """Who of the household is counted."""

    schema = WriteMembersSchema
    rows = "members"
    members = Rows(FormField(MemberRow), max_entries=MOST_MEMBERS)

    def show(self, section: Any) -> None:
        """One row for each member of the household."""
        self.drawn_from(section.version)
        members = section.content or []
        while len(self.members):
            self.members.pop_entry()
        self.members.last_index = -1
        self.members.add(len(members))
        for row, member in zip(self.members, members, strict=False):
            row.form.key.data, row.form.why.data, row.form.work.data = member["key"], member.get("why"), member.get("work")
            row.form.counted.process_data(member.get("counted"))


class EnquiryForm(VersionedForm):
    """Who enquired, when and how."""

    schema = WriteEnquirySchema
    enquired_on = StringField(_l("Day of the enquiry"))
    methods = CodeTicks(_l("How it was enquired"), codes="assistance_method")
    first_id = Choice(_l("First person"))
    second_id = Choice(_l("Second person"))
    second_name = StringField(_l("Name of the second person, when not of the station"))
    second_office = StringField(_l("Where this person works"))
    consent_how = CodePicks(_l("The family agreed to the check"), codes="assistance_consent")
    consent_on = StringField(_l("Agreed on"))
    paper_place = StringField(_l("Where the signed sheet lies"))
    remark = TextAreaField(_l("What was seen and heard"))

    def offer(self, workers: Sequence[tuple[str, str]]) -> None:
        """Fills in the choices."""
        self.first_id.choices = with_blank(list(workers))
        self.second_id.choices = [("", _("not of the station: named below")), *workers]

    def show(self, sheet: MeansSheet) -> None:
        """Fills in what is known."""
        for name in ("version", "enquired_on", "methods", "consent_how", "consent_on", "paper_place", "remark"):
            self[name].data = getattr(sheet, name)
        first, second = ([*(sheet.staff or []), {}, {}])[:2]
        self.first_id.data, self.second_id.data = first.get("user", ""), second.get("user", "")
        self.second_name.data, self.second_office.data = second.get("name"), second.get("office")


class FinishForm(VersionedForm):
    """The sheet is complete."""

    schema = FinishSheetSchema


class VoidForm(VersionedForm):
    """The sheet does not count."""

    schema = VoidSheetSchema
    reason = StringField(_l("Reason"))
