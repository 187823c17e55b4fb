"""How a referral ends, by whichever verb; and what a death ends."""

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Case, Referral
from caseapp.queries.casework.referrals import boxes
from caseapp.services.casework.referrals import sides
from caseapp.services.trust import audit


def end(row: Referral, status: str) -> None:
    """It is over: the receiver's reading ends with it; a case that was taken in is still to be let go."""
    row.status, row.ended_at, row.updated_at = status, clock.now(), clock.now()
    row.case_to_go = row.case_to_go and status == "completed"
    sides.withdraw_reading(row)


def end_with_case(case: Case, actor: Actor) -> None:
    """A death takes back what nobody has answered yet."""
    for row in boxes.unanswered(case):
        if row.status == "sent":
            sides.say(row, "revoked", actor, by_receiver=False)
        end(row, "revoked")
        audit.record(db.session, "referral.revoked", case)
