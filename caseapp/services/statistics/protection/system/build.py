"""One linear system over the measures that are tied to each other: atoms, cells, and what every world must keep."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.reference.statistics import Catalogue, plain
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection.beside import Family
from caseapp.services.statistics.protection.frames import frames
from caseapp.services.statistics.protection.numbers import Numbers, Whole
from caseapp.services.statistics.protection.system import over_time
from caseapp.services.statistics.protection.system.cells import cells_of
from caseapp.services.statistics.protection.system.shape import Block, System
from caseapp.services.statistics.protection.system.ties import Ties


def components(catalogue: Catalogue) -> list[tuple[str, ...]]:
    """The measures that must be protected together because a rule ties them, each group in the order of the catalogue.

    One measure of several periods is one group; what nothing of the release itself is in is left out.
    """
    order = list(catalogue.linked())
    groups = [{measure} for measure in order]
    ties = [{pair.came, pair.went, pair.stock} - {""} for pair in catalogue.balances]
    ties += [{rule.small, rule.large} for rule in catalogue.never_more]
    ties += [{name for name in order if plain(name)[0] == measure} for measure in dict.fromkeys(plain(name)[0] for name in order)]
    for tie in (tie for tie in ties if tie & set(order)):
        met = [group for group in groups if group & tie]
        groups = [group for group in groups if not group & tie] + [set().union(*met)]
    groups = [group for group in groups if any(not plain(name)[1] for name in group)]
    return sorted((tuple(m for m in order if m in group) for group in groups), key=lambda group: order.index(group[0]))


def build(
    catalogue: Catalogue,
    measures: tuple[str, ...],
    areas: Sequence[Area],
    inside: list[Whole],
    numbers: Numbers,
    before: Mapping[str, Numbers] | None = None,
    family: Family | None = None,
) -> System:
    """The system of some measures; `before` are the numbers of the release before ("" that of the candidate, and those of the other
    periods of its family by their names), for stocks that changed since.

    Raises Conflict where facts do not add up to each other.
    """
    stations = len(numbers.stations)
    blocks, start = [], 0
    for measure in measures:
        for frame in frames(catalogue, measure):
            blocks.append(Block(frame, start, len(frame.keys)))
            start += stations * len(frame.keys)
    truth = np.zeros(start, dtype=np.int64)
    for block in blocks:
        for number, key in enumerate(block.frame.keys):
            truth[block.start + number : block.start + stations * block.width : block.width] = numbers.value(
                block.frame.measure, key
            )
    names, rows, tables, least, area, level = cells_of(catalogue, measures, areas, inside, blocks, start, stations)
    ties = Ties(catalogue, blocks, start, stations)
    equal, more = ties.agree(), ties.more(truth, inside, over_time.more(ties, family) if family else ())
    equal = sparse.vstack([equal, ties.balances(numbers, before or {}, family, inside)], format="csr")
    if family:
        equal = sparse.vstack([equal, over_time.equal(ties, family, truth, inside)], format="csr")
    slack = more @ truth
    found = System(
        catalogue, numbers, areas, inside, measures, blocks, truth, names, rows, equal, more, slack, tables, least, area, level,
        over_time.company(catalogue, family) if family else {},
    )  # fmt: skip
    _agree(found)
    return found


def _agree(system: System) -> None:
    """Frames and totals are counts of the same rows; where they differ, something was counted between two refreshes."""
    told = system.rows @ system.truth
    for number, (measure, _area, key) in enumerate(system.names):
        held = system.numbers.value(measure, key)[system.inside[system.area[number]]].sum()
        if held != told[number]:
            raise Conflict(_l("The figures of %(what)s do not add up: refresh them again.", what=measure), "period", code="facts")
