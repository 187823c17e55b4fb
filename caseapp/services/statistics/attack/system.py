"""All that an attacker can write down about the unknowns: one system of equations and inequalities over every release."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from caseapp.services.statistics.attack.frames import Frame, ages, banded_in, shared
from caseapp.services.statistics.attack.lattice import Block, Lattice, Rest, blocks
from caseapp.services.statistics.attack.read import Contradiction, Key, Told
from caseapp.services.statistics.attack.rules import Rules, bands_of

At = tuple[Block, str, Key]  # one cell
Term = tuple[int, At]
Counted = Callable[[Block], frozenset[tuple[str, ...]]]
Holds = Callable[[Sequence[Term], bool], int | None]  # what a rule (an equation: True) comes to, mostly nought; None: not kept


@dataclass
class Row:
    """low ≤ sum of coefficients × unknowns ≤ high. What an insider knows moves an inequality by the `terms` it came from."""

    coefs: dict[int, int]
    low: float
    high: float
    terms: Sequence[Term] = ()


@dataclass
class System:
    """Unknowns, rows over them, and every cell that is not shown as a rest."""

    lattice: Lattice
    blocks: list[Block]
    rows: list[Row] = field(default_factory=list)
    hidden: list[tuple[At, Rest]] = field(default_factory=list)
    tied: set[int] = field(default_factory=set)  # unknowns of which a rule says something together with the last release
    broken: int = 0  # rows of rules that the truth does not keep


def build(
    told: Sequence[Told],
    rules: Rules,
    holds: Holds = lambda _terms, _equal: 0,
    only_last: bool = False,
    counted: Counted | None = None,
) -> System:
    """The system of all releases; rules that do not hold are left out. Contradiction when shown sums do not add up.

    With `only_last`, of the earlier ones only what a rule can tie to the last. `counted` says by what the truth of a block is
    divided: a rule over a finer division, whose truth nobody has, is laid on its largest counted margins (`_margins`).
    """
    made = System(Lattice(), blocks(told))
    if only_last:
        tied = {name for balance in rules.balances for name in (balance.stock, balance.came, balance.went)}
        tied |= rules.flows | rules.stocks | {name for pair in rules.never_more for name in pair}
        made.blocks = [
            block for block in made.blocks if block.told is told[-1] or block.measure in tied or block.period == told[-1].period
        ]
    for block in made.blocks:
        block.counted = None if counted is None else counted(block)
        _sums(made, block)
        _links(made, block)
        _between(made, block)
    for terms, equal in _rules(made, rules):
        right = holds(terms, equal)
        if right is not None:
            atoms = _write(made, terms, equal, right)
            if any(block.told is told[-1] for _sign, (block, _area, _key) in terms):
                made.tied.update(atoms)
        else:
            made.broken += 1
    return made


def _sums(made: System, block: Block) -> None:
    for (area, key), number in block.shown.items():
        if number is None:
            made.hidden.append(((block, area, key), made.lattice.best(block, area, key)))
            continue
        for frame in block.where(area, key):
            known, atoms = made.lattice.rest(block, frame, area, key)
            if atoms:
                made.rows.append(Row(dict.fromkeys(atoms, 1), number - known, number - known))
            elif known != number:
                raise Contradiction(f"the parts of {block.measure} in {area} do not add up")


def _links(made: System, block: Block) -> None:
    """Frames agree on every cell that they share."""
    catalogue = block.told.catalogue
    for one, other in block.tree:
        for common in shared(catalogue, [[block.frames[one]], [block.frames[other]]]):
            for area in _bottom(block.told, common.depth):
                for key in common.keys(catalogue):
                    if block.shown.get((area, key)) is None:
                        sides = [made.lattice.rest(block, number, area, key) for number in (one, other)]
                        _add(made, [(1, sides[0]), (-1, sides[1])], True)


def _between(made: System, block: Block) -> None:
    """Where bands of two dimensions cross, some years of age are nobody's cell and yet the difference of two."""
    catalogue = block.told.catalogue
    for frame in block.frames:
        names = [name for name in sorted(frame.names(catalogue)) if banded_in(catalogue, name)]
        for one, other in combinations(names, 2):
            pairs = product(catalogue.dimensions[one].values, catalogue.dimensions[other].values)
            keys = [((one, a.code), (other, b.code)) for a, b in pairs]
            for key in keys:
                sets = [set(ages(catalogue, [pair])) for pair in key]
                if set(ages(catalogue, key)) and not (sets[0] <= sets[1] or sets[1] <= sets[0]):
                    for area in (place.code for place in block.told.places.values() if place.depth <= frame.depth):
                        made.hidden.append(((block, area, key), made.lattice.best(block, area, key)))


