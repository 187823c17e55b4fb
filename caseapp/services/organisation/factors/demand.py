"""The security administrator says which roles need a second factor."""

from datetime import timedelta

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Setting
from caseapp.queries.organisation import controls as queries
from caseapp.schemas.organisation.factors import SetControls
from caseapp.services.trust import audit


def set_controls(command: SetControls, actor: Actor) -> None:
    """Which roles need a second factor; for one that is new, from the given number of days on: until then one is reminded.

    It is asked for at the next sign-in. What held before stays on record. Conflict when somebody changed it meanwhile.
    """
    policy.require(actor, Permission.CONTROL_SET)
    held = queries.controls()
    if held.version != command.version:
        raise Conflict(
            _l("Somebody changed this meanwhile. Look at it again, then save."), code="stale_version", version=held.version
        )
    today = clock.today()
    from_then = today + timedelta(days=command.days)
    days = {role: held.roles.get(role, from_then).isoformat() for role in command.roles}
    row = (
        db.session.query(Setting).filter_by(organisation_id=actor.organisation_id, name=queries.NAME, from_on=today).one_or_none()
    )
    if row is None:
        row = Setting(organisation_id=actor.organisation_id, name=queries.NAME, from_on=today)
        db.session.add(row)
    row.value = {"roles": days, "version": held.version + 1}
    row.note, row.set_by_id, row.set_at = command.reason, actor.user_id, clock.now()
    audit.record(db.session, "control.set", row, reason=command.reason)
    db.session.flush()
