"""Forms of social affairs: the typed part of a case, and one file for each matter."""

from caseapp.forms.details.affairs.case import AffairsForm

__all__ = ["AffairsForm"]
