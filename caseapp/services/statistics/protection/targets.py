"""Which cells are hidden for their own sake, and how far each must be able to move in the eyes of everybody.

Sources: statistics design, sections 3.3 and 10. A count that few persons stand behind must be able to be nothing (or two less)
and at the threshold or above (two more at least). For an insider the same holds of what the others contribute.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from caseapp.services.statistics.protection.frames import read_key
from caseapp.services.statistics.protection.insiders import Insiders
from caseapp.services.statistics.protection.numbers import Cell, Whole
from caseapp.services.statistics.protection.system import System
from caseapp.services.statistics.protection.system.over_time import Difference

DOMINANT = 0.75  # one contributor with more than this share of a magnitude: (1, 75 %) dominance
ROOM = 0.10  # p % rule: how near the second contributor may come to the greatest one's part
STEP = 2  # a count is not told to within one


@dataclass
class Target:
    """A guarded cell: by how much it must be able to rise and fall.

    `everybody` asks it of the outsider and of every insider; `own` says it for insiders who contribute to the cell; (0, 0)
    where nothing of it is anybody else's.
    """

    cell: int
    up: int
    down: int
    everybody: bool = True
    own: dict[int, tuple[int, int]] = field(default_factory=dict)
    why: str = "small"

    def asks(self, insider: int | None, sign: int) -> int:
        """By how much the cell must move for somebody (None: the outsider); 0 for nothing."""
        if insider in self.own:
            return self.own[insider][0 if sign > 0 else 1]
        return (self.up if sign > 0 else self.down) if self.everybody else 0


@dataclass(frozen=True)
class Rules:
    """The rules of primary protection; a test switches one off to see that something then comes out."""

    small: bool = True
    persons: bool = True
    dominance: bool = True
    homogeneity: bool = True
    rest: bool = True


def targets(
    system: System,
    known: Insiders | None,
    rules: Rules,
    changed: Mapping[Cell, tuple[int, int]] | None = None,
    out: Collection[Cell] = (),
    differences: Mapping[Cell, Difference] | None = None,
) -> list[Target]:
    """Every guarded cell of the system; with `known` insiders also those that are small in the eyes of one of them only.

    `changed` are the cells that a correction must guard, by how much they must be able to rise and fall. `out` are cells that an
    earlier release of another period shows: nothing more can be done for them. `differences` are the cells that would tell one.
    """
    values = system.rows @ system.truth
    by_key = {name: number for number, name in enumerate(system.names)}
    found = []
    for number in range(len(system.names)):
        if system.names[number] in out:
            continue
        target = _primary(system, number, int(values[number]), by_key, values, rules)
        up, down = (changed or {}).get(system.names[number], (0, 0))
        if up or down:
            target = target or Target(number, 0, 0, why="changed")
            target.up, target.down = max(target.up, up), max(target.down, down)
        if known is not None and rules.rest:
            target = _with_insiders(system, number, int(values[number]), target, known)
        if differences and system.names[number] in differences:
            target = _with_difference(target, number, differences[system.names[number]])
        if target is not None:
            found.append(target)
    return found


def _with_difference(target: Target | None, number: int, told: Difference) -> Target:
    """A cell that tells, beside other periods, a difference of few; whoever knows that part needs no doubt of it."""
    if target is None:
        return Target(number, told.up, told.down, own=dict(told.own), why="difference")
    plain = (target.up, target.down) if target.everybody else (0, 0)
    for insider in {*target.own, *told.own}:
        (up, down), (more, less) = target.own.get(insider, plain), told.own.get(insider, (0, 0))
        target.own[insider] = max(up, more), max(down, less)
    target.up, target.down, target.everybody = max(plain[0], told.up), max(plain[1], told.down), True
    return target


def _primary(system: System, number: int, value: int, by_key: dict, values: Whole, rules: Rules) -> Target | None:  # type: ignore[type-arg]
    if value == 0:
        return None
    measure, _area, key = system.names[number]
    held, k = system.inside[system.area[number]], int(system.least[number])
    persons = int(system.numbers.person(measure, key)[held].sum())
    if system.tables[number].magnitude:
        if (rules.persons and 0 < persons < k) or (rules.dominance and _dominated(system, number, value)):
            return Target(number, *_amounts(value, k, magnitude=True), why="magnitude")
        return None
    if (rules.small and value < k) or (rules.persons and 0 < persons < k):
        return Target(number, *_amounts(value, k, magnitude=False))
    if rules.homogeneity and _homogeneous(system, number, value, by_key, values):
        return Target(number, 0, min(value, STEP), why="homogeneous")
    return None


def _amounts(value: int, k: int, *, magnitude: bool) -> tuple[int, int]:
    """(up, down) that a value of others must be able to move."""
    if magnitude:
        step = max(STEP, -(-value // 10))  # a tenth of it
        return step, min(value, step)
    return max(k - value, STEP), min(value, STEP)


def _dominated(system: System, number: int, value: int) -> bool:
    """(1, 75 %) of one person; from the county's bureau up the contributors are stations: too few, dominance and p % rule."""
    measure, _area, key = system.names[number]
    held = system.inside[system.area[number]]
    if system.numbers.greatest(measure, key)[held].max(initial=0) > DOMINANT * value:
        return True
    parts = np.sort(system.numbers.value(measure, key)[held])[::-1]
    parts = parts[parts > 0]
    if system.level[number] >= COUNTY:
        return False
    if len(parts) < system.catalogue.contributors or parts[0] > DOMINANT * value:
        return True
    return bool(value - parts[0] - parts[1] < ROOM * parts[0])


COUNTY = 3  # the place of the county among the levels


def _homogeneous(system: System, number: int, value: int, by_key: dict, values: Whole) -> bool:  # type: ignore[type-arg]
    """Whether everybody of a small total is in this one sensitive value."""
    measure, area, key = system.names[number]
    told = read_key(key)
    for name in system.tables[number].sensitive:
        if name in told:
            rest = ";".join(f"{n}={c}" for n, c in told.items() if n != name)
            total = by_key.get((measure, area, rest))
            if total is not None and values[total] == value < system.catalogue.area_minimum:
                return True
    return False


def _with_insiders(system: System, number: int, value: int, target: Target | None, known: Insiders) -> Target | None:
    """What insiders need who contribute to a cell: of a guarded one all of them, of another those for whom the rest is small."""
    if value == 0:
        return target
    measure, _area, key = system.names[number]
    magnitude, k = system.tables[number].magnitude, int(system.least[number])
    held = system.inside[system.area[number]]
    counts = system.numbers.value(measure, key)[held]
    heads = system.numbers.person(measure, key)[held]
    who, of = known.within(held)
    rest = value - of @ counts
    others = heads.sum() - of @ heads
    few = (others > 0) & (others < k) | (False if magnitude else rest < k)
    asking = (rest < value) & (True if target is not None else (rest > 0) & few)
    own = {}
    for place in np.flatnonzero(asking).tolist():
        if rest[place] == 0:
            own[int(who[place])] = (0, 0)
        else:
            up, down = _amounts(int(rest[place]), k, magnitude=magnitude)
            own[int(who[place])] = (up if target is None or target.up else 0, down)
    if target is None:
        if not any(up or down for up, down in own.values()):
            return None
        target = Target(number, 0, 0, everybody=False, why="insider")
    target.own = own
    return target
