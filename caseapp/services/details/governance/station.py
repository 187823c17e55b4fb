"""What the station's own papers share: where a new one lies, which village and colleague may stand on it, how it is voided."""

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Organisation
from caseapp.queries.organisation import villages
from caseapp.schemas.details.governance.survey import VoidPaper
from caseapp.services.versions import expect_version


def station_of(actor: Actor, permission: Permission = Permission.CASE_WRITE) -> Organisation:
    """The station of whoever works at it, or at a service point of it; Forbidden to others."""
    place = db.session.get(Organisation, actor.organisation_id)
    if place is None:
        raise NotFound()
    policy.require_place(actor, permission, place.path)
    if place.kind == "service_point" and place.parent_id is not None:
        return db.session.get_one(Organisation, place.parent_id)
    return place


def paper(model: Any, actor: Actor, klass: str = "P1", **values: Any) -> Any:
    """A new row of the station itself: its own file, at the place of the actor's role."""
    station, place, key = station_of(actor), db.session.get_one(Organisation, actor.organisation_id), uuid7()
    return model(
        id=key,
        file_id=key,
        station_id=station.id,
        station_path=place.path,
        klass=klass,
        created_at=clock.now(),
        created_by_id=actor.user_id,
        **values,
    )


def must_serve(actor: Actor, division_code: str | None, before: str | None = None) -> None:
    """Refuses a village that the station does not serve; one that stood there before may stay."""
    if division_code is None or division_code == before:
        return
    if division_code not in {village.code for village in villages.of(actor)}:
        raise Invalid(_l("Choose a place from the list."), "division_code")


def void(command: VoidPaper, row: Any, actor: Actor) -> None:
    """Takes a paper out of every list and count. Needs case:write; its author or the head; refuses what was voided already."""
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    if row.voided_at is not None:
        raise Conflict(_l("This was voided already."), code="voided")
    if row.worker_id != actor.user_id and row.created_by_id != actor.user_id:
        policy.require(actor, Permission.VISIT_VOID_ANY, row)
    row.voided_at, row.void_reason, row.updated_at = clock.now(), command.reason, clock.now()


def must_stand(row: Any) -> None:
    """Refuses to go on with what was voided."""
    if row.voided_at is not None:
        raise Conflict(_l("This was voided already."), code="voided")


def partner_ids(ids: list[UUID], offered: set[str]) -> list[str]:
    """Partners as they are kept: each once, and only those of the station."""
    found = list(dict.fromkeys(str(key) for key in ids))
    if not set(found) <= offered:
        raise Invalid(_l("Choose one of the answers offered."), "partner_ids")
    return found
