"""A quarter and its months as one: put together under names of their own, what ties them, and what they tell between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np

from caseapp.core.periods import is_month
from caseapp.reference.statistics import named, plain
from caseapp.services.statistics.verify.evidence import Evidence, Fault
from caseapp.services.statistics.verify.truth import Truth

HIDDEN = "*"


@dataclass(frozen=True)
class Span:
    """Which periods are looked at together; the release's own measures have plain names. No months: it stands alone."""

    own: str
    quarter: str = ""
    months: tuple[str, ...] = ()

    @classmethod
    def of(cls, evidence: Evidence) -> "Span":
        """Of a release with what is beside it."""
        every = sorted([evidence.period, *(one.period for one in evidence.beside)])
        quarters = [period for period in every if not is_month(period)]
        if not evidence.beside or len(quarters) != 1:
            return cls(evidence.period)
        return cls(evidence.period, quarters[0], tuple(period for period in every if is_month(period)))

    def name(self, measure: str, period: str) -> str:
        """The name of a measure of one of the periods."""
        return measure if period == self.own else named(measure, period)

    def month_before(self, measure: str) -> str | None:
        """A month's measure in the month before, where that is one of the quarter."""
        name, period = plain(measure)
        period = period or self.own
        at = self.months.index(period) if period in self.months else 0
        return self.name(name, self.months[at - 1]) if at else None


def joined(evidence: Evidence) -> Evidence:
    """The same with the other periods' tables, facts and cells beside its own; a period that is not out hides everything."""
    if not evidence.beside:
        return evidence
    catalogue = evidence.catalogue.together({one.period: one.catalogue for one in evidence.beside})
    facts, shown = list(evidence.facts), dict(evidence.shown)
    linked, codes = catalogue.linked(), {table.code for table in catalogue.tables}
    for one in evidence.beside:
        for fact in one.facts:
            if named(fact.measure, one.period) in linked and getattr(fact, "period", one.period) == one.period:
                facts.append(
                    SimpleNamespace(
                        measure=named(fact.measure, one.period),
                        area=fact.area,
                        station=fact.station,
                        key=fact.key,
                        value=fact.value,
                        persons=fact.persons,
                        largest=fact.largest,
                    )
                )
        for table in one.catalogue.tables:
            if named(table.code, one.period) not in codes:
                continue
            for area in evidence.areas:
                if area.level in table.levels:
                    for key in table.cell_keys():
                        shown[named(table.code, one.period), area.code, key] = one.shown.get((table.code, area.code, key), HIDDEN)
    return replace(evidence, catalogue=catalogue, facts=facts, shown=shown)


def pairs(span: Span, truth: Truth) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(way through time, quarter's measure, months' measures) of what is told by month."""
    linked = truth.catalogue.linked()
    for measure in dict.fromkeys(plain(name)[0] for name in linked):
        whole, parts = span.name(measure, span.quarter), tuple(span.name(measure, month) for month in span.months)
        if span.months and whole in linked and all(part in linked for part in parts):
            yield truth.catalogue.over_time(measure), whole, parts


def faults(span: Span, truth: Truth, shown: Mapping[tuple[str, str, str], str]) -> Iterator[Fault]:
    """Cells that all periods show and that tell between them of few: who came in late, was taken back, or came twice."""
    for way, whole, parts in pairs(span, truth):
        summed = parts[-1:] if way == "stock" else parts
        for table in truth.catalogue.linked()[parts[-1]]:
            codes = {name: [t.code for t in truth.catalogue.linked()[name]] for name in (whole, *summed)}
            for values in ((), *table.cells()):
                key = table.dims_key(*(value.code for value in values))
                place = truth.place(key)
                if place is None:
                    continue
                gap = -truth.of_measure(whole, place[0])[0][:, place[1]]
                gap = sum((truth.of_measure(part, place[0])[0][:, place[1]] for part in summed), gap)
                if not gap.any():
                    continue
                greatest = [truth.of_measure(name, place[0])[2][:, place[1]].max(initial=0) for name in (whole, *summed)]
                few = (table.least(values, truth.catalogue.threshold) - 1) * max(1, int(max(greatest)))
                told, own = truth.member @ gap, truth.held @ gap
                rests = told[truth.pairs[:, 1]] - own
                for area in np.flatnonzero(truth.member @ (gap != 0)).tolist():
                    eyes = np.abs(np.append(rests[truth.pairs[:, 1] == area], told[area]))
                    all_show = all(
                        any(shown.get((code, truth.codes[area], key), HIDDEN) != HIDDEN for code in held)
                        for held in codes.values()
                    )
                    if all_show and ((eyes > 0) & (eyes <= few)).any():
                        yield Fault("a quarter and its months tell a difference of few", table.code, truth.codes[area])
