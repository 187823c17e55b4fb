"""The gate: no release is made when the attack on it and all before it finds anybody."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from caseapp.reference.statistics import Catalogue, versions
from caseapp.services.statistics.attack.insiders import NONE, Knower, Knowledge, chosen, everybody
from caseapp.services.statistics.attack.lattice import Block
from caseapp.services.statistics.attack.read import Told, read
from caseapp.services.statistics.attack.reduce import Reduced, reduce
from caseapp.services.statistics.attack.rules import OURS, Rules
from caseapp.services.statistics.attack.score import ALIKE, ALIKE_HIT, NARROW, SAFE, SHOWN, UNDECIDED, Attack, Limits, Target
from caseapp.services.statistics.attack.solve import bounds
from caseapp.services.statistics.attack.system import Term, build, inside
from caseapp.services.statistics.attack.truth import Fact, Numbers, Truth

Folder = Mapping[str, bytes]
OUTSIDER = "outsider"
REVISION = "revision"
DIFFERENCE = "difference"


@dataclass(frozen=True)
class Past:
    """A release that is out: its files, the facts it was made from, and which published areas each fact's area is in."""

    folder: Folder
    facts: Sequence[Fact]
    chains: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Hit:
    """Something that somebody can find out: where, and how; never what."""

    who: str  # "outsider", "station …", "contractor …"
    kind: str  # exact, near, small, shown, alike, revision, difference
    table: str
    area: str
    period: str


