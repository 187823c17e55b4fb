"""Figures: published tables for bureaus, releases with their exports, a station's own live counts."""

from caseapp.blueprints.statistics import releases, station, tables
from caseapp.blueprints.statistics.blueprint import bp

__all__ = ["bp", "releases", "station", "tables"]