def _bottom(told: Told, depth: int) -> list[str]:
    return [place.code for place in told.places.values() if place.depth <= depth and not told.parts(place.code, depth)]


def _write(made: System, terms: Sequence[Term], equal: bool, right: int) -> Iterable[int]:
    return _add(made, [(sign, made.lattice.best(*at)) for sign, at in terms], equal, () if equal else terms, right)


def _add(
    made: System, sides: Sequence[tuple[int, Rest]], equal: bool, terms: Sequence[Term] = (), right: int = 0
) -> Iterable[int]:
    """The sum of the sides is what is on the right, or not above it; returns the unknowns in it."""
    coefs: dict[int, int] = defaultdict(int)
    for sign, (known, atoms) in sides:
        right -= sign * known
        for atom in atoms:
            coefs[atom] += sign
    left = {atom: sign for atom, sign in coefs.items() if sign}
    if left:
        made.rows.append(Row(left, right if equal else float("-inf"), right, terms))
    return tuple(left)  # what is settled is taken out of the row later


def _rules(made: System, rules: Rules) -> Iterator[tuple[Sequence[Term], bool]]:
    held: dict[tuple[int, str, str], Block] = {}
    latest: dict[tuple[str, str], Block] = {}
    for block in made.blocks:
        held[block.told.number, block.measure, block.period] = latest[block.measure, block.period] = block
    for block in made.blocks:
        yield from ((terms, False) for terms in _groups(block, rules))
        for less, more in rules.never_more:
            other = held.get((block.told.number, more, block.period))
            if block.measure == less and other:
                for area, key in _common([block, other], frozenset()):
                    yield [(1, (block, area[0], key)), (-1, (other, area[1], key))], False
        for less, more, key in rules.never_more_than:
            other = held.get((block.told.number, more, block.period))
            if block.measure == less and other:
                for area_code in block.told.places:
                    if block.where(area_code, ()) and other.where(area_code, key):
                        yield [(1, (block, area_code, ())), (-1, (other, area_code, key))], False
        for balance in rules.balances:
            four = [latest.get((name, block.period)) for name in (balance.stock, balance.came, balance.went)]
            before = next((latest[balance.stock, p] for p in ends(previous(block.period)) if (balance.stock, p) in latest), None)
            if block is four[0] and before and four[1] and four[2]:
                yield from ((terms, True) for terms in _balance([block, before, four[1], four[2]], balance.dims))
        again = [held.get((number, block.measure, block.period)) for number in range(block.told.number)]
        for earlier in (one for one in again if one):
            yield from ((terms, True) for terms in _unchanged(block, earlier))
        if latest[block.measure, block.period] is block:
            yield from _over_time(block, latest, rules)


def _over_time(block: Block, latest: Mapping[tuple[str, str], Block], rules: Rules) -> Iterator[tuple[Sequence[Term], bool]]:
    """What a period has to do with the shorter ones in it, where all that it takes are told."""
    for names in inside(block.period):
        wanted = names[-1:] if block.measure in rules.stocks else names
        parts = [latest[block.measure, name] for name in wanted if (block.measure, name) in latest]
        if len(parts) == len(wanted):
            yield from _periods(block, parts, rules)


def _groups(block: Block, rules: Rules) -> Iterator[list[Term]]:
    """Who is in a group is in the total, or in the bands of its ages."""
    catalogue = block.told.catalogue
    for frame in block.frames:
        if frame.alone is None:
            continue
        ages = bands_of(catalogue, *frame.alone) if rules.by_age else None
        for area in _bottom(block.told, frame.depth):
            for key in frame.keys(catalogue):
                rest = tuple(pair for pair in key if pair != frame.alone)
                ways = [[rest]]
                if ages and ages[0] not in dict(rest):
                    ways.append([tuple(sorted((*rest, (ages[0], band)))) for band in ages[1]])
                for wholes in ways:
                    if block.where(area, wholes[0]):
                        yield [(1, (block, area, key)), *((-1, (block, area, whole)) for whole in wholes)]


def _balance(four: list[Block], dims: tuple[str, ...]) -> Iterator[list[Term]]:
    for area, key in _common(four, frozenset(four[0].told.catalogue.dimensions) - set(dims)):
        yield [(sign, (block, code, key)) for sign, block, code in zip((1, -1, -1, 1), four, area, strict=True)]


def _unchanged(block: Block, earlier: Block) -> Iterator[list[Term]]:
    """A period that is released again: most of it is as it was; what is not, the truth does not keep."""
    for area, key in _common([block, earlier], frozenset()):
        yield [(1, (block, area[0], key)), (-1, (earlier, area[1], key))]


