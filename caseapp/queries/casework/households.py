"""Households: one with its members, the list, the household of a person, relationships."""

from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import selectinload

from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import Client, Household, HouseholdMember, MemberLink
from caseapp.queries.paging import LIMIT, page


def one(household_id: UUID) -> Household:
    """A household with the members in scope; NotFound outside the scope."""
    query = select(Household).where(Household.id == household_id).options(selectinload(Household.members))
    found: Household | None = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found


def around(household_id: UUID | None) -> tuple[Household | None, list[HouseholdMember], dict[UUID, Client], list[MemberLink]]:
    """A household, its members in scope, the persons on file among them, and which member is what to whom: one statement.

    Nothing where no member is in scope. Links lead from a member, so that a line comes once for each; families are small.
    """
    if household_id is None:
        return None, [], {}, []
    query = (
        select(HouseholdMember, Household, Client, MemberLink)
        .join(Household, Household.id == HouseholdMember.household_id)
        .outerjoin(Client, Client.id == HouseholdMember.client_id)
        .outerjoin(MemberLink, MemberLink.from_id == HouseholdMember.id)
        .where(HouseholdMember.household_id == household_id)
        .order_by(HouseholdMember.position, HouseholdMember.id, MemberLink.id)
    )
    rows = db.session.execute(query).all()
    members = list({row[0].id: row[0] for row in rows}.values())
    people = {row[2].id: row[2] for row in rows if row[2] is not None}
    return rows[0][1] if rows else None, members, people, [row[3] for row in rows if row[3] is not None]


def listed(cursor: str | None = None, limit: int = LIMIT) -> Page[Household]:
    """A page of the households in scope, by name."""
    query = select(Household).options(selectinload(Household.members))
    return page(db.session, query, [Household.name_key, Household.id], cursor, limit)


def members(household: Household) -> list[HouseholdMember]:
    """The members in scope, also of a household that was loaded without them."""
    if "members" in inspect(household).unloaded:
        return one(household.id).members
    return household.members


def people(members: list[HouseholdMember]) -> dict[UUID, Client]:
    """The persons on file among members, as far as their line is in scope."""
    ids = sorted({member.client_id for member in members if member.client_id is not None})
    if not ids:
        return {}
    return {row.id: row for row in db.session.scalars(select(Client).where(Client.id.in_(ids)))}


def member(member_id: UUID, household: Household) -> HouseholdMember:
    """One member of that household; NotFound otherwise."""
    for row in household.members:
        if row.id == member_id:
            return row
    raise NotFound()


def links(household: Household) -> list[MemberLink]:
    """Who is what to whom; each relationship stands in both directions."""
    return list(db.session.scalars(select(MemberLink).where(MemberLink.household_id == household.id).order_by(MemberLink.id)))


def pairs(household: Household) -> list[tuple[MemberLink, MemberLink | None]]:
    """Each relationship once, seen from the member further down the list, with its other direction."""
    place = {row.id: n for n, row in enumerate(household.members)}
    known = {(row.from_id, row.to_id): row for row in links(household) if row.from_id in place and row.to_id in place}
    return [
        (row, known.get((row.to_id, row.from_id)))
        for row in sorted(known.values(), key=lambda row: (place[row.to_id], place[row.from_id]))
        if place[row.from_id] > place[row.to_id]
    ]


def candidates(household: Household) -> list[Client]:
    """Persons on file at the same station who live in no household yet, those of the same village first; at most 100."""
    query = select(Client).where(
        Client.station_path == household.station_path, Client.household_id.is_(None), Client.state == "on_file"
    )
    same = Client.residence_code == household.residence_code
    return list(db.session.scalars(query.order_by(same.desc(), Client.name_key, Client.id).limit(100)))
