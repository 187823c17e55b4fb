"""The system made small: what follows at once is written in, what hangs together is kept together, twins become one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from caseapp.services.statistics.attack.read import Contradiction
from caseapp.services.statistics.attack.system import At, Row, System


@dataclass
class Component:
    """Unknowns that hang together. `columns` are unknowns that nothing tells apart: only their sum matters."""

    columns: list[list[int]]
    rows: list[tuple[dict[int, int], Row]]  # coefficients by column
    targets: list[int] = field(default_factory=list)  # hidden cells that reach into it, by their place in System.hidden


@dataclass
class Reduced:
    """Components and, for each hidden cell, what is known of it and its columns in each component."""

    system: System
    components: list[Component]
    fixed: dict[int, int]
    cells: list[tuple[At, int, dict[int, dict[int, int]]]]  # cell, known part, component → column → coefficient


def reduce(system: System) -> Reduced:
    """Fixes what a single sum fixes, then splits."""
    rows = _unique(system.rows)
    fixed = _propagate(rows)
    rows = _unique(rows)
    root = list(range(len(system.lattice.atoms)))

    def top(atom: int) -> int:
        while root[atom] != atom:
            root[atom] = root[root[atom]]
            atom = root[atom]
        return atom

    for row in rows:
        first, *others = row.coefs
        for atom in others:
            root[top(atom)] = top(first)
    rests = [(at, known, tuple(atoms)) for at, (known, atoms) in system.hidden]
    signature: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, row in enumerate(rows):
        for atom, coef in row.coefs.items():
            signature[atom].append((number, coef))
    for number, (_at, _known, atoms) in enumerate(rests):
        for atom in atoms:
            if atom not in fixed:
                signature[atom].append((-1 - number, 1))
    return _split(system, rows, rests, signature, fixed, top)


def _unique(rows: Iterable[Row]) -> list[Row]:
    found: dict[tuple[tuple[int, int], ...], Row] = {}
    for row in rows:
        if not row.coefs:
            continue
        key = (*sorted(row.coefs.items()), *([(-1, id(row))] if row.terms else []))  # an insider moves these one by one
        before = found.get(key)
        if before is None:
            found[key] = row
        else:
            before.low, before.high = max(before.low, row.low), min(before.high, row.high)
            if before.low > before.high:
                raise Contradiction("two sums of the same cells differ")
    return list(found.values())


def _propagate(rows: list[Row]) -> dict[int, int]:
    """Unknowns that a sum of one, or a sum of nought, settles; taken out of every row."""
    of_atom: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        for atom in row.coefs:
            of_atom[atom].append(row)
    fixed: dict[int, int] = {}
    todo = list(rows)
    while todo:
        row = todo.pop()
        for atom, value in _settled(row).items():
            fixed[atom] = value
            for other in of_atom[atom]:
                coef = other.coefs.pop(atom, 0)
                if coef:
                    other.low, other.high = other.low - coef * value, other.high - coef * value
                    todo.append(other)
    return fixed


def _settled(row: Row) -> dict[int, int]:
    coefs = row.coefs
    if not coefs:
        if row.low > 0 or row.high < 0:
            raise Contradiction("a sum leaves less than nothing")
        return {}
    equal = row.low == row.high
    if equal and len(coefs) == 1:
        [(atom, coef)] = coefs.items()
        value = row.low / coef
        if value < 0 or value != int(value):
            raise Contradiction("a sum leaves less than nothing")
        return {atom: int(value)}
    positive = all(coef > 0 for coef in coefs.values())
    if positive and row.high < 0:
        raise Contradiction("a sum leaves less than nothing")
    return dict.fromkeys(coefs, 0) if positive and row.high == 0 else {}


def _split(
    system: System,
    rows: Sequence[Row],
    rests: Sequence[tuple[At, int, tuple[int, ...]]],
    signature: Mapping[int, list[tuple[int, int]]],
    fixed: dict[int, int],
    top: Callable[[int], int],
) -> Reduced:
    twins: dict[tuple[tuple[int, int], ...], list[int]] = defaultdict(list)
    for atom, signs in signature.items():
        twins[tuple(signs)].append(atom)
    place: dict[int, int] = {}
    components: list[Component] = []
    column: dict[int, tuple[int, int]] = {}
    for atoms in twins.values():
        number = place.setdefault(top(atoms[0]), len(place))
        if number == len(components):
            components.append(Component([], []))
        for atom in atoms:
            column[atom] = number, len(components[number].columns)
        components[number].columns.append(atoms)
    for row in rows:
        held = {column[atom]: coef for atom, coef in row.coefs.items()}
        number = next(iter(held))[0]
        components[number].rows.append(({col: coef for (_n, col), coef in held.items()}, row))
    cells = []
    for number, (at, known, reached) in enumerate(rests):
        parts: dict[int, dict[int, int]] = defaultdict(dict)
        for component, col in (column[atom] for atom in reached if atom not in fixed):
            parts[component][col] = 1
        for component in parts:
            components[component].targets.append(number)
        cells.append((at, known + sum(fixed.get(atom, 0) for atom in reached), dict(parts)))
    return Reduced(system, components, fixed, cells)
