"""Nobody need trust the search: what it found is added up once more before it is used."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from caseapp.services.statistics.protection.search import Search, Witness


class Broken(AssertionError):
    """A fault of this program: a witness is no possible world, or a target lacks one."""


def check(search: Search, *, insiders: bool) -> None:
    """Raises Broken unless every witness is a possible world that shows what is shown, and every target has what it needs."""
    used = sorted({number for held in search.held.values() for _moved, number in held})
    _possible(search, [search.witnesses[number] for number in used])
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


def _possible(search: Search, used: Sequence[Witness]) -> None:
    """Raises Broken unless all these are possible worlds; they are added up together."""
    system = search.system
    if not used:
        return
    if any(len(np.unique(witness.columns)) < len(witness.columns) for witness in used):
        raise Broken("a witness names an atom twice")
    steps = np.cumsum([0, *(len(witness.columns) for witness in used)])
    columns = np.concatenate([witness.columns for witness in used])
    deltas = np.concatenate([witness.deltas for witness in used])
    changes = sparse.csc_array((deltas, columns, steps), shape=(len(system.truth), len(used)))
    if (system.truth[columns] + deltas < 0).any():
        raise Broken("a witness holds fewer than nothing")
    moved = (search.columns @ changes).tocoo()
    if (moved.data[~search.hidden[moved.coords[0]]] != 0).any():
        raise Broken("a witness changes what is shown")
    if (search.equal @ changes).data.any():
        raise Broken("a witness breaks a balance")
    tied = (search.ties @ changes).tocoo()
    if (system.slack[tied.coords[0]] + tied.data < 0).any():
        raise Broken("in a witness a part is greater than the whole")
    told = np.concatenate([np.stack([witness.cells, np.full(len(witness.cells), n)]) for n, witness in enumerate(used)], axis=1)
    claimed = sparse.csr_array((np.concatenate([w.moves for w in used]), (told[0], told[1])), shape=moved.shape)
    if (claimed - moved.tocsr()).data.any():
        raise Broken("a witness says that it changes something else")
