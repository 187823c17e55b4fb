"""Rules as data: how often somebody is visited, what a stage of a case asks for, and the defaults of every setting."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from caseapp.core.dates import add_months, month_end
from caseapp.reference.files import Worded, insist, read_folder, read_json, unique, worded

APPLIES_TO = ("tag", "level", "risk", "status")
MARKS = ("plan", "law", "source", "contract", "practice", "known_verify", "design")


@dataclass(frozen=True)
class IntervalRule(Worded):
    """At most so long between two visits, for everybody with one of `values`.

    `values` are tag codes, "instrument:level", risk words or case statuses. `zh` and `en` are sentence templates with
    {tag}, {level} and {days}. `first_days`: how soon after the rule began somebody is seen first. `then_months`: seen at a
    fixed series of months after it began, and not by it after the last. A county may tighten a rule with `tighten_only`,
    never loosen it.
    """

    applies_to: str = "tag"
    values: frozenset[str] = frozenset()
    days: int | None = None
    months: int | None = None
    calendar: bool = False
    basis: str = ""
    mark: str = "design"
    tighten_only: bool = True
    kinds: frozenset[str] = frozenset()
    first_days: int | None = None
    then_months: tuple[int, ...] = ()

    def due_after(self, last: date) -> date:
        """The day by which the next visit is due. A month after each visit also keeps one visit in every calendar month."""
        return last + timedelta(days=self.days) if self.days is not None else add_months(last, self.months or 1)

    def first_due(self, start: date) -> date:
        """The day by which somebody never visited is due, from the day the rule began; `calendar`: within that month."""
        if self.first_days is not None:
            return start + timedelta(days=self.first_days)
        return month_end(start) if self.calendar else self.due_after(start)

    def next_in_series(self, start: date, met_on: date | None) -> date | None:
        """The first day of the series that no meeting has kept yet; None once the series is over."""
        days = [add_months(start, months) for months in self.then_months]
        if self.first_days is not None:
            days.insert(0, start + timedelta(days=self.first_days))
        after = max(start, met_on or start)
        return next((day for day in days if day > after), None)

    @property
    def longest_days(self) -> int:
        """The rule's interval in days, for telling which of two rules is stricter."""
        return self.days if self.days is not None else (self.months or 1) * 30

    @property
    def shortest_days(self) -> int:
        """The least time it ever leaves between two contacts."""
        return min(self.longest_days, self.first_days) if self.first_days is not None else self.longest_days

    def sentence(self, language: str = "zh", **words: Any) -> str:
        """The one sentence that explains the rule, for example 独居，每月至少一次."""
        return self.label(language).format(**{"tag": "", "level": "", "days": self.longest_days, **words})


@cache
def interval_rules() -> dict[str, IntervalRule]:
    """Every visit interval rule by code."""
    where, found = "rules/visit_intervals.json", []
    for entry in read_json(where)["entries"]:
        code, zh, en = worded(entry, where)
        days, months = entry.get("days"), entry.get("months")
        insist(
            (days is None) != (months is None),
            f"{where}: {code} needs days or months, not both",
        )
        insist(
            entry["applies_to"] in APPLIES_TO and entry["mark"] in MARKS,
            f"{where}: {code} applies_to or mark",
        )
        insist(len(code) <= 30, f"{where}: {code} is longer than its column")
        found.append(
            IntervalRule(
                code,
                zh,
                en,
                entry,
                entry["applies_to"],
                frozenset(entry["values"]),
                days,
                months,
                bool(entry.get("calendar")),
                entry["basis"],
                entry["mark"],
                bool(entry["tighten_only"]),
                frozenset(entry.get("kinds", ())),
                entry.get("first_days"),
                tuple(entry.get("then_months", ())),
            )
        )
    unique((rule.code for rule in found), where)
    return {rule.code: rule for rule in found}


def rules_for(applies_to: str, value: str) -> tuple[IntervalRule, ...]:
    """The rules that hold for one tag, level ("gbt42195:3"), risk or status, strictest first."""
    hits = (rule for rule in interval_rules().values() if rule.applies_to == applies_to and value in rule.values)
    return tuple(sorted(hits, key=lambda rule: rule.longest_days))


@dataclass(frozen=True)
class Stage(Worded):
    """One stage of a case: what must be there to leave it (`gate`) and how long it should take; defaults to be checked."""

    def gate(self, language: str = "zh") -> str:
        """What opens the next stage."""
        return str(self.fact("gate", language))


@cache
def stages() -> dict[str, Stage]:
    """The stages of a case by status."""
    where = "rules/stages.json"
    found = [Stage(*worded(entry, where), entry) for entry in read_json(where)["entries"]]
    unique((stage.code for stage in found), where)
    return {stage.code: stage for stage in found}


@dataclass(frozen=True)
class Default(Worded):
    """The value of a setting where no organisation has set another."""

    value: Any = None
    unit: str = ""
    mark: str = "design"
    note: str | None = None


@cache
def defaults() -> dict[str, Default]:
    """Every setting's default by name (`visit.late_entry_days`): the shared file, then those of the service domains."""
    found = []
    for where, data in (("settings.json", read_json("settings.json")), *read_folder("settings").items()):
        for entry in data["entries"]:
            code, zh, en = worded({"code": entry["name"], **entry}, where)
            insist(entry["mark"] in MARKS, f"{where}: {code} mark")
            found.append(Default(code, zh, en, entry, entry["value"], entry["unit"], entry["mark"], entry.get("note")))
    unique((default.code for default in found), "settings")
    return {default.code: default for default in found}


def default(name: str) -> Any:
    """The default value of one setting; KeyError for a name that is none."""
    return defaults()[name].value
