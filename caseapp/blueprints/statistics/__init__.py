"""Figures: a bureau's desk, published tables, releases from the first step to their exports, extracts, a station's own counts, focus."""

from caseapp.blueprints.statistics import dashboard, exploration, extracts, focus, preparations, releases, station, tables
from caseapp.blueprints.statistics.blueprint import bp

__all__ = ["bp", "dashboard", "exploration", "extracts", "focus", "preparations", "releases", "station", "tables"]
