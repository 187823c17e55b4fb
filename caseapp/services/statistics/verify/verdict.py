"""The whole verification: numbers, hiding, worlds, and whether every reader is left in doubt."""

from collections.abc import Iterator

import numpy as np

from caseapp.reference.statistics import plain
from caseapp.services.statistics.verify import corrections, periods, rules
from caseapp.services.statistics.verify.cells import Cells
from caseapp.services.statistics.verify.evidence import Evidence, Fault, Figures
from caseapp.services.statistics.verify.keys import fit_together
from caseapp.services.statistics.verify.periods import Span, joined
from caseapp.services.statistics.verify.targets import Demand, demands
from caseapp.services.statistics.verify.truth import Truth, Whole
from caseapp.services.statistics.verify.worlds import Certificate, Unreadable, Worlds, read

HIDDEN = "*"


def verify(evidence: Evidence) -> Figures:
    """Adds everything up; faults are told, never raised."""
    span, evidence = Span.of(evidence), joined(evidence)
    truth = Truth(evidence.catalogue, evidence.areas, evidence.chains, evidence.facts, evidence.contractors)
    cells, said = Cells(truth), Figures(insiders=len(truth.insiders))
    said.faults += _printed(cells, evidence, said)
    said.faults += corrections.faults(evidence)
    said.faults += periods.faults(span, truth, evidence.shown)
    # what another release shows is judged with that release
    wanted = [demand for demand in demands(cells) if not _is_elsewhere(cells, demand, evidence)]
    said.guarded = len(wanted)
    hidden = np.concatenate([np.zeros(0, bool), *(block.hidden.ravel() for block in cells.blocks)])
    for demand in wanted:
        if not hidden[demand.cell]:
            said.faults.append(_fault(cells, demand.cell, "a cell that tells of few is shown"))
    try:
        certificate = read(evidence.certificate, evidence.period, truth)
    except Unreadable as error:
        said.faults.append(Fault(str(error)))
        return said
    said.witnesses = certificate.count
    said.faults += _framed(cells, certificate)
    if any(fault.what == UNSAID for fault in said.faults):
        return said
    worlds = Worlds(truth, cells, certificate)
    moved = worlds.moved()
    said.faults += _worlds(worlds, moved, hidden, evidence, span)
    said.faults += _doubt(worlds, wanted, moved, said)
    return said


UNSAID = "a published grouping is no sum of the certificate's frames"


def _is_elsewhere(cells: Cells, demand: Demand, evidence: Evidence) -> bool:
    """Whether a cell is of another period and shown there."""
    block, area, key = cells.name(demand.cell)
    if not plain(block.measure)[1]:
        return False
    return any(evidence.shown.get((table.code, area, key), HIDDEN) != HIDDEN for table in block.tables)


def _fault(cells: Cells, number: int, what: str) -> Fault:
    block, area, _key = cells.name(number)
    return Fault(what, block.tables[0].code, area)


def _printed(cells: Cells, evidence: Evidence, said: Figures) -> Iterator[Fault]:
    """Every cell of every table stands there, shows the true number or the mark, and the same in every table that has it."""
    wrong: dict[Fault, None] = {}
    left = dict.fromkeys(key for key in evidence.shown if _of_counts(evidence, key[0]))
    marked: dict[int, set[bool]] = {}
    for table, block, code, area, key in cells.printed():
        name = (table.code, code, block.grid.keys[key])
        told = evidence.shown.get(name)
        left.pop(name, None)
        said.cells += 1
        if told is None:
            wrong[Fault("a cell is missing", table.code, code)] = None
            continue
        marked.setdefault(block.start + area * len(block.grid.keys) + key, set()).add(told == HIDDEN)
        if told == HIDDEN:
            said.hidden += 1
            block.hidden[area, key] = True
        elif told != str(block.value[area, key]):
            wrong[Fault("a shown number is not the true one", table.code, code)] = None
    for number, marks in marked.items():
        if len(marks) > 1:
            wrong[_fault(cells, number, "a cell is shown in one table and hidden in another")] = None
    for table_code, code, _key in left:
        wrong[Fault("a cell is printed that the catalogue does not have", table_code, code)] = None
    for table in evidence.catalogue.tables:
        if table.derived:
            wrong |= dict.fromkeys(_derived(cells, evidence, table))
    yield from wrong


def _of_counts(evidence: Evidence, code: str) -> bool:
    table = evidence.catalogue.table(code)
    return table is None or not table.derived


