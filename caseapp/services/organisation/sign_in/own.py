"""What one changes of the own: the password, the role worked in, the language."""

from typing import Any

from sqlalchemy import select, update

from caseapp.access import identity
from caseapp.access.guard import actor_of
from caseapp.access.system import system_session
from caseapp.adapters import passwords as hashes
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Forbidden, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Credential, User, UserSession
from caseapp.schemas.organisation.sign_in import ChangePassword
from caseapp.services.organisation import lockout, passwords
from caseapp.services.organisation.sign_in.leave import end_all
from caseapp.services.trust import audit


def confirm(actor: Actor, password: str, *, address: lockout.Whence | str, field: str = "password") -> Any:
    """Makes sure that it is the user who acts: the own password once more. Its view is stamped `reading`.

    Refuses a wrong one at `field`, counted as at sign-in. Returns the user's id, names and home.
    """
    user = own_facts(actor)
    lockout.attempt(user.username, address)
    if not hashes.matches(user.password_hash, password):
        audit.signed(db.session, "password.failed", user.id, user.home_path)
        raise Invalid(_l("This is not your present password."), field, code="password_wrong")
    lockout.passed(user.username, address)
    return user


def own_facts(actor: Actor) -> Any:
    """Row (id, username, name, home_path, password_hash) of the actor's account."""
    with system_session("own password") as session:
        query = select(User.id, User.username, User.name, User.home_path, Credential.password_hash).join(
            Credential, Credential.user_id == User.id
        )
        return session.execute(query.where(User.id == actor.user_id)).one()


def change_password(command: ChangePassword, actor: Actor, *, address: lockout.Whence | str) -> None:
    """Sets the own password; every other session and token of the user ends.

    Refuses a wrong present password (counted as at sign-in), a weak new one and one had before. Its view is stamped `reading`.
    """
    user = confirm(actor, command.current, address=address, field="current")
    if command.password == command.current:
        raise Invalid(_l("The new password is the old one."), "password")
    with system_session("own password", write=True) as session:
        ruled = passwords.rules(session)
        passwords.check(command.password, ruled, *passwords.names_of(session, session.get_one(User, user.id)))
        passwords.put(session, user.id, command.password, ruled)
        end_all(session, user.id, but=actor.session_id)
        now = update(UserSession).where(UserSession.id == actor.session_id)
        session.execute(now.values(must_change=False, fresh_at=clock.now()))
    audit.signed(db.session, "password.changed", user.id, user.home_path)


def switch_grant(actor: Actor, wanted: str) -> None:
    """Puts the session under another grant of the same user, told in the trail with both roles; Forbidden for one not in force."""
    live = {str(grant.id): grant for grant in identity.live_grants(db.session, actor.user_id, clock.today())}
    if wanted not in live:
        raise Forbidden()
    own = db.session.get_one(UserSession, actor.session_id)
    own.grant_id = live[wanted].id
    audit.record(db.session, "grant.switched", reason=f"{actor.role or '-'} > {live[wanted].role}")
    db.session.flush()


def choose_language(tag: str) -> None:
    """Keeps a signed-in user's language."""
    actor = actor_of(db.session)
    if actor is not None:
        db.session.execute(update(User).where(User.id == actor.user_id).values(language=tag))
