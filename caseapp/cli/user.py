"""`caseapp user`: accounts from the server's own console, in the trail like any other act."""

import click
from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.cli.shared import acting, by_whom, done, in_app, said, why
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.organisation import Organisation, User
from caseapp.schemas.organisation.account import CreateAccountSchema, Reasoned
from caseapp.services.organisation import accounts
from caseapp.services.organisation.factors import reset as factor_reset
from caseapp.services.trust import audit


@click.group()
def user() -> None:
    """Accounts: add, disable, reset, reset-factor."""


@user.command()
@click.argument("new_username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--at", "place", required=True, help="Path of the organisation that looks after the account, or its division code.")
@by_whom
@why
@in_app
def add(new_username: str, name: str, place: str, username: str, reason: str) -> None:
    """Make an account and print its one-time code, once."""
    actor = acting(username, Permission.ACCOUNT_MANAGE, "user add")
    home = _place(place)
    command = _loaded(new_username, name, home)
    made, code = said(accounts.create, command, home, actor)
    _reason(reason)
    done()
    click.echo(f"{made.username}: one-time code {code}, shown only now")


@user.command()
@click.argument("whom")
@by_whom
@why
@in_app
def disable(whom: str, username: str, reason: str) -> None:
    """Shut an account; its sessions end at once."""
    actor = acting(username, Permission.ACCOUNT_MANAGE, "user disable")
    row = _user(whom, actor)
    said(accounts.disable, Reasoned(reason, row.version), row, actor)
    done()
    click.echo(f"{row.username}: disabled")


@user.command()
@click.argument("whom")
@by_whom
@why
@in_app
def reset(whom: str, username: str, reason: str) -> None:
    """Make a new one-time code for who forgot the password, and print it, once.

    A code for the only security administrator is in force at once: nobody else could confirm it.
    """
    actor = acting(username, Permission.ACCOUNT_MANAGE, "user reset")
    row = _user(whom, actor)
    code, waits = said(accounts.new_code, Reasoned(reason, row.version), row, actor, True)
    done()
    click.echo(f"{row.username}: one-time code {code}, shown only now" + (" (waits for a confirmation)" if waits else ""))


@user.command("reset-factor")
@click.argument("whom")
@by_whom
@why
@in_app
def reset_factor(whom: str, username: str, reason: str) -> None:
    """Ask that a lost second factor be taken away; a security administrator decides.

    That of the only security administrator is taken away at once: nobody else could decide on it.
    """
    actor = acting(username, Permission.ACCOUNT_MANAGE, "user reset-factor")
    row = _user(whom, actor)
    waits = said(factor_reset.ask, Reasoned(reason, row.version), row, actor, True)
    done()
    click.echo(f"{row.username}: " + ("waits for a security administrator" if waits else "the second factor is taken away"))


def _loaded(new_username: str, name: str, home: Organisation) -> object:
    schema = CreateAccountSchema()
    given = {"username": new_username, "name": name, "home_id": str(home.id)}
    problems = schema.validate(given)
    if problems:
        raise click.ClickException("; ".join(f"{field}: {words[0]}" for field, words in problems.items()))
    return schema.load(given)


def _place(text: str) -> Organisation:
    query = select(Organisation).where((Organisation.path == text) | (Organisation.division_code == text))
    found = db.session.scalar(query.order_by(Organisation.path).limit(1))
    if found is None:
        raise click.ClickException(f"{text}: no such organisation.")
    return found


def _user(name: str, _actor: Actor) -> User:
    found = db.session.scalar(select(User).where(User.username == name.lower()))
    if found is None:
        raise click.ClickException(f"{name}: no such account.")
    return found


def _reason(reason: str) -> None:
    audit.record(db.session, "account.created_on_console", reason=reason)