def _derived(cells: Cells, evidence: Evidence, table: object) -> Iterator[Fault]:
    """A rate is shown only where everything it is made from is."""
    code, measure = table.code, table.measure  # type: ignore[attr-defined]
    for area in cells.truth.codes:
        told = evidence.shown.get((code, area, ""))
        parts = [b.hidden[cells.truth.area[area]].any() for b in cells.blocks if b.measure == measure]
        if told not in (None, HIDDEN) and any(parts):
            yield Fault("a rate is shown though a part of it is hidden", code, area)


def _framed(cells: Cells, certificate: Certificate) -> Iterator[Fault]:
    """The frames say every published grouping, fit together, and count what the groupings count."""
    truth = cells.truth
    for measure in truth.catalogue.linked():
        names = [frame.names for frame in certificate.of(measure)]
        if any(name not in truth.catalogue.dimensions for frame in names for name in frame):
            yield Fault(UNSAID, measure)
            continue
        if not fit_together(truth.catalogue, names):
            yield Fault("the frames form a ring, so that worlds of each need not fit together", measure)
        for block in (block for block in cells.blocks if block.measure == measure):
            sayers = [frame for frame in certificate.of(measure) if truth.grid(frame.names).says(block.grid.names)]
            if not sayers:
                yield Fault(UNSAID, measure)
            for frame in sayers:
                grid = truth.grid(frame.names)
                told = np.zeros((len(truth.stations), len(block.grid.keys)), dtype=np.int64)
                if len(grid.keys):
                    np.add.at(told.T, grid.onto(block.grid), truth.of_measure(measure, frame.names)[0].T)
                if (told != truth.of_measure(measure, block.grid.names)[0]).any():
                    yield Fault("the true numbers of two groupings do not add up to each other", measure)


def _worlds(worlds: Worlds, moved: tuple[Whole, Whole, Whole], hidden: Whole, evidence: Evidence, span: Span) -> Iterator[Fault]:
    """Every witness is a possible world that shows this release."""
    yield from worlds.negative()
    _witness, cell, _delta = moved
    for number in np.unique(cell[~hidden[cell]]).tolist():
        yield _fault(worlds.cells, number, "a witness changes a shown cell")
    before = {}
    for period, stocks in (("", evidence.before), *((one.period, one.before) for one in evidence.beside)):
        if stocks:
            before[period] = Truth(evidence.catalogue, evidence.areas, evidence.chains, stocks, {}, evidence.facts)
    yield from rules.faults(worlds, before, span)


def _doubt(worlds: Worlds, wanted: list[Demand], moved: tuple[Whole, Whole, Whole], said: Figures) -> Iterator[Fault]:
    """For every guarded cell and every reader there is a witness far enough up and one far enough down that leaves what they know."""
    cells, touched = worlds.cells, worlds.touched()
    witness, cell, delta = moved
    count = max(cells.count, 1)
    order = witness * count + cell  # ascending
    held = {cells.find(*name): sides for name, sides in worlds.certificate.cells.items()}
    for demand in wanted:
        sides = held.get(demand.cell)
        if sides is None:
            yield _fault(cells, demand.cell, "a guarded cell has no witnesses")
            continue
        for side, (numbers, sign) in enumerate(zip(sides, (1, -1), strict=True)):
            found: list[tuple[int, frozenset[int]]] = []
            for number in numbers:
                if not 0 <= number < worlds.certificate.count:
                    continue
                at = int(np.searchsorted(order, number * count + demand.cell))
                far = sign * int(delta[at]) if at < len(order) and order[at] == number * count + demand.cell else 0
                found.append((far, touched[number]))
            missing = _missing(demand, side, found)
            said.asked += (1 + len(worlds.truth.insiders)) if demand.everybody[side] else len(demand.own)
            way = "up" if side == 0 else "down"
            if missing == OUTSIDER:
                yield _fault(cells, demand.cell, f"the outsider has no witness that goes {way}")
            elif missing is not None:
                kind, _name = worlds.truth.insiders[missing]
                yield _fault(cells, demand.cell, f"a {kind} has no witness that goes {way}")


OUTSIDER = -1


def _missing(demand: Demand, side: int, found: list[tuple[int, frozenset[int]]]) -> int | None:
    """The first reader who is not left in doubt; None when there is none."""
    amount = demand.everybody[side]
    if amount:
        far = [touched for moved, touched in found if moved >= amount]
        if not far:
            return OUTSIDER
        for insider in frozenset.intersection(*far):
            if insider not in demand.own:
                return insider
    for insider, own in demand.own.items():
        if own[side] and not any(moved >= own[side] and insider not in touched for moved, touched in found):
            return insider
    return None
