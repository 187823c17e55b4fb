"""Facts, releases, published cells and exports."""

from caseapp.models.statistics.release import StatCell, StatExport, StatFact, StatRelease

__all__ = ["StatCell", "StatExport", "StatFact", "StatRelease"]
