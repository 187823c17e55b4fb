"""What the doctor found: a level, which is the exit code too, and one or two sentences."""

from dataclasses import dataclass
from enum import IntEnum

from caseapp.core.text import _


class Level(IntEnum):
    """How bad it is."""

    FINE = 0
    LOOK = 1
    BROKEN = 2


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    words: str


def label(level: Level) -> str:
    """The level as a word."""
    return (_("in order"), _("please look"), _("broken"))[level]
