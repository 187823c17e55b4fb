"""What a published table is: a measure, by area down to a level, divided by nothing, one or two dimensions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

from caseapp.reference.files import Worded

LEVELS = ("province", "city", "management_area", "county", "township")
APART = ";"  # between the parts of a key
OF = "@"  # between a measure and the period of another release


@dataclass(frozen=True)
class Value(Worded):
    """One value of a dimension.

    `k` is its own threshold, `oldest` and `youngest` bound an age band, `codes` are the tags of a group, `parent` is the
    value of the coarser dimension that holds it, `ages` are the age bands that the persons of a group lie in (empty: any).
    """

    k: int = 5
    youngest: int | None = None
    oldest: int | None = None
    codes: tuple[str, ...] = ()
    parent: str | None = None
    ages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dimension(Worded):
    """What a table is divided by: values that cover everybody, so that they add up, unless they `overlap`.

    `within` names the coarser dimension whose values are the sums of this one's. `rest` takes every code that has no
    value of its own. `sensitive`: that everybody in a small known total has one and the same value must not be told.
    `at_end`: looked at on the last day of the period, so that months do not add up by it.
    """

    values: tuple[Value, ...] = ()
    overlap: bool = False
    within: str | None = None
    rest: str | None = None
    sensitive: bool = False
    at_end: bool = False

    def value(self, code: str | None) -> Value | None:
        """One value."""
        return self._by_code.get(code or "")

    def told(self, code: str | None) -> str | None:
        """The value a code of the rows counts under; None when there is none for it."""
        return code if code in self._by_code else self.rest

    @cached_property
    def _by_code(self) -> dict[str, Value]:
        return {value.code: value for value in self.values}


def key_of(dims: Mapping[str, str]) -> str:
    """The key of a cell, dimensions in order; empty for the total."""
    return APART.join(f"{name}={code}" for name, code in dims.items())


def named(code: str, period: str) -> str:
    """A measure or table of another period: visits@2026M07."""
    return f"{code}{OF}{period}"


def plain(code: str) -> tuple[str, str]:
    """(measure or table, period of another release or nothing) of such a name."""
    name, _of, period = code.partition(OF)
    return name, period


@dataclass(frozen=True)
class MeasureKind(Worded):
    """What is counted: `over_time` is sum, stock or distinct; `counts` is persons, attendances, cases, minutes or person_months.

    `k` is the threshold of its totals too, where everybody counted is of a group with a higher one.
    """

    over_time: str = "sum"
    counts: str = "cases"
    k: int = 0


@dataclass(frozen=True)
class Balance:
    """What came less what went is the change of the stock between two ends, where the truth keeps it."""

    came: str
    went: str
    stock: str = ""

    @property
    def flows(self) -> tuple[str, str]:
        """The measures that are hidden together."""
        return self.came, self.went


@dataclass(frozen=True)
class NeverMore:
    """In no cell is the small measure greater than the large one: cell by cell, or against the cell `at` of the same area."""

    small: str
    large: str
    at: str = ""


@dataclass(frozen=True)
class TableKind(Worded):
    """One published table. `months` are the levels of its monthly issue, `sensitive` dimensions that are so in this table."""

    measure: str = ""
    subject: str = ""
    dimensions: tuple[Dimension, ...] = ()
    levels: tuple[str, ...] = LEVELS
    derived: bool = False
    magnitude: bool = False
    months: tuple[str, ...] = ()
    k: int = 0
    also_sensitive: tuple[str, ...] = ()

    @property
    def periods(self) -> tuple[str, ...]:
        """The kinds of periods it is issued for."""
        return ("quarter", "month") if self.months else ("quarter",)

    @property
    def sensitive(self) -> tuple[str, ...]:
        """The dimensions in which a small known total must not be seen to have one value only."""
        return tuple(d.code for d in self.dimensions if d.sensitive or d.code in self.also_sensitive)

    def least(self, values: tuple[Value, ...] = (), threshold: int = 5) -> int:
        """From how many persons on a cell is shown: the highest threshold of its values and of the measure; no value: the total."""
        return max([self.k, *(value.k for value in values)] if values else [self.k, threshold])

    @property
    def names(self) -> tuple[str, ...]:
        """The codes of its dimensions."""
        return tuple(dimension.code for dimension in self.dimensions)

    @property
    def crossed(self) -> bool:
        """Whether two dimensions meet in it."""
        return len(self.dimensions) > 1

    def cells(self) -> Iterator[tuple[Value, ...]]:
        """The values of each cell of one area but the total, in order; of a crossed table without its margins."""
        if self.dimensions:
            yield from product(*(dimension.values for dimension in self.dimensions))

    def dims(self, *values: str) -> dict[str, str]:
        """Dimension → code of one cell."""
        return dict(zip(self.names, values, strict=True)) if values else {}

    def dims_key(self, *values: str) -> str:
        """The key of one of its cells; no value for the total."""
        return key_of(self.dims(*(value for value in values if value)))

    def cell_keys(self) -> Iterator[str]:
        """The key of every cell of one area: the total first, then, where two dimensions meet, the margins are other tables'."""
        yield ""
        for values in self.cells():
            yield self.dims_key(*(value.code for value in values))


