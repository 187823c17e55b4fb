"""The security administrator says which roles need a second factor, and the limits of signing in; less needs a second person."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from caseapp.access import limits, policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Setting
from caseapp.models.trust import AskedAct
from caseapp.queries.organisation import controls as queries
from caseapp.queries.organisation.controls import Controls
from caseapp.schemas.organisation.factors import SetControls
from caseapp.services.trust import asked, audit

KIND = "control.off"


def set_controls(command: SetControls, actor: Actor) -> bool:
    """Which roles need a second factor, and the limits of signing in; whether it is in force or waits for a second person.

    For a role that is new, from the given number of days on: until then one is reminded. All of it counts from the next sign-in
    on. What makes something less strict waits until another security administrator, or the system administrator of the
    whole, agrees. What held before stays on record. Conflict when somebody changed it meanwhile.
    """
    policy.require(actor, Permission.CONTROL_SET)
    held = queries.controls()
    _expect(held, command.version)
    from_then = clock.today() + timedelta(days=command.days)
    value = {
        "roles": {role: held.roles.get(role, from_then).isoformat() for role in command.roles},
        "limits": {name: command.limits.get(name, held.limit(name)) for name in limits.BOUNDS},
        "version": held.version + 1,
    }
    if weakened(held, value):
        asked.ask(KIND, path=actor.paths[0], reason=command.reason, actor=actor, subject_id=actor.organisation_id, facts=value)
        return False
    _write(value, actor.organisation_id, command.reason, actor.user_id)
    return True


def weakened(held: Controls, value: dict[str, Any]) -> list[str]:
    """What would be less strict than it is: roles that need no second factor any more (`role:worker`), and limits."""
    roles = [f"role:{role}" for role in held.roles if role not in value["roles"]]
    looser = [
        name
        for name, wanted in value["limits"].items()
        if limits.strictness(name, wanted) < limits.strictness(name, held.limit(name))
    ]
    return roles + looser


@asked.carries_out(KIND)
def weaken(row: AskedAct, _actor: Actor) -> None:
    """Puts into force what was asked for. Conflict when the controls were changed since."""
    _expect(queries.controls(), row.facts["version"] - 1)
    _write(row.facts, row.subject_id, row.reason, row.asked_by_id)


def _expect(held: Controls, version: int) -> None:
    if held.version != version:
        raise Conflict(
            _l("Somebody changed this meanwhile. Look at it again, then save."), code="stale_version", version=held.version
        )


def _write(value: dict[str, Any], organisation_id: UUID | None, reason: str, user_id: UUID) -> None:
    today = clock.today()
    row = db.session.query(Setting).filter_by(organisation_id=organisation_id, name=queries.NAME, from_on=today).one_or_none()
    if row is None:
        row = Setting(organisation_id=organisation_id, name=queries.NAME, from_on=today)
        db.session.add(row)
    row.value, row.note, row.set_by_id, row.set_at = value, reason, user_id, clock.now()
    audit.record(db.session, "control.set", row, reason=reason)
    db.session.flush()
