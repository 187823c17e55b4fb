"""Facts and their snapshots, releases, published cells, certificates and exports."""

from caseapp.models.statistics.certificate import StatCertificate
from caseapp.models.statistics.fact import StatDue, StatFact, StatMark, StatSnapshot
from caseapp.models.statistics.release import StatCell, StatExport, StatRelease

__all__ = ["StatCell", "StatCertificate", "StatDue", "StatExport", "StatFact", "StatMark", "StatRelease", "StatSnapshot"]
