"""Who is at the door: from a session cookie or an API token to an `Actor`, in one statement, open files included.

Core tables on purpose: before an actor is bound the row rules show nothing, and this is where they begin.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, false, or_, select

from caseapp.access import covers
from caseapp.access.permissions import Permission
from caseapp.access.roles import ROLES
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.models.organisation import (
    ApiToken,
    Credential,
    FormerPlace,
    Grant,
    GrantPlace,
    Organisation,
    Purchase,
    User,
    UserSession,
)
from caseapp.models.trust import FileAccess

IDLE = timedelta(minutes=30)  # of a session that was begun without limits of its own; drafts keep what was typed
LONGEST = timedelta(hours=12)
REPLACED = "replaced"
NEED_FILES = tuple(code for code, role in ROLES.items() if role.rows in ("worker", "supervisor", "township"))  # heads need none

user, grant, place = User.__table__, Grant.__table__, GrantPlace.__table__
sessions, tokens, access = UserSession.__table__, ApiToken.__table__, FileAccess.__table__
credential, organisation, purchase = Credential.__table__, Organisation.__table__, Purchase.__table__
below = organisation.alias("below")  # the stations of a township
LIMITS = (sessions.c.idle_minutes, sessions.c.ends_at, sessions.c.must_change)


@dataclass(frozen=True)
class Visitor:
    """A signed-in user; `actor` carries no role when no grant is in force."""

    actor: Actor
    seen_at: datetime | None
    language: str | None


def digest(token: str) -> bytes:
    """What is kept of a random token (256 random bits need no salt)."""
    return hashlib.sha256(token.encode()).digest()


def by_session(session: Any, token: str, now: datetime, today: date) -> Visitor | None:
    """The visitor of a session cookie, or None when it ended, idled out, or its user was disabled."""
    query = (
        select(
            sessions.c.id, sessions.c.user_id, sessions.c.seen_at, sessions.c.started_at, sessions.c.fresh_at, *LIMITS, *_who()
        )
        .select_from(_joined(sessions, today))
        .where(sessions.c.token_hash == digest(token), sessions.c.ended_at.is_(None), user.c.disabled_at.is_(None))
    )
    rows = session.connection().execute(query).all()
    if not rows:
        return None
    idle = timedelta(minutes=rows[0].idle_minutes) if rows[0].idle_minutes else IDLE
    if now - rows[0].seen_at > idle or now > (rows[0].ends_at or rows[0].started_at + LONGEST):
        return None
    proved = rows[0].fresh_at or rows[0].started_at
    actor = replace(_actor(session, rows, today, "page", proved), must_change=rows[0].must_change)
    return Visitor(actor, rows[0].seen_at, rows[0].language)


def idled_out(session: Any, token: str, now: datetime) -> Any:
    """Row (user_id, grant_id, ended_why) of a session that ended by itself lately, so that its user's typed text can be kept."""
    query = (
        select(sessions.c.user_id, sessions.c.grant_id, sessions.c.ended_why)
        .select_from(sessions.join(user, user.c.id == sessions.c.user_id))
        .where(
            sessions.c.token_hash == digest(token),
            or_(sessions.c.ended_at.is_(None), sessions.c.ended_why == REPLACED),
            sessions.c.grant_id.is_not(None),
            sessions.c.started_at > now - timedelta(days=2),
            user.c.disabled_at.is_(None),
        )
    )
    return session.execute(query).first()


def by_token(session: Any, token: str, now: datetime, today: date) -> Visitor | None:
    """The visitor of an API token; None when it expired, was ended, or its grant is no longer in force."""
    query = (
        select(tokens.c.id, tokens.c.user_id, tokens.c.expires_at, tokens.c.fresh_at, *_who())
        .select_from(_joined(tokens, today))
        .where(tokens.c.token_hash == digest(token), tokens.c.ended_at.is_(None), user.c.disabled_at.is_(None))
    )
    rows = session.connection().execute(query).all()
    if not rows or rows[0].expires_at <= now:
        return None
    actor = _actor(session, rows, today, "api", rows[0].fresh_at)
    return Visitor(actor, None, rows[0].language) if actor.grant_id else None


def for_grant(session: Any, user_id: UUID, grant_id: UUID, today: date, channel: str = "command") -> Actor | None:
    """The actor of a user under one of their grants, for commands, jobs and tests; None when it is not in force."""
    under = user.join(grant, and_(grant.c.user_id == user.c.id, grant.c.id == grant_id))
    query = (
        select(user.c.id, user.c.id.label("user_id"), *_who())
        .select_from(_with_places_and_files(under, today))
        .where(user.c.id == user_id, user.c.disabled_at.is_(None))
    )
    rows = session.connection().execute(query).all()
    actor = _actor(session, rows, today, channel) if rows else None
    return actor if actor and actor.grant_id else None


def live_grants(session: Any, user_id: UUID, today: date) -> list[Any]:
    """Rows (id, role, organisation_id) of a user's grants in force, oldest first."""
    query = (
        select(grant.c.id, grant.c.role, grant.c.organisation_id)
        .where(grant.c.user_id == user_id, in_force(today))
        .order_by(grant.c.proposed_at, grant.c.id)
    )
    return list(session.connection().execute(query).all())


