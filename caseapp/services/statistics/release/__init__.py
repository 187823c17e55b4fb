"""From facts to a release: made by one person of the highest bureau, looked at and published by another, never changed again."""

from caseapp.services.statistics.release.check import approve, publish_quarter, refuse
from caseapp.services.statistics.release.make import require_highest
from caseapp.services.statistics.release.prepare import cancel, carry_out, prepare

__all__ = ["approve", "cancel", "carry_out", "prepare", "publish_quarter", "refuse", "require_highest"]
