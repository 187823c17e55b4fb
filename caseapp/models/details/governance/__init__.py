"""What community governance keeps: of a case, of a community project, and at the station itself (domain.md 1.4 D, S-6.8)."""

from caseapp.models.details.governance.detail import GovernanceDetail
from caseapp.models.details.governance.meeting import GovernanceMeeting
from caseapp.models.details.governance.project import GovernanceDelivery, GovernancePartner, GovernanceProject
from caseapp.models.details.governance.request import GovernanceRequest
from caseapp.models.details.governance.survey import GovernanceFinding, GovernanceSurvey

__all__ = [
    "GovernanceDelivery",
    "GovernanceDetail",
    "GovernanceFinding",
    "GovernanceMeeting",
    "GovernancePartner",
    "GovernanceProject",
    "GovernanceRequest",
    "GovernanceSurvey",
]
