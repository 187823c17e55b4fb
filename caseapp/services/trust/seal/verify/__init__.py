"""The look that finds what was changed, removed, inserted or put in another order in the trail, and says where."""

from caseapp.services.trust.seal.verify.checkpoint import Checkpoint, checkpoint
from caseapp.services.trust.seal.verify.report import Fault, Report
from caseapp.services.trust.seal.verify.whole import verify

__all__ = ["Checkpoint", "Fault", "Report", "checkpoint", "verify"]
