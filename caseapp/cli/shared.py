"""What commands share: an app to run in, and who acts under which reason."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask import has_app_context
from sqlalchemy import select

from caseapp import create_app
from caseapp.access import guard, identity
from caseapp.access.permissions import Permission
from caseapp.access.roles import ROLES
from caseapp.access.system import run_side_writes, system_session
from caseapp.config import BadSettings
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import AppError
from caseapp.extensions import db, intent
from caseapp.models.organisation import User
from caseapp.services.trust import audit


def app(*, serving: bool = False) -> Any:
    """The app of the environment's settings; a sentence and exit code 2 where they cannot be used."""
    try:
        return create_app(serving=serving)
    except BadSettings as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error


def in_app(command: Callable[..., None]) -> Callable[..., None]:
    """Runs a command inside the app that is there, else inside one made from the environment."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        if has_app_context():
            command(*arguments, **options)
            return
        with app().app_context():
            intent.set("write")
            command(*arguments, **options)

    return run


def acting(username: str, permission: Permission, event: str) -> Actor:
    """The named user under a grant that holds the permission, bound to the session; a refusal in words otherwise.

    Whoever has no such role is refused as at a door: the trail tells it.
    """
    with system_session(f"{event}: who") as session:
        user = session.scalar(select(User).where(User.username == username.lower(), User.disabled_at.is_(None)))
        if user is None:
            raise click.ClickException(f"{username}: no such account.")
        live = identity.live_grants(session, user.id, clock.today())
        fitting = [grant for grant in live if permission in ROLES[grant.role].permissions]
        actors = [identity.for_grant(session, user.id, grant.id, clock.today()) for grant in (fitting or live)[:1]]
        nobody = Actor(user_id=user.id, grant_id=None, role="", paths=(), channel="command")
    actor = next((one for one in actors if one is not None), nobody)
    guard.bind(db.session, actor)
    audit.begin(db.session, endpoint=event)
    if not actor.may(permission):
        _refused(403, "forbidden")
        raise click.ClickException(f"{username} has no role that may do this.")
    return actor


def done() -> None:
    """Ends the command's transaction as a request would."""
    db.session.commit()
    run_side_writes()


def said(verb: Callable[..., Any], *arguments: Any) -> Any:
    """Runs a service; its refusal becomes one sentence, and where it is about rights an entry of the trail."""
    try:
        return verb(*arguments)
    except AppError as error:
        db.session.rollback()
        if error.status in REFUSALS:
            _refused(error.status, error.code)
        fields = "; ".join(f"{name}: {words[0]}" for name, words in getattr(error, "fields", {}).items())
        raise click.ClickException(fields or str(error.message)) from error


def _refused(status: int, code: str) -> None:
    audit.refused(db.session, status, code, secrets.token_hex(4))
    run_side_writes()


REFUSALS = (401, 403, 404, 429)  # as at the doors of pages and API
by_whom = click.option("--as", "username", required=True, help="User name of who does it; kept in the trail.")
why = click.option("--reason", required=True, help="Why; kept in the trail.")
