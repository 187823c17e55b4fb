"""Facts and snapshots, releases on their way and published, cells, certificates, noise, exports, extracts, documents."""

from caseapp.models.statistics.certificate import StatCertificate
from caseapp.models.statistics.document import StatDocument
from caseapp.models.statistics.extract import StatExtract, StatExtractCase, StatExtractFetch
from caseapp.models.statistics.fact import StatDue, StatFact, StatMark, StatSnapshot
from caseapp.models.statistics.noise import StatNoise, StatQuestion
from caseapp.models.statistics.preparation import StatPreparation
from caseapp.models.statistics.release import StatCell, StatExport, StatRelease

__all__ = [
    "StatCell",
    "StatCertificate",
    "StatDocument",
    "StatDue",
    "StatExport",
    "StatExtract",
    "StatExtractCase",
    "StatExtractFetch",
    "StatFact",
    "StatMark",
    "StatNoise",
    "StatPreparation",
    "StatQuestion",
    "StatRelease",
    "StatSnapshot",
]
