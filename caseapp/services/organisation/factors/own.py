"""One's own second factor: begun with the password, proved with a code, its recovery codes made anew, given up.

The views of these verbs are stamped `reading`: what is counted and written goes into transactions of its own.
"""

from caseapp.access.system import system_session
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.queries.organisation import factors as queries
from caseapp.services.organisation.factors import prove
from caseapp.services.organisation.lockout import Whence
from caseapp.services.organisation.sign_in import confirm
from caseapp.services.trust import audit


def begin(actor: Actor, password: str, *, address: Whence | str) -> None:
    """A secret to be put into an authenticator. Refuses a wrong password (counted as at sign-in), and whoever has one already."""
    confirm(actor, password, address=address)
    with system_session("second factor begun", write=True) as session:
        prove.start(session, actor.user_id)


def take_up(actor: Actor, code: str) -> tuple[str, ...]:
    """The secret counts from now on: recovery codes in clear, this once. Refuses a wrong code."""
    made = prove.take_up(actor.user_id, code)
    if made is None:
        raise Invalid(prove.WRONG, "code", code="factor_wrong")
    _told(actor, "factor.enrolled")
    return made


def renew_codes(actor: Actor, code: str) -> tuple[str, ...]:
    """New recovery codes in clear, this once; the old ones are worthless. Refuses a wrong code."""
    _prove(actor, code)
    with system_session("recovery codes", write=True) as session:
        made = prove.new_codes(session, actor.user_id)
    _told(actor, "factor.codes_made")
    return made


def give_up(actor: Actor, code: str) -> None:
    """Without a second factor from now on. Refuses a wrong code, and where a role of the user needs one."""
    if queries.of(actor).due is not None:
        raise Conflict(_l("A role of yours needs a second factor."), code="factor_demanded")
    _prove(actor, code)
    with system_session("second factor given up", write=True) as session:
        prove.forget(session, actor.user_id)
    _told(actor, "factor.given_up")


def _prove(actor: Actor, code: str) -> None:
    if prove.proved(actor.user_id, code) is None:
        _told(actor, "factor.failed")
        raise Invalid(prove.WRONG, "code", code="factor_wrong")


def _told(actor: Actor, event: str) -> None:
    audit.signed(db.session, event, actor.user_id, queries.of(actor).home_path)
