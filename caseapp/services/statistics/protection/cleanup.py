"""Shows again what need not be hidden: cells that only served witnesses whose targets have others."""

from collections import defaultdict

import numpy as np

from caseapp.services.statistics.protection.search import Search, needs


def clean(search: Search, *, insiders: bool) -> None:
    """Drops witnesses for as long as every target keeps what it needs, the cells that cost most first."""
    guarded = set(search.targets) | set(np.flatnonzero(search.shut).tolist())
    users: dict[int, list[int]] = defaultdict(list)  # cell → witnesses that change it
    serves: dict[int, list[int]] = defaultdict(list)  # witness → targets that may use it
    for number, witness in enumerate(search.witnesses):
        for cell in witness.cells.tolist():
            users[cell].append(number)
    for (cell, _sign), held in search.held.items():
        for _moved, number in held:
            serves[number].append(cell)
    dropped: set[int] = set()
    weight = search.locals.weight
    for cell in sorted(np.flatnonzero(search.hidden).tolist(), key=lambda cell: (-weight[cell], cell)):
        if cell in guarded:
            continue
        less = frozenset(dropped.union(users[cell]))
        touched = {target for number in users[cell] if number not in dropped for target in serves[number]}
        if needs(search, sorted(touched), insiders=insiders, without=less):
            dropped = set(less)
            search.hidden[cell] = False
    search.held = defaultdict(list, {key: [pair for pair in held if pair[1] not in dropped] for key, held in search.held.items()})
    search.dropped = frozenset(dropped)
