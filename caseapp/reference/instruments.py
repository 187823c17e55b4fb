"""Assessment instruments: what a versioned definition is made of. Read and checked in `instrument_files`, scored in `scoring`.

An instrument has groups of items (or one group that is not shown as one), levels by its total or by rules alone, and says
whether more points are better or worse. One whose texts may not be copied ships its structure only (`structure_only`: scores
without words). A version once used is never deleted.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from caseapp.core.dates import add_months
from caseapp.reference.files import Worded
from caseapp.reference.instrument_rules import Alert, Condition, Override

ALONE = "all"  # the code of the one group of an instrument without groups


@dataclass(frozen=True)
class Option(Worded):
    """One answer; `score` is what is stored and (unless the item is reversed) what counts. `code` is the score as text."""

    score: int = 0

    def short(self, language: str = "zh") -> str:
        """The word for a button."""
        return str(self.fact("short", language) or self.label(language))


@dataclass(frozen=True)
class Item(Worded):
    """One question with its options, in the order in which they are offered."""

    options: tuple[Option, ...] = ()
    reverse: bool = False

    @property
    def scores(self) -> frozenset[int]:
        """Every score that may be given."""
        return frozenset(option.score for option in self.options)

    @property
    def maximum(self) -> int:
        """The greatest score."""
        return max(self.scores)

    @property
    def is_yes_no(self) -> bool:
        """Whether it is answered by one of two words."""
        return self.scores == {0, 1}

    def points(self, score: int) -> int:
        """What a given answer counts: itself, or mirrored in its range when the item is keyed the other way."""
        return min(self.scores) + self.maximum - score if self.reverse else score

    def option(self, score: int | None) -> Option | None:
        """The option of a stored score, or None."""
        return next((option for option in self.options if option.score == score), None)


@dataclass(frozen=True)
class Group(Worded):
    """Items that belong together and have a sum; sub-scales have the same shape and may overlap.

    `counts` is false where the items are asked but add nothing to the total: red flags, circumstances.
    """

    items: tuple[Item, ...] = ()
    counts: bool = True

    @property
    def maximum(self) -> int:
        """The greatest sum."""
        return sum(item.maximum for item in self.items)

    def short(self, language: str = "zh") -> str:
        """The short name for a step or a tab."""
        return str(self.fact("short", language) or self.label(language))


@dataclass(frozen=True)
class Level(Worded):
    """A range of totals, both ends included, or none where rules alone decide; rank 0 is the best."""

    low: int | None = None
    high: int | None = None
    rank: int = 0

    @property
    def tone(self) -> str:
        """How loudly a page says it: plain, info, ok, careful, stop."""
        return str(self.facts.get("tone", "info"))


@dataclass(frozen=True)
class Instrument(Worded):
    """One version of one instrument."""

    version: str = ""
    better: str = "high"
    valid_from: date = date.min
    domains: tuple[str, ...] = ()  # offered there beside what the domains themselves name
    everywhere: bool = False  # offered in every domain's case: crisis must not wait for the right door
    klass: str | None = None  # results are of this class whatever the class of their case
    qualified_only: bool = False
    structure_only: bool = False
    by_rules: bool = False  # the level follows from rules; points are only counted
    says_words: bool = False  # answers show their word, not their score
    groups: tuple[Group, ...] = ()
    subscales: tuple[Group, ...] = ()
    levels: tuple[Level, ...] = ()
    conditions: tuple[Condition, ...] = ()
    overrides: tuple[Override, ...] = ()
    alerts: tuple[Alert, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item in order."""
        return tuple(item for group in self.groups for item in group.items)

    @property
    def counting(self) -> tuple[Group, ...]:
        """The groups that make up the total."""
        return tuple(group for group in self.groups if group.counts)

    @property
    def has_groups(self) -> bool:
        """Whether its groups are shown: one alone is not."""
        return len(self.groups) > 1

    @property
    def maximum(self) -> int:
        """The greatest total."""
        return sum(group.maximum for group in self.counting)

    @property
    def wants_assessors(self) -> bool:
        """Whether it asks by whom it was done."""
        return self.qualified_only or bool(self.facts.get("assessors"))

    @property
    def protocols(self) -> tuple[str, ...]:
        """The protocols that its alerts may begin."""
        return tuple(dict.fromkeys(alert.protocol for alert in self.alerts if alert.protocol))

    def item(self, code: str) -> Item | None:
        """The item of that code, or None."""
        return next((item for item in self.items if item.code == code), None)

    def level(self, code: str | None) -> Level | None:
        """The level of that code, or None."""
        return next((level for level in self.levels if level.code == code), None)

    def level_label(self, code: str | None, language: str = "zh") -> str:
        """The level's name, or the code itself."""
        found = self.level(code)
        return found.label(language) if found else str(code or "")

    def tone(self, code: str | None) -> str:
        """How loudly a page says a level."""
        found = self.level(code)
        return found.tone if found else "info"

    def override(self, code: str) -> Override | None:
        """The override rule of that code, or None."""
        return next((rule for rule in self.overrides if rule.code == code), None)

    def review_on(self, level: str | None, assessed_on: date) -> date | None:
        """The day by which to assess again; after 12 months where the file says nothing, never where it says 0."""
        spans: list[dict[str, Any]] = self.facts.get("review", [])
        span = next((span for span in spans if level in span["levels"]), {"months": 12})
        if "days" in span:
            return assessed_on + timedelta(days=int(span["days"]))
        return add_months(assessed_on, int(span["months"])) if span["months"] else None

    def too_soon(self, last_on: date | None, assessed_on: date) -> int:
        """Days left until the instrument says something new; 0 when it may be used again. A warning only."""
        wanted = int((self.facts.get("again") or {}).get("min_days", 0))
        return max(wanted - (assessed_on - last_on).days, 0) if last_on is not None else 0

    def too_late(self, last_on: date | None, assessed_on: date) -> bool:
        """Whether more time has passed than may lie between two assessments. A warning only."""
        most = (self.facts.get("again") or {}).get("max_months")
        return bool(most and last_on is not None and assessed_on > add_months(last_on, int(most)))

    def misses_age(self, years: int | None) -> bool:
        """Whether somebody of this age is outside the ages it was made for; nobody whose age is not known."""
        ages = self.facts.get("age") or {}
        return years is not None and not ages.get("from", 0) <= years <= ages.get("to", 200)

    def refuses_age(self, years: int | None) -> bool:
        """Whether the instrument says nothing at all about somebody of this age."""
        return bool((self.facts.get("age") or {}).get("strict")) and self.misses_age(years)

    def assessors_fall_short(self, assessors: list[dict[str, Any]]) -> bool:
        """Whether fewer people assessed, or fewer of them trained, than the instrument wants: a warning only."""
        wanted = self.facts.get("assessors") or {}
        medical = sum(1 for who in assessors if who.get("medical"))
        trained = any(who.get("trained") or who.get("medical") for who in assessors)
        few = len(assessors) < wanted.get("at_least", 0) or medical < wanted.get("medical", 0)
        return bool(few or (self.qualified_only and not trained))
