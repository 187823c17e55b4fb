"""Input of community governance: the typed part of a case, and the station's own papers."""

from caseapp.schemas.details.governance.detail import GovernanceSchema

__all__ = ["GovernanceSchema"]
