"""Step-up: the one place that says whether who acts has proved lately to be there.

A sign-in is a proof, and so is a token of the API made with the password. Views say `fresh=…` on the line above
(`blueprints/http/guard.py`): `ACTS` for administration, exports and printing, `FILES` for numbers shown in clear; whatever opens
a P3 file asks by `policy.require`. Commands and jobs are proved by whoever started them at the machine. The proof itself is
taken by `services/organisation/sign_in/fresh.py`, on a page that leads back to the very act.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp import reference
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import ProofNeeded
from caseapp.extensions import db
from caseapp.models.organisation import Setting

CONTROLS = "trust.controls"  # the setting that the security administrator keeps
ACTS = "fresh_minutes"
FILES = "fresh_file_minutes"


def in_force(session: Session | Any = None) -> list[dict[str, Any]]:
    """The controls in force today: of every place that set some the latest. They hold for the whole installation."""
    query = select(Setting.organisation_id, Setting.value).where(Setting.name == CONTROLS, Setting.from_on <= clock.today())
    latest = {row.organisation_id: row.value for row in (session or db.session).execute(query.order_by(Setting.from_on))}
    return list(latest.values())


def limit(name: str, held: list[dict[str, Any]] | None = None) -> int:
    """A limit of signing in: the strictest that was set, else the default of the settings (`sign_in.*`)."""
    wanted = in_force() if held is None else held
    found = [value["limits"][name] for value in wanted if name in value.get("limits", {})]
    return min(found, default=int(reference.default(f"sign_in.{name}")))


def require(actor: Actor, within: str = ACTS) -> None:
    """Raises ProofNeeded unless the actor proved who they are within the minutes of that limit."""
    if actor.channel not in ("page", "api"):
        return
    minutes = limit(within)
    if actor.proved_at is None or clock.now() - actor.proved_at > timedelta(minutes=minutes):
        raise ProofNeeded(seconds=60 * minutes)
