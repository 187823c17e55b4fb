"""Trail, open files, drafts, counters and idempotency."""

from caseapp.models.trust.audit import AuditEntry, AuditSeen
from caseapp.models.trust.files import FileAccess
from caseapp.models.trust.work import Counter, Draft, RateBucket, StoredResult

__all__ = ["AuditEntry", "AuditSeen", "Counter", "Draft", "FileAccess", "RateBucket", "StoredResult"]
