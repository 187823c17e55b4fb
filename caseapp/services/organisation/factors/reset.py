"""A lost second factor is taken away by two people: an administrator asks, a security administrator looks and decides."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.access.system import side_write, system_session
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import FactorReset, User
from caseapp.queries.organisation import factors as queries
from caseapp.schemas.organisation.account import Reasoned
from caseapp.services.organisation import codes, sign_in
from caseapp.services.organisation.factors import prove
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

KEPT = timedelta(days=3)  # as a code for a forgotten password


def ask(command: Reasoned, user: User, actor: Actor, at_the_server: bool = False) -> bool:
    """Asks that a user's second factor be taken away; whether it now waits for a security administrator.

    For an administrator of the account's place, not for oneself. Refuses a user without one, and a second wish. On the
    server's own console that of the only security administrator goes at once, as nobody could decide on it.
    """
    if not actor.may(P.ACCOUNT_MANAGE):
        raise Forbidden()
    if not actor.covers(user.home_path):
        raise NotFound()
    if user.id == actor.user_id:
        raise Forbidden(_l("Not for your own account."))
    expect_version(user, command.version)
    with system_session("has this account a second factor") as session:
        if not queries.is_proved(session, user.id):
            raise Conflict(_l("This account has no second factor."), code="no_factor")
    now = clock.now()
    live = select(FactorReset.id).where(
        FactorReset.user_id == user.id, FactorReset.decided_at.is_(None), FactorReset.expires_at > now
    )
    if db.session.scalar(live) is not None:
        raise Conflict(_l("This waits for a security administrator already."), code="reset_waits")
    row = FactorReset(user_id=user.id, asked_by_id=actor.user_id, asked_at=now, expires_at=now + KEPT)
    db.session.add(row)
    audit.record(db.session, "factor.reset_asked", reason=command.reason)
    alone = at_the_server and codes.nobody_can_confirm(user.id)
    if alone:
        row.decided_at, row.agreed = now, True
        _take_away(user.id)
    db.session.flush()
    return not alone


def agree(reset_id: UUID, actor: Actor) -> None:
    """Takes the second factor away; every session and token of the user ends. For a security administrator who neither asked
    nor is meant. At the next sign-in the password is enough, unless a role needs a second factor: then a new one is begun."""
    row = _decided(reset_id, actor, True)
    _take_away(row.user_id)
    audit.record(db.session, "factor.reset_agreed")
    db.session.flush()


def refuse(reset_id: UUID, note: str, actor: Actor) -> None:
    """Leaves it as it is. For a security administrator who neither asked nor is meant."""
    _decided(reset_id, actor, False)
    audit.record(db.session, "factor.reset_refused", reason=note)
    db.session.flush()


def _decided(reset_id: UUID, actor: Actor, agreed: bool) -> FactorReset:
    policy.require(actor, P.CONTROL_SET)
    row = queries.one_waiting(reset_id, actor)
    row.decided_by_id, row.decided_at, row.agreed = actor.user_id, clock.now(), agreed
    return row


def _take_away(user_id: UUID) -> None:
    """Beside the request: no row rule shows the secret to anybody."""
    side_write(lambda session: prove.forget(session, user_id))
    side_write(lambda session: sign_in.end_all(session, user_id))
