"""A county sets what it stresses: key items, key groups, its own brand (S-3.2)."""

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Setting
from caseapp.queries.statistics import focus as queries
from caseapp.schemas.statistics.focus import SetFocus
from caseapp.services.trust import audit


def set_focus(command: SetFocus, actor: Actor) -> None:
    """Holds for the actor's own place from today on; what held before stays on record. Leaves a named event in the trail.

    Conflict when somebody else has changed it since the form was drawn.
    """
    policy.require(actor, Permission.FOCUS_SET)
    held = queries.at(actor.paths[0])
    if held.version != command.version:
        raise Conflict(
            _l("Somebody changed this meanwhile. Look at it again, then save."), code="stale_version", version=held.version
        )
    value = {
        "items": list(command.items),
        "groups": list(command.groups),
        "brand": command.brand,
        "brand_text": command.brand_text,
        "version": held.version + 1,
    }
    today = clock.today()
    row = (
        db.session.query(Setting).filter_by(organisation_id=actor.organisation_id, name=queries.NAME, from_on=today).one_or_none()
    )
    if row is None:
        row = Setting(organisation_id=actor.organisation_id, name=queries.NAME, from_on=today)
        db.session.add(row)
    row.value, row.set_by_id, row.set_at = value, actor.user_id, clock.now()
    audit.record(db.session, "statistics.focus_set", row, reason=command.brand)
    db.session.flush()
