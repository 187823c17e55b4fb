"""Changing what is known of a person; members that were not given stay as they are."""

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, names
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Client
from caseapp.schemas.casework.client.person import EditClient
from caseapp.services.casework import consents, due, households
from caseapp.services.casework.clients.classes import reclass
from caseapp.services.casework.clients.register import check_places
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def edit(command: EditClient, client: Client, actor: Actor) -> Client:
    """What is known is put right. Needs client:write; refuses a stale version, unknown places, and anything new about
    somebody who took the consent back.

    A birth date that makes somebody a minor, or no longer one, moves the class of every row of the person.
    """
    policy.require(actor, Permission.CLIENT_WRITE, client)
    expect_version(client, command.version)
    consents.must_hold(client.id)
    check_places(command.changes)
    sex_before = client.sex
    for field, value in command.changes.items():
        if field == "name" and not value:
            continue
        setattr(client, field, value)
    if "name" in command.changes and client.name:
        full, initials = names.pinyin(client.name)
        client.name_key = names.sort_key(client.name) if full else client.name
        client.initials = initials or client.name[:1]
    if command.birth is not None:
        client.birth_on, client.birth_precision = command.birth.on, command.birth.precision
    if client.sex != sex_before:
        db.session.flush()
        households.sex_corrected(client)
    client.updated_at = clock.now()
    reclass(client, actor)
    audit.record(db.session, "client.edited", client)
    db.session.flush()
    due.refresh_due(client)
    return client
