"""Households and who is what to whom; a relationship written once stands in both directions."""

from dataclasses import replace

from sqlalchemy import delete, or_, select
from uuid_utils.compat import uuid7

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, names
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, Household, HouseholdMember, MemberLink
from caseapp.models.organisation import Organisation
from caseapp.queries.casework import clients
from caseapp.queries.casework import households as queries
from caseapp.queries.organisation import villages
from caseapp.schemas.casework.household import CreateHousehold, EditHousehold, MemberInput, Pair, Relate
from caseapp.services.casework import consents
from caseapp.services.casework.numbers import next_number
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

MOST = 30
STRICTER = ("P1", "P2", "minor", "P3")


def create(command: CreateHousehold, actor: Actor) -> Household:
    """A new household at the actor's station. Needs client:write; refuses unknown places and members of other stations."""
    place = db.session.get(Organisation, actor.organisation_id)
    if place is None:
        raise NotFound()
    policy.require_place(actor, Permission.CLIENT_WRITE, place.path)
    _place_exists(command.residence_code)
    key = uuid7()
    station_id = place.id if place.kind == "station" else place.parent_id
    row = Household(
        id=key,
        file_id=key,
        station_id=station_id,
        station_path=place.path,
        klass="P2",
        household_no=next_number(db.session.get_one(Organisation, station_id), "H"),
        name=command.name,
        name_key=names.sort_key(command.name),
        residence_code=command.residence_code,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.address, row.note = command.address, command.note
    db.session.add(row)
    db.session.flush()
    for position, given in enumerate(command.members):
        _join(given, row, position, actor)
    audit.record(db.session, "household.created", row)
    db.session.flush()
    return queries.one(row.id)


def with_first(command: CreateHousehold, client: Client) -> CreateHousehold:
    """The same with a person on file as its first member."""
    return replace(command, members=(MemberInput("head", client_id=client.id), *command.members))


def edit(command: EditHousehold, row: Household, actor: Actor) -> Household:
    """What is known of a household, put right. Needs client:write; refuses a stale version."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    expect_version(row, command.version)
    _place_exists(command.residence_code)
    row.name, row.name_key, row.residence_code = command.name, names.sort_key(command.name), command.residence_code
    row.address, row.note, row.updated_at = command.address, command.note, clock.now()
    audit.record(db.session, "household.edited", row)
    db.session.flush()
    return row


def add_member(command: MemberInput, row: Household, actor: Actor) -> HouseholdMember:
    """One more member. A person on file moves here from the household before; the row takes that person's class."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    if len(row.members) >= MOST:
        raise Conflict(_l("A household has at most %(most)s members.", most=MOST), code="too_many")
    member = _join(command, row, 1 + max((m.position for m in row.members), default=-1), actor)
    row.updated_at = clock.now()
    audit.record(db.session, "household.member_added", row)
    db.session.flush()
    return member


def edit_member(command: MemberInput, member: HouseholdMember, row: Household, actor: Actor) -> HouseholdMember:
    """What is known of a member, put right; who it is stays."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    before = _sex(member)
    _fill(member, command)
    db.session.flush()
    if _sex(member) != before:
        _say_anew(member, row)
    member.updated_at = row.updated_at = clock.now()
    audit.record(db.session, "household.member_edited", row)
    db.session.flush()
    return member


def remove_member(member: HouseholdMember, row: Household, actor: Actor) -> None:
    """A member leaves the list, with every relationship; the person's own file is untouched."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    _leave(member)
    row.updated_at = clock.now()
    audit.record(db.session, "household.member_removed", row)
    db.session.flush()


def relate(command: Relate, row: Household, actor: Actor) -> MemberLink:
    """ "From is <kind> of to"; the inverse is written beside it, and both change together."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    one, other = queries.member(command.from_id, row), queries.member(command.to_id, row)
    _unrelate(one, other)
    inverse = reference.inverse_relation(command.kind, _sex(other))
    link = _link(row, one, other, command.kind, actor)
    _link(row, other, one, inverse, actor)
    row.updated_at = clock.now()
    audit.record(db.session, "household.related", row)
    db.session.flush()
    return link


def unrelate(command: Pair | Relate, row: Household, actor: Actor) -> None:
    """Takes a relationship away, in both directions."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    _unrelate(queries.member(command.from_id, row), queries.member(command.to_id, row))
    row.updated_at = clock.now()
    audit.record(db.session, "household.unrelated", row)
    db.session.flush()


def _join(given: MemberInput, row: Household, position: int, actor: Actor) -> HouseholdMember:
    member = HouseholdMember(
        household_id=row.id, position=position, created_at=clock.now(), created_by_id=actor.user_id, client_id=given.client_id
    )
    member.belongs_to(row)
    if given.client_id is not None:
        client = clients.one(given.client_id)
        policy.require(actor, Permission.CLIENT_WRITE, client)
        consents.must_hold(client.id)
        if client.station_id != row.station_id:
            raise Invalid(_l("A household holds people of one station."), "client_id")
        _leave_before(client)
        client.household_id = row.id
        member.belongs_to(client)  # class and file: who may not open the person's file does not meet the person here either
    _fill(member, given)
    db.session.add(member)
    db.session.flush()
    return member


def _fill(member: HouseholdMember, given: MemberInput) -> None:
    for name in ("relation_to_head", "sex", "birth_year", "lives_here", "whereabouts", "occupation", "deceased"):
        setattr(member, name, getattr(given, name))
    member.name = None if member.client_id is not None else given.name


def _leave_before(client: Client) -> None:
    for member in db.session.scalars(select(HouseholdMember).where(HouseholdMember.client_id == client.id)):
        _leave(member)


def _leave(member: HouseholdMember) -> None:
    touching = or_(MemberLink.from_id == member.id, MemberLink.to_id == member.id)
    db.session.execute(delete(MemberLink).where(touching), execution_options={"synchronize_session": False})
    if member.client_id is not None:
        clients.one(member.client_id).household_id = None
    db.session.delete(member)
    db.session.flush()


def _unrelate(one: HouseholdMember, other: HouseholdMember) -> None:
    pair = sorted([one.id, other.id])
    wanted = delete(MemberLink).where(MemberLink.from_id.in_(pair), MemberLink.to_id.in_(pair))
    db.session.execute(wanted, execution_options={"synchronize_session": False})


def _link(row: Household, one: HouseholdMember, other: HouseholdMember, kind: str, actor: Actor) -> MemberLink:
    link = MemberLink(
        household_id=row.id,
        from_id=one.id,
        to_id=other.id,
        kind=kind,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    link.belongs_to(max(one, other, key=lambda member: STRICTER.index(member.klass)))
    db.session.add(link)
    return link


def sex_corrected(client: Client) -> None:
    """The person's own file says another sex now: the words for what the person is to others follow."""
    query = select(HouseholdMember, Household).join(Household).where(HouseholdMember.client_id == client.id)
    for member, row in db.session.execute(query):
        _say_anew(member, row)


def _say_anew(member: HouseholdMember, row: Household) -> None:
    """After the sex of a member was put right: what the member is to others is said with the right word (father, mother)."""
    held = {(link.from_id, link.to_id): link for link in queries.links(row)}
    for (one, other), link in held.items():
        back = held.get((other, one))
        if one == member.id and back is not None:
            link.kind = reference.inverse_relation(back.kind, _sex(member))


def _sex(member: HouseholdMember) -> str | None:
    if member.client_id is not None:
        return clients.one(member.client_id).sex
    return member.sex


def _place_exists(code: str | None) -> None:
    if code and not villages.exists(code):
        raise Invalid(_l("Choose a place from the list."), "residence_code")
