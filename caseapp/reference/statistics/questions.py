"""What may be explored with noise: a measure by up to three dimensions that its tables name, as far down as they are published."""

from dataclasses import dataclass
from itertools import combinations

from caseapp.reference.statistics.kinds import LEVELS, Catalogue, TableKind

MOST = 3  # dimensions that meet
MONTHLY = ("duty",)  # looked at month by month, so that its rows are no rows of the quarter
CROSSED_LEVELS = LEVELS[: LEVELS.index("county") + 1]


@dataclass(frozen=True)
class Question:
    """One measure by some dimensions (none: the total), whose joint grouping is the frame `within`."""

    table: TableKind  # the first table of the measure: whose words say what is counted
    names: tuple[str, ...]
    within: tuple[str, ...]
    levels: tuple[str, ...]

    @property
    def measure(self) -> str:
        """What is counted."""
        return self.table.measure

    @property
    def code(self) -> str:
        """Its dimensions in one word; empty for the total."""
        return ".".join(self.names)


def questions(catalogue: Catalogue) -> tuple[Question, ...]:
    """Every question, in the order of the catalogue."""
    made: dict[tuple[str, tuple[str, ...]], Question] = {}
    for measure, tables in catalogue.linked().items():
        if any(table.magnitude for table in tables) or measure in MONTHLY:
            continue  # minutes have no contributors' keys
        deepest = max((table.levels for table in tables), key=len)
        for frame in catalogue.frames(measure):
            if any(catalogue.dimensions[name].overlap for name in frame):
                continue  # a person in two groups is in the total once: sums of their keys would not fit
            for count in range(min(len(frame), MOST) + 1):
                for names in combinations(frame, count):
                    levels = deepest if count < 2 else tuple(level for level in deepest if level in CROSSED_LEVELS)
                    made.setdefault((measure, names), Question(tables[0], names, frame, levels))
    return tuple(made.values())
