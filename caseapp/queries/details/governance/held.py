"""What of the domain is in a worker's name while it is open: requests to be answered, decisions to be followed up."""

from caseapp.core.text import _l
from caseapp.models.details.governance.meeting import GovernanceMeeting
from caseapp.models.details.governance.request import LIVE, GovernanceRequest
from caseapp.queries.casework.held import Part

HELD = (
    Part(
        "requests",
        _l("Residents' requests"),
        GovernanceRequest,
        "worker_id",
        lambda _a: (GovernanceRequest.state.in_(LIVE),),
        order="due_on",
    ),
    Part(
        "meetings",
        _l("Decisions of meetings to be followed up"),
        GovernanceMeeting,
        "worker_id",
        lambda _a: (
            GovernanceMeeting.follow_up_on.is_not(None),
            GovernanceMeeting.followed_on.is_(None),
            GovernanceMeeting.voided_at.is_(None),
        ),
        order="follow_up_on",
    ),
)
