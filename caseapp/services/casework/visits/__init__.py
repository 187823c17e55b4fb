"""Verbs on visits: record, amend, void, move; each leaves due dates and counts right."""

from caseapp.services.casework.visits.parties import STRICT, Party, check_day, day_problem, is_about, parties_of
from caseapp.services.casework.visits.record import FARTHEST, chosen_day, death_task, facts_after, record_visit, write_visit
from caseapp.services.casework.visits.undo import OWN_DAYS, amend_visit, is_young, may_undo, move_visit, void_visit

__all__ = [
    "FARTHEST",
    "OWN_DAYS",
    "Party",
    "STRICT",
    "amend_visit",
    "check_day",
    "chosen_day",
    "day_problem",
    "death_task",
    "facts_after",
    "is_about",
    "is_young",
    "may_undo",
    "move_visit",
    "parties_of",
    "record_visit",
    "void_visit",
    "write_visit",
]
