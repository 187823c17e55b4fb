"""The shared stages of a case (domain.md 2.1, contract.md section 5): accept, assess, plan, serve, evaluate, close, follow up."""

from caseapp.access.permissions import Permission as P
from caseapp.core.text import _l
from caseapp.domains.base import Step, Workflow

STAGES = ("intake", "assessing", "planning", "serving", "evaluating", "closing", "follow_up")

STANDARD = Workflow(
    (
        Step("accept", _l("Accept the case"), ("intake",), "assessing", P.CASE_WRITE, ("consent",)),
        Step("decline", _l("Do not accept"), ("intake",), "declined", P.CASE_WRITE),
        Step("plan", _l("Go on to the plan"), ("assessing",), "planning", P.CASE_WRITE, ("assessed", "risk_named")),
        Step("serve", _l("Start the service"), ("planning",), "serving", P.CASE_WRITE, ("plan_approved",)),
        Step("evaluate", _l("Evaluate"), ("serving",), "evaluating", P.CASE_WRITE, ("worked",)),
        Step("reassess", _l("Back to assessment"), ("planning", "serving", "evaluating"), "assessing", P.CASE_WRITE),
        Step("resume", _l("Back to the service"), ("evaluating", "closing"), "serving", P.CASE_WRITE),
        Step("ask_closing", _l("Ask for closing"), ("evaluating",), "closing", P.CASE_WRITE, ("evaluated", "referrals_answered")),
        Step("close", _l("Close the case"), ("closing",), "closed", P.CASE_CLOSE, ("closure_approved", "referrals_answered")),
        Step("follow_up", _l("Follow up"), ("closed",), "follow_up", P.CASE_WRITE),
        Step("archive", _l("Archive"), ("closed", "follow_up"), "archived", P.CASE_WRITE),
        Step(
            "reopen", _l("Re-open"), ("closed", "follow_up", "archived", "declined", "referred_out"), "assessing", P.CASE_REOPEN
        ),
    )
)
