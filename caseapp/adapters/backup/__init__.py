"""Backups: a snapshot taken on line, sealed as it is written, and restored once before anybody relies on it."""

from caseapp.adapters.backup.errors import BackupError
from caseapp.adapters.backup.look import Look, differences, take
from caseapp.adapters.backup.making import ENDING, Made, Newest, checked, make, newest, restored
from caseapp.adapters.backup.places import MARK, Place, has_programs, place_of
from caseapp.adapters.backup.stream import Header, Opened

__all__ = [
    "ENDING",
    "MARK",
    "BackupError",
    "Header",
    "Look",
    "Made",
    "Newest",
    "Opened",
    "Place",
    "checked",
    "differences",
    "has_programs",
    "make",
    "newest",
    "place_of",
    "restored",
    "take",
]
