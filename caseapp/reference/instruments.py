"""Assessment instruments: what a versioned definition is made of. Read and checked in `instrument_files`, scored in `scoring`.

The shape also takes instruments with reversed items, sub-scales, alerts on one item, and ones whose texts may not be copied
(`structure_only`: scores without words). A version once used is never deleted.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from caseapp.reference.files import Worded


@dataclass(frozen=True)
class Option(Worded):
    """One answer; `score` is what is stored and (unless the item is reversed) what counts. `code` is the score as text."""

    score: int = 0

    def short(self, language: str = "zh") -> str:
        """The word for a button."""
        return str(self.fact("short", language) or self.label(language))


@dataclass(frozen=True)
class Item(Worded):
    """One question with its options, best known first as the file has them."""

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

    def points(self, score: int) -> int:
        """What a given answer counts: itself, or mirrored in its range when the item is keyed the other way."""
        return min(self.scores) + self.maximum - score if self.reverse else score


@dataclass(frozen=True)
class Group(Worded):
    """Items that belong together and have a sum; sub-scales have the same shape and may overlap."""

    items: tuple[Item, ...] = ()

    @property
    def maximum(self) -> int:
        """The greatest sum."""
        return sum(item.maximum for item in self.items)

    def short(self, language: str = "zh") -> str:
        """The short name for a step or a tab."""
        return str(self.fact("short", language) or self.label(language))


@dataclass(frozen=True)
class Level(Worded):
    """A range of totals, both ends included; rank 0 is the best."""

    low: int = 0
    high: int = 0
    rank: int = 0


@dataclass(frozen=True)
class Condition(Worded):
    """What is asked beside the items: a flag (true or false) or a count."""

    kind: str = "flag"


@dataclass(frozen=True)
class Override(Worded):
    """A rule that changes the level: `set_to` a level, or `raise_by` levels worse (all raising rules together: once).

    It holds when one of the flags `any_of` is set, when the counts of `sum_of` reach `at_least`, or when one of `items` got a
    score of at least `at_least` (red flags of check lists).
    """

    any_of: tuple[str, ...] = ()
    sum_of: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    at_least: int = 1
    set_to: str | None = None
    raise_by: int = 0


@dataclass(frozen=True)
class Alert(Worded):
    """A sentence that must be shown whatever the total: bound to one item or one condition, by a bound on its value."""

    item: str | None = None
    condition: str | None = None
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True)
class Instrument(Worded):
    """One version of one instrument."""

    version: str = ""
    domains: tuple[str, ...] = ()
    better: str = "high"
    valid_from: date = date.min
    qualified_only: bool = False
    structure_only: bool = False
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
    def maximum(self) -> int:
        """The greatest total."""
        return sum(group.maximum for group in self.groups)

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

    def override(self, code: str) -> Override | None:
        """The override rule of that code, or None."""
        return next((rule for rule in self.overrides if rule.code == code), None)

    def review_months(self, level: str | None) -> int:
        """The suggested months until the next assessment; 12 where the file says nothing."""
        spans: list[dict[str, Any]] = self.facts.get("review", [])
        return next((int(span["months"]) for span in spans if level in span["levels"]), 12)

    def assessors_fall_short(self, count: int, medical: int) -> bool:
        """Whether fewer people assessed, or fewer of them medically trained, than the instrument wants: a warning only."""
        wanted = self.facts.get("assessors") or {}
        return bool(count < wanted.get("at_least", 1) or medical < wanted.get("medical", 0))