def has_password(session: Any, user_id: UUID) -> bool:
    """Whether an account ever set a password; the hash itself is for the sign-in alone."""
    return session.scalar(select(credential.c.user_id).where(credential.c.user_id == user_id)) is not None


def in_force(today: date) -> Any:
    """The expression for a grant in force on a day."""
    return and_(grant.c.state == "active", grant.c.from_on <= today, or_(grant.c.to_on.is_(None), grant.c.to_on >= today))


def _who() -> tuple[Any, ...]:
    return (
        user.c.name,
        user.c.language,
        grant.c.id.label("grant_id"),
        grant.c.role,
        grant.c.state,
        grant.c.from_on,
        grant.c.to_on,
        grant.c.organisation_id,
        place.c.path,
        organisation.c.kind,
        organisation.c.id.label("place_id"),
        organisation.c.parent_id,
        below.c.id.label("below_id"),
        *covers.columns(),
    )


def _joined(door: Any, today: date) -> Any:
    known = door.join(user, user.c.id == door.c.user_id)
    return _with_places_and_files(
        known.outerjoin(grant, and_(grant.c.id == door.c.grant_id, grant.c.user_id == door.c.user_id)), today
    )


def _with_places_and_files(known: Any, today: date) -> Any:
    """Places of the grant, whom the user stands in for, and the P3 and minor files open today: these lists are short, and so is
    their product."""
    opened = and_(
        covers.entries_of(user),
        access.c.from_on <= today,
        or_(access.c.to_on.is_(None), access.c.to_on >= today),
        or_(access.c.until.is_(None), access.c.until > clock.now()),
        grant.c.role.in_(NEED_FILES),
    )
    return (
        known.outerjoin(place, place.c.grant_id == grant.c.id)
        .outerjoin(organisation, organisation.c.id == place.c.organisation_id)
        .outerjoin(
            below,
            and_(organisation.c.kind == "township", below.c.parent_id == organisation.c.id, below.c.kind == "station"),
        )
        .outerjoin(covers.cover, covers.of_visitor(user, grant, today))
        .outerjoin(access, opened)
    )


def _actor(session: Any, rows: list[Any], today: date, channel: str, proved_at: datetime | None = None) -> Actor:
    row = rows[0]
    live = (
        row.grant_id is not None
        and row.state == "active"
        and row.role in ROLES
        and row.from_on <= today
        and (row.to_on is None or row.to_on >= today)
    )
    common = {"session_id": row.id, "user_name": row.name, "language": row.language or "zh", "channel": channel}
    common["proved_at"] = proved_at
    if not live:
        return Actor(user_id=row.user_id, grant_id=None, role="", paths=(), **common)
    role = ROLES[row.role]
    paths = {r.path for r in rows if r.path}
    if role.with_contractors:
        paths |= contractors_of(session, paths)
    standing = covers.standing_in(rows, paths)
    opened, lent = covers.open_files(rows, row.user_id, standing)
    return Actor(
        user_id=row.user_id,
        grant_id=row.grant_id,
        role=row.role,
        paths=tuple(sorted(paths)),
        organisation_id=row.organisation_id,
        stations=_stations(rows),
        formerly=_formerly(session, rows) if Permission.FIGURES_READ in role.permissions else (),
        permissions=frozenset(map(str, role.permissions)),
        open_files=opened,
        lent_files=lent,
        purposes=covers.purposes(rows, row.user_id),
        stands_in=standing.users,
        stands_in_restricted=standing.restricted,
        **common,
    )


def _stations(rows: list[Any]) -> tuple[UUID, ...]:
    """The stations of a grant: the places themselves, those of service points, those of a township; nothing higher up."""
    which = {"station": "place_id", "service_point": "parent_id", "township": "below_id"}
    if any(r.kind not in which for r in rows):
        return ()
    return tuple(sorted({key for r in rows if (key := getattr(r, which[r.kind])) is not None}))


def _formerly(session: Any, rows: list[Any]) -> tuple[tuple[str, datetime], ...]:
    """Where the bureaus of a grant stood before, oldest first: what was released of them then is theirs to read."""
    left = FormerPlace.__table__
    query = select(left.c.path, left.c.left_at).where(left.c.organisation_id.in_({r.place_id for r in rows if r.place_id}))
    return tuple((row.path, row.left_at) for row in session.connection().execute(query.order_by(left.c.left_at, left.c.path)))


def contractors_of(session: Any, paths: set[str]) -> set[str]:
    """The paths of the contractors that offices at or under these places buy from: contractors stand beside the tree."""
    buyer = organisation.alias("buyer")
    below = or_(false(), *(and_(buyer.c.path >= path, buyer.c.path < path[:-1] + "0") for path in paths))
    query = select(organisation.c.path).select_from(
        organisation.join(purchase, purchase.c.contractor_id == organisation.c.id).join(
            buyer, buyer.c.id == purchase.c.organisation_id
        )
    )
    return set(session.scalars(query.where(below).distinct()))
