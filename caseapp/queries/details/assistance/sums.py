"""What the lines of a means sheet come to, in whole cents: pure, so that it can be tested against any lines.

A sum is evidence and never a verdict: nothing here knows a threshold (S-3.4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from caseapp import reference
from caseapp.core import money
from caseapp.models.details.assistance.means import MONEY

MONTHS = 12
Lines = list[dict[str, Any]]


@dataclass(frozen=True)
class Sums:
    """Cents a year by section and kind (of property: what it is worth), and how many members they are shared by."""

    members: int
    kinds: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def total(self, section: str, group: str | None = None) -> int:
        """The sum of a section, or of the kinds of one group of it."""
        kinds = self.kinds.get(section, {})
        if group is None:
            return sum(kinds.values())
        known = reference.codes(f"assistance_{section}").having("group", group)
        return sum(amount for kind, amount in kinds.items() if kind in known)

    @property
    def income(self) -> int:
        """What counts as income."""
        return self.total("income", "counted")

    @property
    def beside(self) -> int:
        """What is listed and not counted."""
        return self.total("income", "not_counted")

    @property
    def after_deductions(self) -> int:
        """Income less the deductions said; below zero it stays."""
        return self.income - self.total("deduction")

    def month(self, amount: int) -> int:
        """A twelfth of a year's amount."""
        return money.divided(amount, MONTHS)

    def head(self, amount: int) -> int | None:
        """A month's share of each counted member; None while nobody is counted."""
        return money.divided(amount, MONTHS * self.members) if self.members else None

    def kept(self) -> dict[str, Any]:
        """As a frozen sheet keeps it."""
        return {"members": self.members, "kinds": {section: dict(kinds) for section, kinds in self.kinds.items()}}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Sums":
        """From a frozen sheet."""
        return cls(kept["members"], kept["kinds"])


def year_of(section: str, line: Mapping[str, Any]) -> int:
    """What one line comes to in twelve months; of property, what it is worth."""
    if section == "property":
        return int(line["amount"])
    return int(line["amount"]) * times_of(line)


def times_of(line: Mapping[str, Any]) -> int:
    """How often in twelve months: as said, else as the period says."""
    if line.get("times"):
        return int(line["times"])
    per = reference.codes("assistance_per").get(line.get("per"))
    return int(per.facts["times"]) if per is not None else 1


def counted(members: Iterable[Mapping[str, Any]]) -> set[str]:
    """The members that are counted."""
    return {member["key"] for member in members if member.get("counted")}


def belongs(line: Mapping[str, Any], keys: set[str]) -> bool:
    """Whether a line is the whole family's or a counted member's."""
    return not line.get("who") or line["who"] in keys


def reckon(sections: Mapping[str, Lines], members: Iterable[Mapping[str, Any]]) -> Sums:
    """The sums of a sheet; lines of members who are not counted stay out."""
    keys = counted(members)
    found: dict[str, dict[str, int]] = {}
    for section in MONEY:
        kinds = found.setdefault(section, {})
        for line in sections.get(section) or []:
            if belongs(line, keys):
                kinds[line["kind"]] = kinds.get(line["kind"], 0) + year_of(section, line)
    return Sums(len(keys), found)


@dataclass(frozen=True)
class Row:
    """One kind on the new sheet beside the last one."""

    section: str
    kind: str
    now: int
    last: int | None

    @property
    def difference(self) -> int | None:
        """How much it went up or down; None without a last sheet."""
        return None if self.last is None else self.now - self.last


def beside(now: Sums, last: Sums | None) -> dict[str, list[Row]]:
    """The kinds of each section that either sheet knows, in the order of their list."""
    found = {}
    for section in MONEY:
        mine, theirs = now.kinds.get(section, {}), last.kinds.get(section, {}) if last is not None else {}
        order = reference.codes(f"assistance_{section}").codes()
        kinds = [kind for kind in order if kind in mine or kind in theirs]
        found[section] = [
            Row(section, kind, mine.get(kind, 0), theirs.get(kind, 0) if last is not None else None) for kind in kinds
        ]
    return found
