"""Periods that are tied to the one that is released: a quarter and its months are looked at as one system."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from caseapp.core.periods import is_month
from caseapp.reference.statistics import Catalogue, named
from caseapp.services.statistics.protection.numbers import Cell, Numbers, read


@dataclass(frozen=True)
class Beside:
    """A quarter or month that the release is tied to.

    `catalogue`: what is issued for it; `facts`: its true numbers; `shows`: what a release of it shows, by cell, nothing of one
    that is not out: to the attacker that is a month of which everything is hidden. `before`: the facts of the period before it,
    where that is released and no part of the same quarter.
    """

    period: str
    catalogue: Catalogue
    facts: Sequence[Any]
    shows: Mapping[Cell, int] = field(default_factory=dict)
    before: Sequence[Any] = ()


@dataclass(frozen=True)
class Family:
    """A quarter with all its months, one of them the candidate; `names`: period → how its measures are named (the candidate's plain)."""

    whole: str
    months: tuple[str, ...]
    candidate: str

    @classmethod
    def of(cls, candidate: str, beside: Sequence[Beside]) -> "Family | None":
        """None where the candidate stands alone."""
        if not beside:
            return None
        every = [candidate, *(one.period for one in beside)]
        months = tuple(sorted(period for period in every if is_month(period)))
        [whole] = [period for period in every if not is_month(period)]
        return cls(whole, months, candidate)

    def name(self, measure: str, period: str) -> str:
        """A measure of one of its periods."""
        return measure if period == self.candidate else named(measure, period)

    def before(self, period: str) -> str | None:
        """The month of the quarter before a month of it."""
        at = self.months.index(period) if period in self.months else 0
        return self.months[at - 1] if at else None


def together(catalogue: Catalogue, beside: Sequence[Beside]) -> Catalogue:
    """One catalogue of all these periods."""
    return catalogue.together({one.period: one.catalogue for one in beside}) if beside else catalogue


def numbers_of(facts: Sequence[Any], period: str, chains: Mapping[str, Sequence[str]], beside: Sequence[Beside]) -> Numbers:
    """The numbers of all of them, each under the names of its period."""
    held = [fact for fact in facts if fact.period == period]
    for one in beside:
        told = one.catalogue.linked()
        held += [
            replace(fact, measure=named(fact.measure, one.period), period=period)
            for fact in one.facts
            if fact.period == one.period and fact.measure in told
        ]
    return read(held, period, chains)


def shown(beside: Sequence[Beside]) -> dict[Cell, int]:
    """What the periods beside show, under their names."""
    return {(named(measure, one.period), area, key): value for one in beside for (measure, area, key), value in one.shows.items()}
