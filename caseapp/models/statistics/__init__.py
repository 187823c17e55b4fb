"""Facts and their snapshots, releases, published cells and exports."""

from caseapp.models.statistics.fact import StatDue, StatFact, StatMark, StatSnapshot
from caseapp.models.statistics.release import StatCell, StatExport, StatRelease

__all__ = ["StatCell", "StatDue", "StatExport", "StatFact", "StatMark", "StatRelease", "StatSnapshot"]
