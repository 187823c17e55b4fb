"""Figures: a bureau's desk, the published tables, releases with their exports, a station's own live counts, what a county stresses."""

from caseapp.blueprints.statistics import dashboard, extracts, focus, releases, station, tables
from caseapp.blueprints.statistics.blueprint import bp

__all__ = ["bp", "dashboard", "extracts", "focus", "releases", "station", "tables"]