def _periods(whole: Block, parts: list[Block], rules: Rules) -> Iterator[tuple[list[Term], bool]]:
    if whole.measure in rules.stocks:
        for area, key in _common([whole, parts[-1]], frozenset()):
            yield [(1, (whole, area[0], key)), (-1, (parts[-1], area[1], key))], True
    elif whole.measure in rules.flows | rules.once:
        for area, key in _common([whole, *parts], rules.passing):
            terms = [(-1, (part, code, key)) for part, code in zip(parts, area[1:], strict=True)]
            yield [(1, (whole, area[0], key)), *terms], whole.measure in rules.flows
            if whole.measure in rules.once:
                yield from (([(-1, (whole, area[0], key)), (1, at)], False) for _sign, at in terms)


def _common(held: Sequence[Block], without: frozenset[str]) -> Iterator[tuple[list[str], Key]]:
    """The finest cells that several blocks all have, each with the code of its area in each of them."""
    catalogue = held[0].told.catalogue
    for frame in shared(catalogue, [block.frames for block in held], without):
        areas = _matching([block.told for block in held], frame.depth)
        for part in _margins(held, frame):
            for key in part.keys(catalogue):
                yield from ((area, key) for area in areas)


def _margins(held: Sequence[Block], frame: Frame) -> list[Frame]:
    """A joint table itself where its truth was counted in every block, else the largest parts of it that were.

    The attacker loses nothing by it where those parts hang together like a tree (`frames.py`): tables that agree on them can
    be changed for ones that agree in the whole and have the same margins.
    """
    sets = [set(block.counted) for block in held if block.counted is not None]
    if frame.alone or not sets or all(tuple(sorted(frame.dims)) in own for own in sets):
        return [frame]
    catalogue = held[0].told.catalogue
    parts = [Frame(names, frame.depth) for names in set.intersection(*sets) if set(names) <= frame.names(catalogue)]
    reach = {part: part.names(catalogue) for part in parts}
    largest = [part for part in parts if not any(reach[part] < reach[other] for other in parts)]
    return sorted(largest, key=lambda part: part.dims)


def _matching(told: Sequence[Told], depth: int) -> list[list[str]]:
    """The areas that are the same in several releases, none of them above others that are."""
    if all(other is told[0] for other in told):
        return [[code] * len(told) for code in _bottom(told[0], depth)]
    by_roots = [
        {place.roots: place.code for place in one.places.values() if place.roots and place.depth <= depth} for one in told
    ]
    same = {codes[0]: codes for roots, code in by_roots[0].items() if all(codes := [held.get(roots, "") for held in by_roots])}
    found = []
    for code, codes in same.items():
        parts = told[0].parts(code, depth)
        if not parts or any(part not in same for part in parts):
            found.append(codes)
    return found


def previous(period: str) -> str:
    """The period of the same length before: 2026Q1 → 2025Q4, 2026M01 → 2025M12; empty for what is written otherwise."""
    found = re.fullmatch(r"(\d{4})([QMH])(\d+)", period)
    if not found:
        return ""
    year, kind, number = int(found[1]), found[2], int(found[3])
    if number > 1:
        return f"{year}{kind}{number - 1:0{len(found[3])}}"
    return f"{year - 1}{kind}{ {'Q': '4', 'M': '12', 'H': '2'}[kind] }"


def ends(period: str) -> list[str]:
    """A period and the one of another kind that ends on the same day: 2026M06 and 2026Q2."""
    found = re.fullmatch(r"(\d{4})([QM])(\d+)", period)
    if found and found[2] == "Q":
        return [period, f"{found[1]}M{3 * int(found[3]):02}"]
    return [period, f"{found[1]}Q{int(found[3]) // 3}"] if found and int(found[3]) % 3 == 0 else [period]


def inside(period: str) -> list[list[str]]:
    """The ways to make a period of shorter ones: a quarter of its months, a half of its quarters, a year of its halves."""
    found = re.fullmatch(r"(\d{4})(?:([QH])(\d)|Y)", period)
    if not found:
        return []
    year, kind, number = found[1], found[2], int(found[3] or 0)
    if kind == "Q":
        return [[f"{year}M{month:02}" for month in range(3 * number - 2, 3 * number + 1)]]
    if kind == "H":
        return [[f"{year}Q{2 * number - 1}", f"{year}Q{2 * number}"]]
    return [[f"{year}H1", f"{year}H2"], [f"{year}Q{quarter}" for quarter in range(1, 5)]]
