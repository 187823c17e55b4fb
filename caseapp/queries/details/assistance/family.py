"""Whose means and benefits a case is about: the household with its members, or the one person where none is recorded."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from caseapp.access import policy
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Household, HouseholdMember
from caseapp.queries.casework import households


@dataclass(frozen=True)
class Member:
    """Somebody of the household as it stands: the person on file, or who is only named."""

    key: str  # hex id of the person on file, else of the member
    name: str
    relation: str
    sex: str | None
    birth_year: int | None
    lives_here: bool
    work: str | None
    klass: str
    file_id: UUID

    def kept(self) -> dict[str, Any]:
        """As a sheet keeps it: counted when living here; who lives elsewhere is to be decided."""
        return {
            "key": self.key,
            "name": self.name,
            "relation": self.relation,
            "sex": self.sex,
            "birth_year": self.birth_year,
            "klass": self.klass,
            "file_id": str(self.file_id),
            "work": self.work,
            "counted": True if self.lives_here else None,
            "why": None,
        }


@dataclass(frozen=True)
class Family:
    """A household, or one person."""

    household_id: UUID | None
    client_id: UUID | None
    name: str = ""

    def mine(self, model: Any) -> ColumnElement[bool]:
        """Rows of this family in a table of `OfFamily`."""
        ways = []
        if self.household_id is not None:
            ways.append(model.household_id == self.household_id)
        if self.client_id is not None:
            ways.append(model.client_id == self.client_id)
        return or_(*ways)


def of_case(case: Case) -> Family:
    """The family a case is about."""
    if case.household_id is not None:
        return Family(case.household_id, None, case.household.name if case.household is not None else "")
    client = case.client
    return Family(client.household_id if client is not None else None, case.client_id, client.name if client is not None else "")


def of_client(client: Client) -> Family:
    """The family of a person on file."""
    return Family(client.household_id, client.id, client.name)


def of_household(household: Household) -> Family:
    """The family of a household."""
    return Family(household.id, None, household.name)


def members(family: Family) -> list[Member]:
    """Who belongs to it now, the dead left out; a person on file whose member row is shut is there by the person's own line."""
    rows: list[HouseholdMember] = []
    if family.household_id is not None:
        rows = [row for row in households.one(family.household_id).members if not row.deceased]
    ids = {row.client_id for row in rows if row.client_id is not None} | ({family.client_id} - {None})
    wanted: list[ColumnElement[bool]] = [Client.id.in_(sorted(ids))] if ids else []
    if family.household_id is not None:
        wanted.append(Client.household_id == family.household_id)
    people = {row.id: row for row in db.session.scalars(select(Client).where(or_(*wanted)).order_by(Client.id))} if wanted else {}
    found = [_member(row, people.pop(row.client_id, None) if row.client_id else None) for row in rows]
    found = [member for member in found if member is not None]
    found += [_person(client) for client in people.values() if client.deceased_on is None]
    return [member for member in found if member is not None]


def _member(row: HouseholdMember, client: Client | None) -> Member | None:
    if row.client_id is not None and client is None:
        return None
    return Member(
        row.client_id.hex if row.client_id else row.id.hex,
        client.name if client is not None else row.name or "",
        row.relation_to_head,
        client.sex if client is not None else row.sex,
        client.birth_on.year if client is not None and client.birth_on else row.birth_year,
        row.lives_here,
        row.occupation,
        row.klass,
        row.file_id,
    )


def _person(client: Client) -> Member:
    year = client.birth_on.year if client.birth_on else None
    return Member(client.id.hex, client.name, "head", client.sex, year, True, None, client.klass, client.file_id)


@dataclass(frozen=True)
class _File:
    """What `policy` asks of a row."""

    klass: str
    file_id: UUID


def shown(kept: list[dict[str, Any]] | None, actor: Actor) -> list[dict[str, Any]]:
    """Members as a sheet keeps them; who has a restricted file that is shut to the reader is there without a name."""
    found = []
    for member in kept or []:
        is_shut = member["klass"] == "P3" and not policy.is_open(actor, _File("P3", UUID(member["file_id"])))
        found.append({**member, "name": "", "work": None} if is_shut else member)
    return found
