"""The plan form: rows of goals and items that work without script; "more rows" is a button of the form."""

from typing import Any

from wtforms import FieldList, Form, FormField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import Optional

from caseapp import reference
from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, Version, VersionedForm
from caseapp.forms.fields import Choice, Picks, gather_errors, with_blank, words
from caseapp.models.casework import Goal, Plan
from caseapp.schemas.casework.plan import MOST_GOALS, MOST_ITEMS, GoalProgressSchema, WritePlanSchema

FIRST_GOALS = 3
FIRST_ITEMS = 3
SPARE = 4  # empty rows beyond what a plan may have; more are not read
PLAIN = ("aim", "steps", "visit_days", "starts_on", "review_on", "agreed_on", "agreed_by", "agreed_how", "agreed_note")


class GoalRow(Form):
    """One goal; left out when nothing is said in it."""

    id = HiddenField()
    text = TextAreaField(_l("What shall be different"))
    indicator = StringField(_l("Seen by what"))
    baseline = StringField(_l("How it is now"))
    target = StringField(_l("How it shall be"))
    due_on = StringField(_l("By when"))

    @property
    def is_used(self) -> bool:
        """Whether anything was said in this row."""
        return any(self[name].data for name in ("text", "indicator", "baseline", "target", "due_on"))


class ItemRow(Form):
    """One service of the catalogue."""

    item = Choice(_l("Service"))
    how_often = StringField(_l("How often"))
    who = StringField(_l("By whom"))

    @property
    def is_used(self) -> bool:
        """Whether anything was said in this row."""
        return any(self[name].data for name in ("item", "how_often", "who"))


class PlanForm(CommandForm):
    """Writes a whole plan."""

    schema = WritePlanSchema
    version = Version(validators=[Optional()])
    aim = TextAreaField(_l("Aim of the plan"))
    steps = TextAreaField(_l("Steps and methods"))
    visit_days = StringField(_l("A visit at least every so many days"))
    starts_on = StringField(_l("Begins on"))
    review_on = StringField(_l("Look at it again on"))
    agreed_on = StringField(_l("Agreed on"))
    agreed_by = Picks(_l("Who agreed"))
    agreed_how = Picks(_l("How"))
    agreed_note = StringField(_l("What the person said"))
    goals = FieldList(FormField(GoalRow), min_entries=FIRST_GOALS, max_entries=MOST_GOALS + SPARE)
    items = FieldList(FormField(ItemRow), min_entries=FIRST_ITEMS, max_entries=MOST_ITEMS + SPARE)
    more = IntegerField(validators=[Optional()])  # the button that asks for more rows; never drawn

    def offer(self, domain: str, subject: str = "client") -> None:
        """Fills in the choices; other domains' items may be promised too, the own ones come first."""
        tag = self.language()
        known = reference.codes("agreed_by")
        if subject == "community":
            self.agreed_note.label.text = _("What the residents said")
        self.agreed_by.choices = words(
            "agreed_by", tag, sorted(known.having("subject", subject) or known.having("subject", None))
        )
        self.agreed_how.choices = words("agreed_how", tag)
        own = reference.catalogue().choices(tag, domain)
        rest = [choice for choice in reference.catalogue().choices(tag) if choice not in own]
        for row in self.items:
            row.form.item.choices = with_blank([*own, *rest])

    def more_rows(self) -> None:
        """Two more of each, while there is room."""
        self.renew()
        for rows in (self.goals, self.items):
            for _n in range(min(2, rows.max_entries - len(rows))):
                rows.append_entry()

    def show(self, plan: Plan) -> None:
        """Fills in a plan that is changed."""
        self.version.data = plan.version
        for name in PLAIN:
            self[name].data = getattr(plan, name)
        fill(
            self.goals,
            [{n: getattr(g, n) for n in ("id", "text", "indicator", "baseline", "target", "due_on")} for g in plan.goals],
        )
        fill(self.items, [{n: getattr(i, n) for n in ("item", "how_often", "who")} for i in plan.items])

    def values(self) -> dict[str, Any]:
        """Only the rows somebody said something in; `places` keeps which they were, so that messages find them."""
        found = {name: value for name, value in super().values().items() if name not in ("goals", "items")}
        self.places = {name: [n for n, row in enumerate(self[name]) if row.form.is_used] for name in ("goals", "items")}
        for name in ("goals", "items"):
            rows = [self[name][n].form for n in self.places[name]]
            found[name] = [{k: str(f.data) for k, f in row._fields.items() if f.data} for row in rows]
        return found

    def lay(self, messages: dict[str, Any]) -> None:
        """Puts messages of rows at the fields of the row they came from."""
        rest = {}
        for name, said in messages.items():
            if name in ("goals", "items") and isinstance(said, dict):
                for place, parts in said.items():
                    row = self[name][self.places[name][int(place)]].form
                    for part, words_ in parts.items() if isinstance(parts, dict) else ():
                        row[part].errors = [str(word) for word in words_]
                gather_errors(self[name])
            else:
                rest[name] = said
        super().lay(rest)

    def validate(self, extra_validators: Any = None) -> bool:
        """As any form; messages in rows count too."""
        fine = super().validate(extra_validators)
        return fine and not any(f.errors for name in ("goals", "items") for row in self[name] for f in row.form)


class ProgressForm(VersionedForm):
    """How far one goal is."""

    schema = GoalProgressSchema
    progress = Picks(_l("How far"))
    now = TextAreaField(_l("In words"))
    dropped = Choice(_l("Still a goal"))

    def offer(self) -> None:
        """Fills in the choices."""
        tag = self.language()
        self.progress.choices = words("goal_progress", tag)
        self.dropped.choices = [("false", _l("yes")), ("true", _l("no, dropped"))]

    def show(self, goal: Goal) -> None:
        """Fills in what is known."""
        self.version.data, self.progress.data, self.now.data = goal.version, str(goal.progress), goal.now
        self.dropped.data = "true" if goal.dropped else "false"


def fill(rows: FieldList, data: list[dict[str, Any]]) -> None:
    """Puts stored rows into a list of forms, longer where needed."""
    while len(rows) < len(data) + 1:
        rows.append_entry()
    for row, values in zip(rows, data, strict=False):
        for name, value in values.items():
            row.form[name].data = value
