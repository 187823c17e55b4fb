"""Absences: the head says who stands in for whom and until when; it ends by itself, or earlier by the head."""

from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Cover, Organisation, User
from caseapp.queries.organisation import covers, workers
from caseapp.schemas.organisation.cover import EndCover, SetCover
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def set_cover(command: SetCover, absent: User, actor: Actor) -> Cover:
    """Somebody sees and does what the absent one may, until the last day; restricted files only if the head says so.

    Needs cover:set. Refuses people who do not work here, oneself for oneself, a second absence in the same days, and chains:
    whoever is absent covers nobody, and whoever covers somebody is relieved of that first.
    """
    policy.require(actor, Permission.COVER)
    place = db.session.get(Organisation, actor.organisation_id)
    if place is None:
        raise NotFound()
    db.session.execute(select(Organisation.id).where(Organisation.id == place.id).with_for_update())  # two heads at once
    here = dict(workers.of(actor))
    if absent.id not in here:
        raise Conflict(_l("This person has no role here now. Hand over what is open instead."), code="wrong_state")
    if command.cover_id not in here:
        raise Invalid(_l("This person does not work at this station."), "cover_id")
    if command.cover_id == absent.id:
        raise Invalid(_l("Somebody else has to stand in."), "cover_id")
    _no_chain(command, absent.id, here)
    row = Cover(
        organisation_id=place.id,
        path=place.path,
        absent_id=absent.id,
        cover_id=command.cover_id,
        reason=command.reason,
        note=command.note,
        from_on=command.from_on,
        to_on=command.to_on,
        with_restricted=command.with_restricted,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    db.session.add(row)
    audit.record(db.session, "cover.set", row)
    db.session.flush()
    return row


def end(command: EndCover, row: Cover, actor: Actor) -> Cover:
    """The absence is over earlier. Needs cover:set; refuses one that is over and a stale version."""
    policy.require(actor, Permission.COVER, row)
    if row.ended_at is not None or row.to_on < clock.today():
        raise Conflict(_l("It has ended already."), code="wrong_state")
    expect_version(row, command.version)
    row.ended_at, row.ended_by_id, row.updated_at = clock.now(), actor.user_id, clock.now()
    audit.record(db.session, "cover.ended", row)
    db.session.flush()
    return row


def _no_chain(command: SetCover, absent_id: UUID, here: dict[UUID, str]) -> None:
    for other in covers.between((absent_id, command.cover_id), command.from_on, command.to_on):
        if other.absent_id == absent_id:
            raise Invalid(_l("%(name)s stands in already in these days.", name=here.get(other.cover_id, "")), "from_on")
        if other.absent_id == command.cover_id:
            raise Invalid(_l("This person is absent in these days."), "cover_id")
        if other.cover_id == absent_id:
            name = here.get(other.absent_id, "")
            raise Invalid(
                _l("This person stands in for %(name)s in these days: choose somebody else for that first.", name=name), "from_on"
            )