@dataclass(frozen=True)
class Catalogue:
    """All tables of one version with the parameters of their protection."""

    version: str
    threshold: int
    contributors: int
    area_minimum: int
    protection: Worded
    subjects: tuple[Worded, ...] = ()
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    tables: tuple[TableKind, ...] = ()
    balances: tuple[Balance, ...] = ()
    never_more: tuple[NeverMore, ...] = ()
    measures: dict[str, MeasureKind] = field(default_factory=dict)
    words: dict[str, Worded] = field(default_factory=dict)  # sentences printed under tables: period, cut_off, persons …
    cut_off_days: int = 10
    valid_from: str = ""
    compare_least: int = 10  # a rate or a difference of fewer is too few to compare

    def table(self, code: str) -> TableKind | None:
        """One table by code."""
        return next((table for table in self.tables if table.code == code), None)

    def linked(self) -> dict[str, tuple[TableKind, ...]]:
        """Tables of counts that share their totals, by measure: protected together."""
        found: dict[str, tuple[TableKind, ...]] = {}
        for table in self.tables:
            if not table.derived:
                found[table.measure] = (*found.get(table.measure, ()), table)
        return found

    def groupings(self, measure: str) -> list[tuple[str, ...]]:
        """By which dimensions a measure is counted, the total first, then as published, then the frames of the protection."""
        return list(dict.fromkeys([(), *(table.names for table in self.linked().get(measure, ())), *self.frames(measure)]))

    def frames(self, measure: str) -> tuple[tuple[str, ...], ...]:
        """The joint groupings in which a reader's whole knowledge of a measure can be written as whole numbers.

        Dimensions that meet in crossed tables, directly or through others, are one frame: tables that form a ring (domain by
        age, domain by sex; through the areas a crossed table of the county and the one-way ones of its townships) allow
        fewer worlds together than one by one. Each other dimension is a frame of its own at its finest; frames share totals
        only along a tree, so that any of their worlds fit together.
        """
        tables = self.linked().get(measure, ())
        rings: list[set[str]] = []
        for names in (set(table.names) for table in tables if table.crossed):
            met = [ring for ring in rings if ring & names]
            rings = [ring for ring in rings if not ring & names] + [names.union(*met)]
        found = [tuple(name for name in self.dimensions if name in ring) for ring in rings]
        joined = {name for ring in rings for name in ring}
        alone = dict.fromkeys(d.code for table in tables if not table.crossed for d in table.dimensions)
        coarser = {d.within for table in tables for d in table.dimensions if d.within}
        found += [(name,) for name in alone if name not in joined and name not in coarser]
        return tuple(found) or ((),)

    def monthly(self) -> "Catalogue":
        """The catalogue of a monthly issue: its tables only, down to the levels it reaches."""
        tables = tuple(replace(table, levels=table.months) for table in self.tables if table.months)
        measures = {table.measure for table in tables}
        return replace(
            self,
            tables=tables,
            balances=tuple(pair for pair in self.balances if {*pair.flows} <= measures),
            never_more=tuple(rule for rule in self.never_more if {rule.small, rule.large} <= measures),
        )

    def issue(self, period: str) -> "Catalogue":
        """What of it is issued for a period: of a month the monthly tables; all of it where none is marked so."""
        return self.monthly() if "M" in period and any(table.months for table in self.tables) else self

    def together(self, others: Mapping[str, "Catalogue"]) -> "Catalogue":
        """One catalogue of this period's tables and, under names of their own (`visits@2026M07`), those of other periods.

        For looking at releases of several periods as one system: of the others what some rule ties to a table of this one, without
        what is derived.
        """
        tables, balances, never_more, measures = [*self.tables], [*self.balances], [*self.never_more], dict(self.measures)
        wanted = self._tied(others.values())
        for period, other in others.items():
            tables += [
                replace(table, code=named(table.code, period), measure=named(table.measure, period))
                for table in other.tables
                if not table.derived and table.measure in wanted
            ]
            balances += [
                Balance(named(pair.came, period), named(pair.went, period), named(pair.stock, period) if pair.stock else "")
                for pair in other.balances
                if {*pair.flows} <= wanted
            ]
            never_more += [
                NeverMore(named(rule.small, period), named(rule.large, period), rule.at)
                for rule in other.never_more
                if {rule.small, rule.large} <= wanted
            ]
            measures |= {named(code, period): measure for code, measure in other.measures.items()}
        return replace(self, tables=tuple(tables), balances=tuple(balances), never_more=tuple(never_more), measures=measures)

    def _tied(self, others: Iterable["Catalogue"]) -> set[str]:
        """The measures of this catalogue and those of others that a balance or a comparison ties to them."""
        rules = [{*pair.flows, pair.stock} - {""} for one in others for pair in one.balances]
        rules += [{rule.small, rule.large} for one in others for rule in one.never_more]
        found, before = set(self.linked()), -1
        while len(found) != before:
            before = len(found)
            found = found.union(*(rule for rule in rules if rule & found))
        return found

    def over_time(self, measure: str) -> str:
        """How a measure goes through time: sum, stock or distinct."""
        return self.measures[measure].over_time if measure in self.measures else "sum"

    def by_subject(self) -> list[tuple[Worded, list[TableKind]]]:
        """The tables under their headings."""
        return [(subject, [t for t in self.tables if t.subject == subject.code]) for subject in self.subjects]
