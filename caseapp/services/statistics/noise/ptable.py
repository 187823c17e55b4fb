"""How much a count is changed: for each true count a distribution of greatest entropy with mean 0 and a fixed variance.

The cell key method of the Australian Bureau of Statistics; table after Giessing (2016) and the R package ptable: differences of
at most D, no 1 or 2 among the answers, nothing is always nothing.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

MOST = 4  # D: the greatest difference
VARIANCE = 2.0
NEVER = (1, 2)  # answers that do not occur
SAME = MOST + max(NEVER) + 1  # from this count on every distribution is alike

Floats = NDArray[np.float64]


@cache
def row(count: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """(differences, their probabilities) for a true count from 1 on; counts of `SAME` or more share one row.

    Raises ArithmeticError where no such distribution was found.
    """
    count = min(count, SAME)
    steps = np.array([d for d in range(-MOST, MOST + 1) if count + d >= 0 and count + d not in NEVER])

    def loss(p: Floats) -> float:
        return float(np.sum(p * np.log(np.maximum(p, 1e-300))))

    def slope(p: Floats) -> Floats:
        found: Floats = np.log(np.maximum(p, 1e-300)) + 1
        return found

    laws = [
        {
            "type": "eq",
            "fun": lambda p, power=power, aim=aim: np.sum(p * steps.astype(float) ** power) - aim,
            "jac": lambda p, power=power: steps.astype(float) ** power,
        }
        for power, aim in ((0, 1.0), (1, 0.0), (2, VARIANCE))
    ]
    start = np.exp(-(steps**2) / (2 * VARIANCE))
    made = minimize(
        loss,
        start / start.sum(),
        jac=slope,
        bounds=[(0, 1)] * len(steps),
        constraints=laws,
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    chances = np.clip(made.x, 0, None)
    chances /= chances.sum()
    if abs(chances @ steps) > 1e-6 or abs(chances @ steps**2 - VARIANCE) > 1e-6:
        raise ArithmeticError(f"no distribution for a count of {count}")
    return tuple(steps.tolist()), tuple(chances.tolist())


def perturbed(counts: NDArray[np.int64], keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The counts as they are answered. `keys` are the cells' keys, whole numbers that stand for 0 ≤ key / 2⁶⁴ < 1.

    The same count with the same key always has the same answer.
    """
    found = counts.copy()
    at = keys.astype(np.float64) / 2.0**64
    for count in range(1, SAME + 1):
        here = counts == count if count < SAME else counts >= SAME
        if here.any():
            steps, chances = row(count)
            place = np.searchsorted(np.cumsum(chances), at[here], side="right")
            found[here] += np.array(steps)[np.minimum(place, len(steps) - 1)]
    return found
