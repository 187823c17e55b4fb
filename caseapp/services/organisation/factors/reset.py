"""A lost second factor is taken away by two people: an administrator asks, a security administrator looks and agrees."""

from typing import Any

from caseapp.access.permissions import Permission as P
from caseapp.access.system import side_write, system_session
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, NotFound
from caseapp.core.text import _l
from caseapp.models.organisation import User
from caseapp.models.trust import AskedAct
from caseapp.queries.organisation import factors as queries
from caseapp.schemas.organisation.account import Reasoned
from caseapp.services.organisation import codes, sign_in
from caseapp.services.organisation.factors import prove
from caseapp.services.trust import asked
from caseapp.services.versions import expect_version

KIND = "factor.reset"


def ask(command: Reasoned, user: User, actor: Actor, at_the_server: bool = False) -> bool:
    """Asks that a user's second factor be taken away; whether it now waits for a security administrator.

    For an administrator of the account's place, not for oneself. Refuses a user without one, and a second wish. On the
    server's own console that of the only security administrator goes at once, as nobody could decide on it.
    """
    if not actor.may(P.ACCOUNT_MANAGE):
        raise Forbidden()
    if not actor.covers(user.home_path):
        raise NotFound()
    expect_version(user, command.version)
    with system_session("has this account a second factor") as session:
        if not queries.is_proved(session, user.id):
            raise Conflict(_l("This account has no second factor."), code="no_factor")
    row = asked.ask(KIND, path=user.home_path, reason=command.reason, actor=actor, subject_id=user.id, about_user_id=user.id)
    alone = at_the_server and codes.nobody_can_confirm(user.id)
    if alone:
        asked.at_the_console(row, actor)
    return not alone


@asked.carries_out(KIND)
def take_away(row: AskedAct, _actor: Actor) -> None:
    """Takes the second factor away; every session and token of the user ends. At the next sign-in the password is enough, unless a
    role needs a second factor: then a new one is begun. Beside the request: no row rule shows the secret to anybody."""
    user_id: Any = row.subject_id
    side_write(lambda session: prove.forget(session, user_id))
    side_write(lambda session: sign_in.end_all(session, user_id))
