"""Grants: proposed by an administrator, started by the confirmations they need, refused, ended (contract.md section 2)."""

from typing import Any

from sqlalchemy import or_, select

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.access.roles import ROLES
from caseapp.access.system import side_write, system_session
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Grant, GrantConfirmation, GrantPlace, Organisation, User
from caseapp.queries.organisation import grants as queries
from caseapp.queries.organisation import tree
from caseapp.queries.organisation.confirmers import Confirmers
from caseapp.schemas.organisation.account import ProposeGrant, Reasoned, Refuse
from caseapp.services.organisation import sign_in
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def propose(command: ProposeGrant, user: User, places: list[Organisation], actor: Actor) -> Grant:
    """A grant that waits for its confirmations; one that needs none is in force from its day.

    For an administrator, inside the own part of the tree (and for the contractors it buys from), never for oneself.
    Refuses a kind of place the role is not granted on, several places but for a supervisor, stations of several
    counties, a double, a closed place, dates the wrong way round, a disabled account and any mix of groups.
    """
    role = ROLES[command.role]
    if not actor.may(P.GRANT_PROPOSE):
        raise Forbidden()
    if user.id == actor.user_id:
        raise Forbidden(_l("Nobody grants to themselves."))
    if not actor.covers(user.home_path):
        raise NotFound()
    if user.disabled_at is not None:
        raise Conflict(_l("The account is disabled: enable it first."))
    if command.to_on and command.to_on < command.from_on:
        raise Invalid(_l("The last day lies before the first."), "to_on")
    _check_places(command, places, actor)
    held = _live_roles(user.id)
    mixed = [other for other in held if ROLES[other.role].group != role.group]
    if mixed:
        raise Invalid(
            _l("This person holds a role of another group (%(role)s); nobody mixes them.", role=ROLES[mixed[0].role].label),
            "role",
            code="roles_mixed",
        )
    chosen = {place.id for place in places}
    if any(other.role == role.code and chosen <= other.places for other in held):
        raise Conflict(_l("This person has this role there already, or it waits."), "role")
    now = clock.now()
    paths = [place.path for place in places]
    needed = Confirmers(db.session, paths).needed(role.code, user.id, paths)
    grant = Grant(
        user_id=user.id,
        role=role.code,
        organisation_id=places[0].id,
        state="proposed" if needed else "active",
        from_on=command.from_on,
        to_on=command.to_on,
        reason=command.reason,
        proposed_by_id=actor.user_id,
        proposed_at=now,
    )
    db.session.add(grant)
    db.session.flush()
    db.session.add_all(GrantPlace(grant_id=grant.id, organisation_id=place.id, path=place.path) for place in places)
    audit.record(db.session, "grant.proposed", places[0])
    db.session.flush()
    return grant


def _check_places(command: ProposeGrant, places: list[Organisation], actor: Actor) -> None:
    role = ROLES[command.role]
    if not places or (len(places) > 1 and not role.many_places):
        raise Invalid(_l("Choose one place."), "places")
    for place in places:
        policy.require_place(actor, P.GRANT_PROPOSE, place.path)
        if place.kind not in role.kinds:
            raise Invalid(_l("This role is not granted on %(name)s.", name=place.short_name), "places")
        if place.closed_on is not None:
            raise Invalid(_l("%(name)s is closed.", name=place.short_name), "places")
    if len(places) > 1 and len(set(tree.counties_of(places).values())) > 1:
        raise Invalid(_l("These stations lie in several counties: propose one role for each county."), "places")


def confirm(grant_id: Any, actor: Actor) -> Grant:
    """One of the confirmations a grant needs; with the last one it is in force, from its day or today.

    For the role that is asked, over the places of the grant; never by the person concerned or who proposed it, and never
    twice by one person under two roles. Refuses what is not waiting any more, a disabled account, a closed place, a last
    day that has passed, a second yes of one role, and what would now mix groups.
    """
    grant = _for_decision(grant_id, actor)
    _still_makes_sense(grant)
    note = GrantConfirmation(grant_id=grant.id, as_role=actor.role, by_id=actor.user_id, at=clock.now(), agreed=True)
    db.session.add(note)
    db.session.flush()
    given = set(
        db.session.scalars(
            select(GrantConfirmation.as_role).where(GrantConfirmation.grant_id == grant.id, GrantConfirmation.agreed.is_(True))
        )
    )
    paths = [place.path for place in grant.places]
    if set(queries.confirmers_of([grant]).needed(grant.role, grant.user_id, paths)) <= given:
        group = ROLES[grant.role].group
        if any(ROLES[other.role].group != group for other in _live_roles(grant.user_id)):
            raise Conflict(_l("This person meanwhile holds a role of another group; nobody mixes them."), code="roles_mixed")
        grant.state, grant.from_on = "active", max(grant.from_on, clock.today())
    audit.record(db.session, "grant.started" if grant.state == "active" else "grant.confirmed", grant.places[0])
    db.session.flush()
    return grant


