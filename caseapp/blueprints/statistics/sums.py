"""Adds up what a table shows: whether parts and totals agree, and which sums hold a figure that is not shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SumCheck:
    """How many sums agree, hold a figure that is not shown, and do not agree (which would be a fault of the release)."""

    agree: int
    open: int
    wrong: int

    @property
    def code(self) -> str:
        """As the script in the browser says it."""
        return f"{self.agree}/{self.open}/{self.wrong}"


def check(rows: Sequence[Mapping[str, Any]], *, across: bool, down: bool) -> SumCheck | None:
    """Of the rows of a table as it stands on the page; None where nothing is a sum.

    `across`: the last cell of each row is the sum of those before; `down`: the last row is the sum of the rows above. A cell is
    a whole number, None where it is not shown, or a text (nothing published), which counts as not shown.
    """
    lines = [list(row["cells"]) for row in rows]
    sums = [*(lines if across else ()), *(zip(*lines, strict=True) if down and len(lines) > 1 else ())]
    if not sums or not lines or (across and not down and len(lines[0]) < 2):
        return None
    found = list(_judged(sums))
    return SumCheck(found.count("agree"), found.count("open"), found.count("wrong"))


def _judged(sums: Sequence[Sequence[Any]]) -> Iterator[str]:
    for *parts, total in sums:
        if not all(isinstance(cell, int) for cell in (*parts, total)):
            yield "open"
        else:
            yield "agree" if sum(parts) == total else "wrong"
