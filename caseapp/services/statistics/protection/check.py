"""Nobody need trust the search: what it found is added up once more before it is used."""

import numpy as np

from caseapp.services.statistics.protection.search import Search


class Broken(AssertionError):
    """A fault of this program: a witness is no possible world, or a target lacks one."""


def check(search: Search, *, insiders: bool) -> None:
    """Raises Broken unless every witness is a possible world that shows what is shown, and every target has what it needs."""
    system = search.system
    used = sorted({number for held in search.held.values() for _moved, number in held})
    for number in used:
        witness = search.witnesses[number]
        world = system.truth.copy()
        world[witness.columns] += witness.deltas
        change = world - system.truth
        moved = system.rows[:, witness.columns] @ witness.deltas
        if (world[witness.columns] < 0).any():
            raise Broken("a witness holds fewer than nothing")
        if (moved[~search.hidden] != 0).any():
            raise Broken("a witness changes what is shown")
        if (search.equal[:, witness.columns] @ witness.deltas).any():
            raise Broken("a witness breaks a balance")
        if (search.ties[:, witness.columns] @ witness.deltas + system.slack < 0).any():
            raise Broken("in a witness a part is greater than the whole")
        if (change[witness.columns] != witness.deltas).any():
            raise Broken("a witness names an atom twice")
    for cell, target in search.targets.items():
        for sign in (1, -1):
            asked: list[int | None] = [None, *(target.own if insiders else ())]
            for insider in asked:
                amount = target.asks(insider, sign)
                touched = [search.witnesses[number].touched for moved, number in search.held[cell, sign] if moved >= amount]
                if amount and not any(insider is None or insider not in known for known in touched):
                    raise Broken("a guarded cell lacks a witness")
                # whoever is not named asks what the outsider asks
                if amount and insider is None and insiders and frozenset.intersection(*touched) - target.own.keys():
                    raise Broken("an insider lacks a witness of a guarded cell")
    if not np.all(search.hidden[list(search.targets)]):
        raise Broken("a guarded cell is shown")
