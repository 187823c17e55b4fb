"""Whom or what a case is about: exactly one person on file, household or community (contract.md section 5)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_

from caseapp import domains
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Household
from caseapp.models.organisation import Organisation
from caseapp.queries.casework import clients, households
from caseapp.queries.organisation import villages
from caseapp.schemas.casework.case import OpenCase


@dataclass(frozen=True)
class Subject:
    """The subject of a case that is going to be opened, and where the case will lie."""

    kind: str  # client household community
    station_id: UUID
    station_path: str
    klass: str
    client: Client | None = None
    household: Household | None = None
    community_code: str | None = None
    community_name: str | None = None

    @property
    def worker_id(self) -> UUID | None:
        """Who is responsible for the subject already."""
        return self.client.worker_id if self.client is not None else None

    def same(self) -> ColumnElement[bool]:
        """Cases about the same subject."""
        if self.client is not None:
            return Case.client_id == self.client.id
        if self.household is not None:
            return Case.household_id == self.household.id
        return and_(Case.community_code == self.community_code, Case.community_name == self.community_name)


def of(command: OpenCase, actor: Actor, *, by_duty: bool = False) -> Subject:
    """The subject a command names, where the actor may open cases.

    Refuses a domain that takes no such subject, an unknown place and, unless the case is a duty by law, a person who is not
    on file or was not born yet.
    """
    kind = "client" if command.client_id else "household" if command.household_id else "community"
    if kind not in domains.get(command.domain).subjects:
        raise Invalid(_l("This service domain takes no such subject."), "community_code" if kind == "community" else f"{kind}_id")
    if command.client_id:
        return _client(command, command.client_id, actor, by_duty=by_duty)
    if command.household_id:
        row = households.one(command.household_id)
        policy.require(actor, Permission.CASE_OPEN, row)
        return Subject(kind, row.station_id, row.station_path, row.klass, household=row)
    return _community(command, actor)


def _client(command: OpenCase, client_id: UUID, actor: Actor, *, by_duty: bool) -> Subject:
    client = clients.opened(client_id, actor, Permission.CASE_OPEN)
    if by_duty:
        return Subject("client", client.station_id, client.station_path, client.klass, client=client)
    if client.state != "on_file" or client.deceased_on is not None:
        raise Conflict(_l("This person is not on file now."), "client_id", code="not_on_file")
    if client.birth_on is not None and command.found_on < client.birth_on:
        raise Invalid(_l("This day lies before the birth."), "found_on")
    return Subject("client", client.station_id, client.station_path, client.klass, client=client)


def _community(command: OpenCase, actor: Actor) -> Subject:
    place = db.session.get(Organisation, actor.organisation_id)
    if place is None or place.kind not in ("station", "service_point"):
        raise NotFound()
    policy.require_place(actor, Permission.CASE_OPEN, place.path)
    if not villages.exists(command.community_code or ""):
        raise Invalid(_l("Choose a place from the list."), "community_code")
    station_id = place.id if place.kind == "station" else place.parent_id
    if station_id is None:
        raise NotFound()
    names = villages.names([command.community_code])
    name = command.community_name or names[command.community_code or ""]
    return Subject("community", station_id, place.path, "P1", community_code=command.community_code, community_name=name)
