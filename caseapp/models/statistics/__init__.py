"""Facts, releases, published cells and exports, extracts of closed cases."""

from caseapp.models.statistics.extract import StatExtract, StatExtractCase, StatExtractFetch
from caseapp.models.statistics.release import StatCell, StatExport, StatFact, StatRelease

__all__ = ["StatCell", "StatExport", "StatExtract", "StatExtractCase", "StatExtractFetch", "StatFact", "StatRelease"]
