"""One-time codes on paper: for the first sign-in and for a forgotten password; only their hash is kept."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from caseapp.access import identity, policy
from caseapp.access.permissions import Permission as P
from caseapp.access.system import system_session
from caseapp.adapters import passwords
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import Grant, OneTimeCode, User
from caseapp.queries.organisation import grants as queries

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else on paper
GUARDED = frozenset({"county_officer", "security_admin"})
KEPT = {"first": timedelta(days=14), "forgotten": timedelta(days=3)}


def make(session: Session | Any, user_id: UUID, *, made_by_id: UUID | None, confirmed: bool = False) -> str:
    """Writes a new code for a user and voids older ones; returns it in clear, this once.

    It is one of the first kind while the account has neither a password nor a role that guards others' files; any
    other needs the confirmations of that role before it opens anything (`confirmed`: given at the server itself).
    """
    now = clock.now()
    purpose = "forgotten" if identity.has_password(session, user_id) or needed(user_id) else "first"
    live = (OneTimeCode.user_id == user_id, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
    session.execute(update(OneTimeCode).where(*live).values(expires_at=now))
    code = "".join(secrets.choice(ALPHABET) for _place in range(12))
    row = OneTimeCode(
        user_id=user_id,
        purpose=purpose,
        code_hash=passwords.hashed(code),
        made_by_id=made_by_id,
        made_at=now,
        expires_at=now + KEPT[purpose],
    )
    if confirmed:
        row.confirmed_at = row.second_at = now
    session.add(row)
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def needed(user_id: UUID) -> tuple[str, ...]:
    """The roles that must confirm a code for a forgotten password: those that confirm the grants in force."""
    with system_session("who confirms a code") as session:
        return needed_by(session, {user_id})[user_id]


def needed_by(session: Session, users: set[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The same for many users at once, in a system session.

    A county officer confirms heads, so a code for one needs a security admin; else who makes codes could open any file.
    """
    query = select(Grant).where(Grant.user_id.in_(users), identity.in_force(clock.today())).options(selectinload(Grant.places))
    held = list(session.scalars(query))
    known = queries.confirmers_of(held, session)
    found: dict[UUID, set[str]] = {user_id: set() for user_id in users}
    for grant in held:
        paths = [place.path for place in grant.places]
        guarded = grant.role in GUARDED
        found[grant.user_id] |= {"security_admin"} if guarded else set(known.needed(grant.role, grant.user_id, paths))
    return {user_id: tuple(sorted(roles)) for user_id, roles in found.items()}


def nobody_can_confirm(user_id: UUID) -> bool:
    """Whether a code for this account waits for a security admin although there is no other one: only the server itself can help."""
    if "security_admin" not in needed(user_id):
        return False
    with system_session("is there another security admin") as session:
        others = select(Grant.id).join(User, User.id == Grant.user_id)
        others = others.where(Grant.role == "security_admin", Grant.user_id != user_id, identity.in_force(clock.today()))
        return session.scalar(others.where(User.disabled_at.is_(None)).limit(1)) is None


def find(session: Session, user_id: UUID, typed: str) -> OneTimeCode | None:
    """The live code that was typed, in a system session; hyphens, blanks and lower case do not matter."""
    query = select(OneTimeCode).where(
        OneTimeCode.user_id == user_id, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > clock.now()
    )
    wanted = normal(typed)
    return next((row for row in session.scalars(query) if passwords.matches(row.code_hash, wanted)), None)


def missing(session: Session, row: OneTimeCode) -> tuple[str, ...]:
    """The roles whose confirmation a code still waits for, in a system session; none for a first code."""
    return _missing(row, needed_by(session, {row.user_id})[row.user_id])


def _missing(row: OneTimeCode, wanted: tuple[str, ...]) -> tuple[str, ...]:
    if row.purpose == "first":
        return ()
    return tuple(role for role in wanted if (row.second_at if role == "security_admin" else row.confirmed_at) is None)


def waiting(actor: Actor) -> list[tuple[OneTimeCode, User]]:
    """The codes that wait for the actor's very role, the oldest first, with their users; each lives three days."""
    query = select(OneTimeCode, User).join(User, User.id == OneTimeCode.user_id)
    query = query.where(
        OneTimeCode.purpose == "forgotten",
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > clock.now(),
        OneTimeCode.user_id != actor.user_id,
        (OneTimeCode.second_at if actor.role == "security_admin" else OneTimeCode.confirmed_at).is_(None),
    )
    found = db.session.execute(query.order_by(OneTimeCode.made_at, OneTimeCode.id).limit(500)).all()
    if not found:
        return []
    with system_session("who confirms these codes") as session:
        wanted = needed_by(session, {user.id for _row, user in found})
    return [(row, user) for row, user in found if actor.role in _missing(row, wanted[user.id])]


def waiting_for(actor: Actor, code_id: UUID) -> OneTimeCode:
    """One of the codes that wait for the actor; NotFound otherwise."""
    policy.require(actor, P.GRANT_CONFIRM)
    for row, _user in waiting(actor):
        if row.id == code_id:
            return row
    raise NotFound()


def normal(typed: str) -> str:
    """A code as it was made: capitals without hyphens."""
    return "".join(letter for letter in typed.upper() if letter in ALPHABET)