def refuse(grant_id: Any, command: Refuse, actor: Actor) -> Grant:
    """A no with its reason: the grant is over. For whoever could confirm it."""
    grant = _for_decision(grant_id, actor)
    now = clock.now()
    db.session.add(
        GrantConfirmation(grant_id=grant.id, as_role=actor.role, by_id=actor.user_id, at=now, agreed=False, note=command.note)
    )
    grant.state, grant.ended_at, grant.ended_by_id = "refused", now, actor.user_id
    audit.record(db.session, "grant.refused", grant.places[0])
    db.session.flush()
    return grant


def _for_decision(grant_id: Any, actor: Actor) -> Grant:
    policy.require(actor, P.GRANT_CONFIRM)
    # locked, so that two confirmations at the same moment count each other
    db.session.execute(select(Grant.id).where(Grant.id == grant_id).with_for_update())
    grant = queries.one(grant_id, actor)
    if grant.user_id == actor.user_id:
        raise Forbidden(_l("Nobody confirms a role of their own."))
    if grant.proposed_by_id == actor.user_id:
        raise Forbidden(_l("Nobody confirms their own proposal."))
    if grant.state != "proposed":
        raise Conflict(_l("This role is not waiting any more."))
    if not queries.is_mine(grant, actor, queries.confirmers_of([grant])):
        raise Forbidden(_l("This role waits for somebody else's confirmation."))
    said = select(GrantConfirmation.as_role, GrantConfirmation.by_id).where(GrantConfirmation.grant_id == grant.id)
    for as_role, by_id in db.session.execute(said):
        if as_role == actor.role:
            raise Conflict(_l("This confirmation was given already."))
        if by_id == actor.user_id:
            raise Forbidden(_l("The second confirmation must come from another person."))
    return grant


def _still_makes_sense(grant: Grant) -> None:
    """What may have changed between proposal and confirmation."""
    user = db.session.get_one(User, grant.user_id)
    if user.disabled_at is not None:
        raise Conflict(_l("The account is disabled: enable it first."))
    if grant.to_on is not None and grant.to_on < clock.today():
        raise Conflict(_l("The last day of this role has passed."))
    closed = select(Organisation.short_name).where(Organisation.id.in_([place.organisation_id for place in grant.places]))
    name = db.session.scalar(closed.where(Organisation.closed_on.is_not(None)).limit(1))
    if name is not None:
        raise Conflict(_l("%(name)s is closed.", name=name))


def end(command: Reasoned, grant: Grant, actor: Actor) -> Grant:
    """Ends a grant or takes a proposal back, at once: sessions and tokens under it end with it.

    For an administrator over its places. Refuses an ended one, one's own, and a stale version.
    """
    if not actor.may(P.GRANT_PROPOSE):
        raise Forbidden()
    if not all(actor.covers(place.path) for place in grant.places):
        raise NotFound()
    if grant.user_id == actor.user_id:
        raise Forbidden(_l("Not for your own account."))
    expect_version(grant, command.version)
    if grant.state not in queries.LIVE:
        raise Conflict(_l("It has ended already."))
    grant.state, grant.ended_at, grant.ended_by_id = "ended", clock.now(), actor.user_id
    grant.to_on = min(grant.to_on or clock.today(), clock.today())
    audit.record(db.session, "grant.ended", grant.places[0], reason=command.reason)
    db.session.flush()
    grant_id = grant.id
    side_write(lambda session: sign_in.end_grant(session, grant_id))
    return grant


class _Held:
    """A role somebody holds or that waits for them, with its places."""

    def __init__(self, role: str, places: set[Any]) -> None:
        self.role, self.places = role, places


def _live_roles(user_id: Any) -> list[_Held]:
    """Grants that are proposed or not yet over, anywhere in the tree: read past the row rules, with the user locked."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    query = select(Grant.id, Grant.role, GrantPlace.organisation_id).join(GrantPlace, GrantPlace.grant_id == Grant.id)
    query = query.where(Grant.user_id == user_id, Grant.state.in_(queries.LIVE))
    query = query.where(or_(Grant.to_on.is_(None), Grant.to_on >= clock.today()))
    found: dict[Any, _Held] = {}
    with system_session("roles anywhere, which nobody mixes") as session:
        for grant_id, role, place in session.execute(query):
            found.setdefault(grant_id, _Held(role, set())).places.add(place)
    return list(found.values())
