"""Trail, acts that need two people, open files, drafts, counters, idempotency, saved filters, long work."""

from caseapp.models.trust.asked import AskedAct
from caseapp.models.trust.audit import AuditEntry, AuditReview, AuditSeen
from caseapp.models.trust.disposal import DisposalCertificate, LegalHold
from caseapp.models.trust.files import FileAccess
from caseapp.models.trust.job import Job, QueueItem
from caseapp.models.trust.rotation import KeyRotation
from caseapp.models.trust.seal import AuditArchive, AuditNumber, AuditSeal, AuditWaiting
from caseapp.models.trust.work import Counter, Draft, RateBucket, SavedFilter, StoredResult

__all__ = [
    "AskedAct",
    "AuditArchive",
    "AuditEntry",
    "AuditNumber",
    "AuditReview",
    "AuditSeal",
    "AuditSeen",
    "AuditWaiting",
    "Counter",
    "DisposalCertificate",
    "Draft",
    "FileAccess",
    "Job",
    "KeyRotation",
    "LegalHold",
    "QueueItem",
    "RateBucket",
    "SavedFilter",
    "StoredResult",
]
