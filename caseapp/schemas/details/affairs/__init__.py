"""Input of social affairs: the typed part of a case, and one file for each matter."""

from caseapp.schemas.details.affairs.case import AffairsSchema

__all__ = ["AffairsSchema"]
