"""Reading social affairs: what a case shows beyond any case, by its matter; a few statements, however many entries."""

from caseapp.queries.details.affairs.file import facts

__all__ = ["facts"]
