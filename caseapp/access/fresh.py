"""Step-up: the one place that says whether who acts has proved lately to be there.

A sign-in is a proof, and so is a token of the API made with the password. Views say `fresh=…` on the line above
(`blueprints/http/guard.py`): `ACTS` for administration, exports and printing, `FILES` for numbers shown in clear; whatever opens
a P3 file asks by `policy.require`. Commands and jobs are proved by whoever started them at the machine. The proof itself is
taken by `services/organisation/sign_in/fresh.py`, on a page that leads back to the very act.
"""

from datetime import timedelta

from caseapp.access.limits import limit
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import ProofNeeded

ACTS = "fresh_minutes"
FILES = "fresh_file_minutes"


def require(actor: Actor, within: str = ACTS) -> None:
    """Raises ProofNeeded unless the actor proved who they are within the minutes of that limit."""
    if actor.channel not in ("page", "api"):
        return
    minutes = limit(within)
    if actor.proved_at is None or clock.now() - actor.proved_at > timedelta(minutes=minutes):
        raise ProofNeeded(seconds=60 * minutes)
