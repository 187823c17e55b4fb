"""Taking a fresh proof of who acts (`access/fresh.py` says when one is wanted): the password, or a code of the second factor."""

from typing import Any

from sqlalchemy import update

from caseapp.access.system import side_write, system_session
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.extensions import db
from caseapp.models.organisation import UserSession
from caseapp.queries.organisation.factors import is_proved
from caseapp.services.organisation import lockout
from caseapp.services.organisation.factors import prove
from caseapp.services.organisation.sign_in.own import confirm, own_facts
from caseapp.services.trust import audit


def wants_code(actor: Actor) -> bool:
    """Whether the proof is a code of the authenticator; without a second factor it is the password."""
    with system_session("what proves who acts") as session:
        return is_proved(session, actor.user_id)


def give(actor: Actor, typed: str, *, address: lockout.Whence | str) -> None:
    """Takes a proof for this session. Refuses a wrong one at `proof`, counted as at sign-in. Its view is stamped `reading`."""
    user = confirm(actor, typed, address=address, field="proof") if not wants_code(actor) else _by_code(actor, typed, address)
    now, session_id = clock.now(), actor.session_id
    side_write(lambda s: s.execute(update(UserSession).where(UserSession.id == session_id).values(fresh_at=now)))
    audit.signed(db.session, "proof.given", user.id, user.home_path)


def _by_code(actor: Actor, typed: str, address: lockout.Whence | str) -> Any:
    user = own_facts(actor)
    lockout.attempt(user.username, address)
    if prove.proved(actor.user_id, typed) is None:
        audit.signed(db.session, "factor.failed", user.id, user.home_path)
        raise Invalid(prove.WRONG, "proof", code="factor_wrong")
    lockout.passed(user.username, address)
    return user
