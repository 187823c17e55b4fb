"""Facts, releases on their way and published, published cells and exports."""

from caseapp.models.statistics.preparation import StatCertificate, StatPreparation
from caseapp.models.statistics.release import StatCell, StatExport, StatFact, StatRelease

__all__ = ["StatCell", "StatCertificate", "StatExport", "StatFact", "StatPreparation", "StatRelease"]
