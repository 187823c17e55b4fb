"""The head says how far the villages of the station lie."""

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Setting
from caseapp.queries.organisation import distances as queries
from caseapp.queries.organisation import villages
from caseapp.queries.organisation.settings import At
from caseapp.schemas.organisation.distances import SetDistances
from caseapp.services.trust import audit


def set_distances(command: SetDistances, actor: Actor) -> None:
    """Holds for the actor's own station from today on; what held before stays on record.

    Needs case:assign. Invalid for a village that the station does not serve, Conflict when somebody changed it since.
    """
    policy.require(actor, Permission.CASE_ASSIGN)
    held = queries.read(At(actor.paths[0]))
    if held.version != command.version:
        raise Conflict(
            _l("Somebody changed this meanwhile. Look at it again, then save."), code="stale_version", version=held.version
        )
    known = {row.code for row in villages.of(actor)}
    for name in ("far", "remote"):
        if not set(getattr(command, name)) <= known:
            raise Invalid(_l("Choose a place from the list."), name)
    today = clock.today()
    row = (
        db.session.query(Setting).filter_by(organisation_id=actor.organisation_id, name=queries.NAME, from_on=today).one_or_none()
    )
    if row is None:
        row = Setting(organisation_id=actor.organisation_id, name=queries.NAME, from_on=today)
        db.session.add(row)
    row.value = {"far": sorted(command.far), "remote": sorted(command.remote), "version": held.version + 1}
    row.set_by_id, row.set_at = actor.user_id, clock.now()
    audit.record(db.session, "workload.villages_set", row)
    db.session.flush()