@dataclass
class Report:
    """What the attack found. Stored with the release; says no true value."""

    hits: list[Hit] = field(default_factory=list)
    undecided: list[Hit] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether the release may be made. What the solver could not decide is no leave."""
        return not self.hits and not self.undecided

    def plain(self) -> dict[str, Any]:
        """As stored."""
        return {
            "passed": self.passed,
            "method": "attack on all releases: outsider and insiders, whole numbers",
            "figures": self.figures,
            "hits": [asdict(hit) for hit in self.hits],
            "undecided": [asdict(hit) for hit in self.undecided],
        }


@dataclass(frozen=True)
class Effort:
    """How many insiders the solver plays: all where there are no more than both together."""

    sampled: int = 20
    riskiest: int = 10
    seed: int = 1


def examine(
    candidate: Past,
    past: Sequence[Past],
    contractors: Mapping[str, str],
    catalogues: Mapping[str, Catalogue] | None = None,
    rules: Rules = OURS,
    effort: Effort = Effort(),
) -> Report:
    """Attacks a release together with all that are out, oldest first, as everybody and as insiders (station → contractor).

    Reports each small cell that can be found exactly, within one, or be seen to be small and not nought; of past releases
    too where the candidate adds to them. A Contradiction is raised when the shown cells do not add up.
    """
    every = [*past, candidate]
    told = read([one.folder for one in every], catalogues or versions())
    truth = Truth(told, [one.facts for one in every], [one.chains for one in every])
    return _Gate(told, truth, rules).report(everybody(truth, contractors), effort)


class _Gate:
    def __init__(self, told: list[Told], truth: Truth, rules: Rules) -> None:
        self._told, self._truth = told, truth
        self._counted: dict[tuple[int, str], set[tuple[str, ...]]] = defaultdict(set)
        for number, cells in enumerate(truth.cells):
            for measure, _period, _area, key in cells:
                self._counted[number, measure].add(tuple(name for name, _code in key))
        self._limits = {release.number: Limits(release) for release in told}
        self._reduced: Reduced = reduce(build(told, rules, self._holds, only_last=True, counted=self._divided))
        self._report, self._rules = Report(), rules
        self._active = self._reaching(self._reduced)

    def _reaching(self, reduced: Reduced) -> set[int]:
        """The components that something of the candidate is in, or that a rule ties to what it shows."""
        last, atoms, tied = len(self._told) - 1, reduced.system.lattice.atoms, reduced.system.tied
        return {
            number
            for number, component in enumerate(reduced.components)
            if any(atom in tied or atoms[atom][0].told.number == last for column in component.columns for atom in column)
        }

    def _divided(self, block: Block) -> frozenset[tuple[str, ...]]:
        """By what the true numbers of a measure of a release are divided."""
        return frozenset(self._counted[block.told.number, block.measure])

    def _holds(self, terms: Sequence[Term], equal: bool, own: Mapping[int, Numbers] | None = None) -> int | None:
        """What a rule comes to. Where it was not counted in that division, nobody can say: then it binds nobody.

        Somebody with `own` numbers looks whether what the others have keeps an equation that the whole does not.
        """
        total = mine = 0
        for sign, (block, area, key) in terms:
            if key and tuple(name for name, _code in key) not in self._counted[block.told.number, block.measure]:
                return None
            place = (block.measure, block.period, area, key)
            total += sign * self._truth.cells[block.told.number].get(place, NONE)[0]
            mine += sign * own[block.told.number].get(place, NONE)[0] if own else 0
        if total == 0 or (not equal and total < 0):
            return 0
        return mine if equal and own and total == mine else None

    def report(self, every: Sequence[Knower], effort: Effort) -> Report:
        found: Counter[str] = Counter()
        targets = self._targets()
        found["cells"], found["hidden"] = len(self._told[-1].cells), sum(v is None for v in self._told[-1].cells.values())
        found["small"], found["insiders_checked"] = len(targets), len(every)
        self._shown_to(OUTSIDER, None)
        held_already = {target.number for target in targets}
        targets += [target for target in self._alike() if target.number not in held_already]
        self._revised()
        attack = Attack(self._reduced)
        self._judge(OUTSIDER, attack.run(targets), found)
        self._differences()
        self._over_time()
        shares = {}
        for knower in every:  # what is shown is looked at for everybody: it needs no solver
            own = self._truth.own(len(self._told) - 1, knower.stations)
            self._shown_to(knower.name, own)
            self._revised(knower)
            shares[knower.name] = self._share(own)
        for knower in chosen(every, shares, effort.sampled, effort.riskiest, effort.seed):
            reduced, active = self._seen_by(knower)
            knowledge = Knowledge(reduced, self._truth, knower)
            held = knowledge.targets(self._truth, self._limits, knowledge.components() & active)
            inside = Attack(reduced, knowledge.insider(), promise=False)
            inside.lend(attack.tables if reduced is self._reduced else {})
            found["insiders_attacked"] += 1
            found["small_to_insiders"] += len(held)
            self._judge(knower.name, inside.run(held), found, reduced)
            attack.programs += inside.programs
        found["programs"], found["rules_broken"] = attack.programs, self._reduced.system.broken
        self._report.figures = dict(sorted(found.items()))
        return self._report

    def _seen_by(self, knower: Knower) -> tuple[Reduced, set[int]]:
        """The system of an insider: of a correction one of its own, because who knows the own change knows what others left alone."""
        if all(told.period != self._told[-1].period for told in self._told[:-1]):
            return self._reduced, self._active
        own = {number: self._truth.own(number, knower.stations) for number in range(len(self._told))}
        reduced = reduce(build(self._told, self._rules, partial(self._holds, own=own), only_last=True, counted=self._divided))
        return reduced, self._reaching(reduced)

    def _targets(self) -> list[Target]:
        found = []
        for number, ((block, area, key), _known, parts) in enumerate(self._reduced.cells):
            if block.told.number != len(self._told) - 1 and parts and not self._active & parts.keys():
                continue
            place = (block.measure, block.period, area, key)
            if place not in block.told.cells:
                continue
            numbers = self._truth.cells[block.told.number].get(place, NONE)
            target = self._limits[block.told.number].target(number, block.measure, key, numbers, NONE)
            if target:
                found.append(target)
        return found

    def _judge(self, who: str, verdicts: Mapping[int, str], found: Counter[str], reduced: Reduced | None = None) -> None:
        for number, verdict in verdicts.items():
            found["narrow"] += verdict == NARROW
            if verdict not in (SAFE, NARROW):
                block, area, key = (reduced or self._reduced).cells[number][0]
                where = self._report.undecided if verdict == UNDECIDED else self._report.hits
                table = block.told.tables[block.measure, block.period, area, key]
                where.append(Hit(who, verdict, table, area, block.period))

    def _alike(self) -> list[Target]:
        """Everybody of a small total that is shown in one value that is nobody's business: shown, or to be found out."""
        last = self._told[-1]
        truth, limits = self._truth.cells[last.number], self._limits[last.number]
        at = {
            (block.measure, block.period, area, key): number
            for number, ((block, area, key), _known, _parts) in enumerate(self._reduced.cells)
            if block.told is last
        }
        sensitive = {(t.measure, frozenset(t.names)): t.sensitive for t in last.catalogue.tables if not t.derived and t.sensitive}
        found = []
        for place, shown in last.cells.items():
            measure, period, area, key = place
            for name in sensitive.get((measure, frozenset(pair[0] for pair in key)), ()):
                total = last.cells.get((measure, period, area, tuple(pair for pair in key if pair[0] != name)))
                value = truth.get(place, NONE)[0]
                if not total or value != total or total >= ALIKE * limits.least(measure, key):
                    continue
                if shown is None:
                    found.append(Target(at[place], 0, value, 0, 0, alike=True))
                else:
                    self._report.hits.append(Hit(OUTSIDER, ALIKE_HIT, last.tables[place], area, period))
        return found

    def _differences(self) -> None:
        """Cells that no table has, and that two tables tell between them: small ones are hits whoever is in them."""
        unpublished = []
        for number, ((block, area, key), _known, _parts) in enumerate(self._reduced.cells):
            if block.told is self._told[-1] and (block.measure, block.period, area, key) not in block.told.cells:
                unpublished.append(number)
        for number, (low, high) in bounds(self._reduced, unpublished).items():
            block, area, key = self._reduced.cells[number][0]
            if low > 0 and high < self._limits[block.told.number].least(block.measure, key):
                table = block.told.tables.get((block.measure, block.period, area, key[:1]), block.measure)
                self._report.hits.append(Hit(OUTSIDER, DIFFERENCE, table, area, block.period))

    def _over_time(self) -> None:
        """A quarter and its months that tell between them a difference of fewer than k: who came in late, was taken back, came twice."""
        rules, last = self._rules, self._told[-1]
        shown = {place: number for told in self._told for place, number in told.cells.items() if number is not None}
        for (measure, period, area, key), number in shown.items():
            for parts in inside(period):
                names = parts[-1:] if measure in rules.stocks else parts if measure in rules.flows | rules.once else []
                held = [shown.get((measure, name, area, key)) for name in names]
                if not names or None in held or last.period not in (period, *names):
                    continue
                limits = self._limits[last.number]
                if 0 < abs(number - sum(one for one in held if one is not None)) < limits.least(measure, key):
                    place = (measure, last.period, area, key)
                    self._report.hits.append(Hit(OUTSIDER, DIFFERENCE, last.tables.get(place, measure), area, last.period))

    def _share(self, own: Numbers) -> float:
        """How much of what is hidden in the candidate an insider holds, over the cells in which it holds something."""
        last = self._told[-1]
        whole = self._truth.cells[last.number]
        parts = [
            numbers[0] / whole[place][0] for place, numbers in own.items() if last.cells.get(place, 0) is None and numbers[0]
        ]
        return sum(parts) / len(parts) if parts else 0.0

    def _shown_to(self, who: str, knows: Numbers | None) -> None:
        """Cells of the candidate that are shown and leave something small: to an insider, beside what is the own."""
        last = self._told[-1]
        limits, truth = self._limits[last.number], self._truth.cells[last.number]
        for place in truth if knows is None else knows:
            if last.cells.get(place) is None:
                continue
            measure, period, area, key = place
            value, persons, _largest = truth[place]
            own = NONE if knows is None else knows[place]
            if limits.is_small(measure, key, value - own[0], persons - own[1]):
                self._report.hits.append(Hit(who, SHOWN, last.tables[place], area, period))

    def _revised(self, knower: Knower | None = None) -> None:
        """A figure that changes by fewer than k between two releases of a period, or but for what somebody has changed, tells of few."""
        last = self._told[-1]
        limits, who = self._limits[last.number], knower.name if knower else OUTSIDER
        for before in self._told[:-1]:
            if before.period != last.period:
                continue
            own = [self._truth.own(told.number, knower.stations) if knower else {} for told in (last, before)]
            for place, shown in before.cells.items():
                now = last.cells.get(place)
                if shown is None or now is None:
                    continue
                mine, was = (held.get(place, NONE)[0] for held in own)
                if 0 < abs(now - shown - mine + was) < limits.least(place[0], place[3]):
                    self._report.hits.append(Hit(who, REVISION, last.tables[place], place[2], place[1]))
