"""Forms of community governance."""

from caseapp.forms.details.governance.detail import GovernanceForm

__all__ = ["GovernanceForm"]
