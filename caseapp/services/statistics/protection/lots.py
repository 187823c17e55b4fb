"""Simple moves of one kind: how often each is possible, and what it would hide."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from caseapp.services.statistics.protection.numbers import Whole
from caseapp.services.statistics.protection.system import Matrix

SPARE = 0.05  # a move costs a little, so that few are put together


@dataclass
class Lot:
    """Moves of one kind: a row of `atoms` each, all with the same `signs`; `cells` and `told` are what each changes of the cells."""

    atoms: Whole
    signs: Whole
    number: Whole  # the move of each changed cell
    cells: Whole
    ties: tuple[Whole, Whole, Whole]  # of each part that comes nearer its whole: the move, the rule, by how much

    def __len__(self) -> int:
        return len(self.atoms)

    def room(self, truth: Whole, slack: Whole) -> Whole:
        """How many times each is possible."""
        found: Whole = truth[self.atoms[:, self.signs < 0]].min(axis=1, initial=1 << 40)
        number, rule, less = self.ties
        np.minimum.at(found, number, slack[rule] // less)
        return found

    def cost(self, price: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each would hide."""
        found: NDArray[np.float64] = (
            np.bincount(self.number, weights=price[self.cells], minlength=len(self.atoms)) + SPARE
        ).astype(np.float64)
        return found


def lot(rows: Matrix, equal: Matrix, more: Matrix, atoms: Whole, signs: Whole) -> Lot | None:
    """The moves of a kind that no balance (`equal`) forbids; None where there are none."""
    fine = np.ones(len(atoms), dtype=bool)
    fine[product_of(equal, atoms, signs)[0]] = False
    atoms = atoms[fine]
    if not len(atoms):
        return None
    number, cells, _change = product_of(rows, atoms, signs)
    move, rule, change = product_of(more, atoms, signs)
    less = change < 0
    return Lot(atoms, signs, number, cells, (move[less], rule[less], -change[less]))


def product_of(matrix: Matrix, atoms: Whole, signs: Whole) -> tuple[Whole, Whole, Whole]:
    """(move, row, change): what moves, a row of `atoms` each, change of the rows of a matrix."""
    if not matrix.shape[0]:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing
    count, size = atoms.shape
    steps = np.arange(0, count * size + 1, size)
    moves = sparse.csc_array((np.tile(signs, count), atoms.ravel(), steps), shape=(matrix.shape[1], count))
    told = matrix @ moves
    number = np.repeat(np.arange(count), np.diff(told.indptr))
    real = told.data != 0
    return number[real], told.indices[real].astype(np.int64), told.data[real]
