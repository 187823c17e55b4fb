"""One human in two records, for the head: what looks alike at the station, joined records, matches with other stations."""

from caseapp.blueprints.duplicates import merges, pages, stations
from caseapp.blueprints.duplicates.blueprint import bp

__all__ = ["bp", "merges", "pages", "stations"]
