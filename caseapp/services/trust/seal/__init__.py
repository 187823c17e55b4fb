"""The trail, tamper-evident: numbers without gaps, digests, a signed chain over batches, and the look that finds a change."""

from caseapp.services.trust.seal.sealer import LONGEST_WAIT, PAUSE, seal_all, seal_batch
from caseapp.services.trust.seal.verify import Checkpoint, Fault, Report, checkpoint, verify

__all__ = [
    "LONGEST_WAIT",
    "PAUSE",
    "Checkpoint",
    "Fault",
    "Report",
    "checkpoint",
    "seal_all",
    "seal_batch",
    "verify",
]
