"""Protects a release as a whole: every component of tied measures, then the clean-up, the check and the certificate."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection.certificate import write
from caseapp.services.statistics.protection.check import check
from caseapp.services.statistics.protection.cleanup import clean
from caseapp.services.statistics.protection.insiders import Insiders, insiders
from caseapp.services.statistics.protection.loss import loss
from caseapp.services.statistics.protection.numbers import Numbers, read
from caseapp.services.statistics.protection.search import Search
from caseapp.services.statistics.protection.system import Cell, build, components, insides
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
    numbers = read(facts, period, chains)
    inside = insides(areas, numbers, chains)
    known = insiders(numbers.stations, asked.contractors) if asked.insiders else Insiders((), (), ((),) * len(numbers.stations))
    seed = int.from_bytes(hashlib.sha256(asked.secret + period.encode()).digest()[:8])
    before = read(facts, asked.before, chains) if asked.before else None
    plan, searches = Plan(numbers), []
    groups = components(catalogue)
    for number, measures in enumerate(groups):
        asked.say(number / len(groups))
        system = build(catalogue, measures, areas, inside, numbers, before)
        wanted = targets(system, known, asked.rules, asked.changed)
        locked = np.array([name in asked.locked for name in system.names], dtype=bool)
        shut = np.array([name in asked.shut for name in system.names], dtype=bool)
        search = Search(system, known, wanted, locked, seed, shut)
        search.run(insiders=asked.insiders)
        clean(search, insiders=asked.insiders)
        check(search, insiders=asked.insiders)
        searches.append(search)
        plan.values |= dict(zip(system.names, (system.rows @ system.truth).tolist(), strict=True))
        plan.hidden |= {name for name, is_hidden in zip(system.names, search.hidden.tolist(), strict=True) if is_hidden}
    plan.certificate = write(catalogue, period, searches)
    plan.loss = loss(catalogue, searches)
    return plan
