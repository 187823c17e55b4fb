"""Village contacts: cadres, children's directors, grid members whom the station calls; their phones are encrypted."""

from uuid_utils.compat import uuid7

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, phones
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid, NotFound
from caseapp.core.phones import BadPhone
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import VillageContact
from caseapp.models.organisation import Organisation
from caseapp.queries.organisation import villages
from caseapp.schemas.casework.village import AddVillageContact, EditVillageContact, SwitchVillageContact
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def add(command: AddVillageContact, actor: Actor) -> VillageContact:
    """A contact of the actor's station. Needs client:write; refuses villages the station does not serve and broken numbers."""
    place = db.session.get(Organisation, actor.organisation_id)
    if place is None:
        raise NotFound()
    policy.require_place(actor, Permission.CLIENT_WRITE, place.path)
    key = uuid7()
    row = VillageContact(
        id=key,
        file_id=key,
        station_id=place.id if place.kind == "station" else place.parent_id,
        station_path=place.path,
        klass="P1",
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    _fill(row, command, actor)
    db.session.add(row)
    audit.record(db.session, "village_contact.added", row)
    db.session.flush()
    return row


def edit(command: EditVillageContact, row: VillageContact, actor: Actor) -> VillageContact:
    """A contact put right. Needs client:write; refuses a stale version."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    expect_version(row, command.version)
    _fill(row, command, actor)
    row.updated_at = clock.now()
    audit.record(db.session, "village_contact.edited", row)
    db.session.flush()
    return row


def switch(command: SwitchVillageContact, row: VillageContact, actor: Actor) -> VillageContact:
    """Somebody holds the post no longer (the number is not kept then: nobody needs it), or holds it again."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    expect_version(row, command.version)
    row.is_active, row.updated_at = command.is_active, clock.now()
    if not row.is_active:
        row.phone = None
    audit.record(db.session, "village_contact.switched", row)
    db.session.flush()
    return row


def _fill(row: VillageContact, given: AddVillageContact, actor: Actor) -> None:
    kept = given.division_code and given.division_code == row.division_code
    if not kept and given.division_code not in {village.code for village in villages.of(actor)}:
        raise Invalid(_l("Choose a place from the list."), "division_code")
    try:
        phone = phones.parse(given.phone).number if given.phone else None
    except BadPhone as error:
        raise Invalid(str(error.message) % error.facts, "phone", code=f"phone_{error.code}") from error
    row.division_code, row.role, row.name, row.note, row.phone = given.division_code, given.role, given.name, given.note, phone
