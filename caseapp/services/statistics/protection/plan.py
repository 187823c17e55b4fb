"""Protects a release as a whole: every component of tied measures, then the clean-up, the check and the certificate."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.reference.statistics import Catalogue, plain
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection.beside import Beside, Family, numbers_of, shown, together
from caseapp.services.statistics.protection.certificate import write
from caseapp.services.statistics.protection.check import check
from caseapp.services.statistics.protection.cleanup import clean
from caseapp.services.statistics.protection.insiders import Insiders, insiders
from caseapp.services.statistics.protection.loss import loss
from caseapp.services.statistics.protection.numbers import Cell, Numbers, read
from caseapp.services.statistics.protection.search import Search
from caseapp.services.statistics.protection.system import System, build, components, insides
from caseapp.services.statistics.protection.system.over_time import few
from caseapp.services.statistics.protection.targets import Rules, targets


@dataclass
class Plan:
    """What is not shown, what proves it, and what it costs."""

    numbers: Numbers
    values: dict[Cell, int] = field(default_factory=dict)
    hidden: set[Cell] = field(default_factory=set)
    certificate: bytes = b""
    loss: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """How a release is to be protected: against which insiders, by which rules, with which secret for the choice between equals."""

    contractors: Mapping[str, str] = field(default_factory=dict)
    insiders: bool = True
    secret: bytes = b""
    rules: Rules = field(default_factory=Rules)
    locked: frozenset[Cell] = frozenset()  # cells that an earlier release of the same period shows
    shut: frozenset[Cell] = frozenset()  # cells that it hides: they stay hidden
    say: Callable[[float], None] = lambda _share: None  # how much is done, between one group of tied measures and the next
    changed: Mapping[Cell, tuple[int, int]] = field(default_factory=dict)  # guarded because of how little they changed since
    beside: Sequence[Beside] = ()  # all other periods of the same quarter, where the release is to be looked at with them
    before: str = ""  # the period released before, whose facts are given too: stocks that changed since are known


def protect(
    catalogue: Catalogue,
    period: str,
    areas: Sequence[Area],
    chains: Mapping[str, Sequence[str]],
    facts: Sequence[Any],
    asked: Asked,
) -> Plan:
    """The plan of a release. Raises Conflict where facts do not add up, or where earlier releases leave no room."""
    family, every = Family.of(period, asked.beside), together(catalogue, asked.beside)
    numbers, out = numbers_of(facts, period, chains, asked.beside), shown(asked.beside)
    inside = insides(areas, numbers, chains)
    known = insiders(numbers.stations, asked.contractors) if asked.insiders else Insiders((), (), ((),) * len(numbers.stations))
    seed = int.from_bytes(hashlib.sha256(asked.secret + period.encode()).digest()[:8])
    before = {one.period: read(one.before, one.before[0].period, chains) for one in asked.beside if one.before}
    if asked.before:
        before[""] = read(facts, asked.before, chains)
    differences = few(every, family, areas, inside, numbers, known, out) if family else {}
    plan, searches = Plan(numbers), []
    groups = components(every)
    for number, measures in enumerate(groups):
        asked.say(number / len(groups))
        system = build(every, measures, areas, inside, numbers, before, family)
        _as_released(system, out)
        wanted = targets(system, known, asked.rules, asked.changed, out, differences)
        locked = np.array([name in asked.locked or name in out for name in system.names], dtype=bool)
        # of another period what no release shows is hidden already: it costs nothing
        shut = np.array([name in asked.shut or (plain(name[0])[1] and name not in out) for name in system.names], dtype=bool)
        search = Search(system, known, wanted, locked, seed, shut)
        search.run(insiders=asked.insiders)
        clean(search, insiders=asked.insiders)
        check(search, insiders=asked.insiders)
        searches.append(search)
        plan.values |= dict(zip(system.names, (system.rows @ system.truth).tolist(), strict=True))
        plan.hidden |= {name for name, is_hidden in zip(system.names, search.hidden.tolist(), strict=True) if is_hidden}
    plan.certificate = write(every, period, searches)
    plan.loss = loss(catalogue, searches)
    return plan


def _as_released(system: System, out: Mapping[Cell, int]) -> None:
    """What another period shows must be what its facts and the areas of today come to."""
    told = system.rows @ system.truth
    for number, name in enumerate(system.names):
        if out.get(name, told[number]) != told[number]:
            words = _l(
                "Areas or figures of %(period)s are not those that were published; what is tied to it cannot be published.",
                period=plain(name[0])[1],
            )
            raise Conflict(words, "period", code="facts")
