"""Accounts: made with a code on paper, never with a password; disabled and enabled; a new code for who forgot theirs."""

from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.access.system import side_write
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Organisation, User
from caseapp.schemas.organisation.account import CreateAccount, Reasoned
from caseapp.services.organisation import codes, sign_in
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def create(command: CreateAccount, home: Organisation, actor: Actor) -> tuple[User, str]:
    """A new account without any role, and its one-time code in clear, this once.

    For an administrator of its place. Refuses a user name that is taken.
    """
    policy.require(actor, P.ACCOUNT_MANAGE, home)
    if db.session.scalar(select(User.id).where(User.username == command.username)) is not None:
        raise Conflict(_l("This user name is taken."), "username", code="username_taken")
    user = User(
        username=command.username,
        name=command.name,
        home_path=home.path,
        employer_id=home.id if home.kind == "contractor" else None,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    db.session.add(user)
    db.session.flush()
    code = codes.make(db.session, user.id, made_by_id=actor.user_id)
    audit.record(db.session, "account.created", home)
    db.session.flush()
    return user, code


def new_code(command: Reasoned, user: User, actor: Actor, at_the_server: bool = False) -> tuple[str, bool]:
    """A new one-time code in clear, this once, and whether it waits for a confirmation; older codes are void.

    For an administrator of the account's place, not for oneself. Refuses a disabled account. On the server's own console a
    code for the only security admin is in force at once, as nobody could confirm it; on a page it waits.
    """
    _manage(user, actor)
    expect_version(user, command.version)
    if user.disabled_at is not None:
        raise Conflict(_l("The account is disabled: enable it first."))
    alone = at_the_server and codes.nobody_can_confirm(user.id)
    code = codes.make(db.session, user.id, made_by_id=actor.user_id, confirmed=alone)
    audit.record(db.session, "account.code_made", reason=command.reason)
    user.updated_at = clock.now()
    db.session.flush()
    return code, not alone and bool(codes.needed(user.id))


def disable(command: Reasoned, user: User, actor: Actor) -> User:
    """Shuts an account: its sessions and tokens end at once. For an administrator of its place, not for oneself."""
    _manage(user, actor)
    expect_version(user, command.version)
    if user.disabled_at is not None:
        raise Conflict(_l("The account is disabled already."))
    user.disabled_at = user.updated_at = clock.now()
    _end_sessions(user)
    audit.record(db.session, "account.disabled", reason=command.reason)
    db.session.flush()
    return user


def enable(command: Reasoned, user: User, actor: Actor) -> User:
    """Opens a disabled account again; its grants are as they were. For an administrator of its place."""
    _manage(user, actor)
    expect_version(user, command.version)
    if user.disabled_at is None:
        raise Conflict(_l("The account is not disabled."))
    user.disabled_at, user.updated_at = None, clock.now()
    audit.record(db.session, "account.enabled", reason=command.reason)
    db.session.flush()
    return user


def confirm_code(code_id: UUID, actor: Actor) -> None:
    """Puts a code for a forgotten password into force.

    For whoever confirms the account's role, never for oneself nor for who made the code. Refuses a used or old one.
    """
    row = codes.waiting_for(actor, code_id)
    if row.made_by_id == actor.user_id:
        raise Forbidden(_l("Nobody confirms their own proposal."))
    if actor.role == "security_admin":
        row.second_by_id, row.second_at = actor.user_id, clock.now()
    else:
        row.confirmed_by_id, row.confirmed_at = actor.user_id, clock.now()
    audit.record(db.session, "account.code_confirmed")
    db.session.flush()


def refuse_code(code_id: UUID, note: str, actor: Actor) -> None:
    """Makes a waiting code worthless. For whoever could confirm it."""
    row = codes.waiting_for(actor, code_id)
    row.expires_at = clock.now()
    audit.record(db.session, "account.code_refused", reason=note)
    db.session.flush()


def _manage(user: User, actor: Actor) -> None:
    if not actor.may(P.ACCOUNT_MANAGE):
        raise Forbidden()
    if not actor.covers(user.home_path):
        raise NotFound()
    if user.id == actor.user_id:
        raise Forbidden(_l("Not for your own account."))


def _end_sessions(user: User) -> None:
    """Own sessions are all that the row rules show, so these end beside the request; the door looks at `disabled_at` anyway."""
    user_id = user.id
    side_write(lambda session: sign_in.end_all(session, user_id))
