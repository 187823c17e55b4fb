"""Figures: a bureau's desk, published tables, documents, releases from the first step
to their exports, extracts, a station's own counts, focus.
"""

from caseapp.blueprints.statistics import (
    compare,
    copies,
    dashboard,
    documents,
    exploration,
    extracts,
    focus,
    preparations,
    releases,
    station,
    tables,
    why,
)
from caseapp.blueprints.statistics.blueprint import bp

__all__ = [
    "bp",
    "compare",
    "copies",
    "dashboard",
    "documents",
    "exploration",
    "extracts",
    "focus",
    "preparations",
    "releases",
    "station",
    "tables",
    "why",
]
