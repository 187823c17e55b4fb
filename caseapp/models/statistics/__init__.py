"""Facts, releases, published cells, certificates and exports."""

from caseapp.models.statistics.certificate import StatCertificate
from caseapp.models.statistics.release import StatCell, StatExport, StatFact, StatRelease

__all__ = ["StatCell", "StatCertificate", "StatExport", "StatFact", "StatRelease"]
