"""The versioned catalogue of published tables: which there are, by what they are divided, from how many persons a cell is shown."""

from functools import cache

from caseapp.reference.files import read_folder
from caseapp.reference.statistics.kinds import (
    LEVELS,
    Balance,
    Catalogue,
    Dimension,
    MeasureKind,
    NeverMore,
    TableKind,
    Value,
    key_of,
    named,
    plain,
)
from caseapp.reference.statistics.questions import Question, questions
from caseapp.reference.statistics.read import read_catalogue
from caseapp.reference.statistics.tiles import Tile, tiles

__all__ = [
    "LEVELS",
    "Balance",
    "Catalogue",
    "Dimension",
    "MeasureKind",
    "NeverMore",
    "Question",
    "TableKind",
    "Tile",
    "Value",
    "key_of",
    "named",
    "newest",
    "plain",
    "questions",
    "tiles",
    "versions",
]


@cache
def versions() -> dict[str, Catalogue]:
    """Every version, oldest first: a release is read by the version it was made with."""
    return {name: read_catalogue(name, raw) for name, raw in sorted(read_folder("statistics").items())}


def newest() -> Catalogue:
    """The version that new releases are made with."""
    return list(versions().values())[-1]
