"""Divisions and their offices: loaded once, then changed by tables whose every line says from which day it holds."""

from caseapp.services.organisation.divisions.apply import apply, carry_out_due, due_lines, withdraw
from caseapp.services.organisation.divisions.judge import judge
from caseapp.services.organisation.divisions.lines import COLUMNS, Line, read, to_csv
from caseapp.services.organisation.divisions.load import DIGITS, OFFICES, load, office_of

__all__ = [
    "COLUMNS", "DIGITS", "OFFICES", "Line", "apply", "carry_out_due", "due_lines", "judge", "load", "office_of", "read", "to_csv", "withdraw",
]  # fmt: skip
