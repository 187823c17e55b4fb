"""`caseapp init`: an empty database becomes an installation."""

import click
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.access.system import system_session
from caseapp.cli import catalogues
from caseapp.cli.shared import in_app
from caseapp.core import clock
from caseapp.models.organisation import Grant, GrantPlace, Organisation, User
from caseapp.services.organisation import codes, divisions

FIRST = (("admin", "system_admin"), ("security", "security_admin"))


@click.command()
@in_app
def init() -> None:
    """Make tables, load the divisions of Jilin, and make the first system and security administrator.

    Needs no name and no reason, because nobody is there yet; refuses a database that has an account already.
    """
    catalogues.make_ready()
    upgrade()
    with system_session("init", write=True) as session:
        if session.scalar(select(User.id).limit(1)) is not None:
            raise click.ClickException("This database is in use already: accounts are there.")
        told = divisions.load(session)
        top = session.scalars(select(Organisation).where(Organisation.kind == "province")).one()
        lines = [(username, role, _account(session, username, role, top)) for username, role in FIRST]
    click.echo(", ".join(f"{count} {what}" for what, count in told.items()))
    for username, role, code in lines:
        click.echo(f"{username} ({role}): one-time code {code}, shown only now")


def _account(session: Session, username: str, role: str, top: Organisation) -> str:
    """An account with an active grant at the top and a code in clear."""
    now = clock.now()
    user = User(username=username, name=username, home_path=top.path, created_at=now)
    session.add(user)
    session.flush()
    grant = Grant(
        user_id=user.id,
        role=role,
        organisation_id=top.id,
        state="active",
        from_on=clock.today(),
        reason="init",
        proposed_at=now,
    )
    session.add(grant)
    session.flush()
    session.add(GrantPlace(grant_id=grant.id, organisation_id=top.id, path=top.path))
    return codes.make(session, user.id, made_by_id=None, confirmed=True)
