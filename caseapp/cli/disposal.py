"""`caseapp disposal`: what need not be kept any more. The second yes is given on a page, by the township."""

from uuid import UUID

import click
from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.cli.shared import acting, by_whom, done, in_app, said, why
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Client
from caseapp.queries.trust import disposals
from caseapp.services.trust import audit
from caseapp.services.trust import disposal as service


@click.group()
def disposal() -> None:
    """Files that need not be kept any more: list, hold, lift, ask, certificates. By file number, so that no name is on the screen.

    Periods are settings (`retention.…`), counted from closing. What was deleted is still in older backups: delete those in time.
    """


@disposal.command("list")
@by_whom
@why
@in_app
def list_due(username: str, reason: str) -> None:
    """The files of the station whose time is over, with the last day they had to be kept."""
    actor = acting(username, Permission.DISPOSAL_ASK, "disposal list")
    found = service.due(actor.paths[0], clock.today())
    audit.record(db.session, "disposal.listed", reason=reason)
    done()
    for one in found:
        click.echo(f"{one.file_no}  {one.until.isoformat()}")
    click.echo(f"{len(found)} files" + (f", the first {service.MOST}" if len(found) == service.MOST else ""))


@disposal.command()
@click.argument("file_no")
@by_whom
@why
@in_app
def hold(file_no: str, username: str, reason: str) -> None:
    """Keep a person's data whatever the periods say: the reason is kept sealed with the hold."""
    actor = acting(username, Permission.DISPOSAL_ASK, "disposal hold")
    said(service.hold, _client(file_no), reason, actor)
    done()
    click.echo(f"{file_no}: held")


@disposal.command()
@click.argument("file_no")
@by_whom
@why
@in_app
def lift(file_no: str, username: str, reason: str) -> None:
    """End a hold."""
    actor = acting(username, Permission.DISPOSAL_ASK, "disposal lift")
    said(service.lift, _client(file_no), actor)
    done()
    click.echo(f"{file_no}: held no more")


@disposal.command()
@click.argument("file_numbers", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Everything on the list.")
@by_whom
@why
@in_app
def ask(file_numbers: tuple[str, ...], everything: bool, username: str, reason: str) -> None:
    """Ask that these files be deleted for good; the township decides on the page of what two people must want."""
    actor = acting(username, Permission.DISPOSAL_ASK, "disposal ask")
    wanted = _wanted(actor, file_numbers, everything)
    row = said(service.ask, actor.paths[0], wanted, reason[:200], actor)
    done()
    click.echo(f"{len(wanted)} files wait for a second person: /admin/asked/{row.id}")


@disposal.command()
@by_whom
@why
@in_app
def certificates(username: str, reason: str) -> None:
    """What was deleted, without personal data: to be printed and filed."""
    acting(username, Permission.DISPOSAL_ASK, "disposal certificates")
    for one in disposals.certificates():
        periods = ", ".join(f"{name} {years}" for name, years in one.periods.items())
        click.echo(f"{one.id}  {clock.local(one.done_at):%Y-%m-%d %H:%M}  {one.path}")
        click.echo(f"  {one.persons} persons, {one.cases} cases, {sum(one.deleted.values())} rows of {len(one.deleted)} tables")
        click.echo(f"  periods in years: {periods}; mark {one.mark}")
    audit.record(db.session, "disposal.listed", reason=reason)
    done()


def _wanted(actor: Actor, file_numbers: tuple[str, ...], everything: bool) -> list[UUID]:
    found = {one.file_no: one.client_id for one in service.due(actor.paths[0], clock.today())}
    unknown = [number for number in file_numbers if number not in found]
    if unknown:
        raise click.ClickException(f"Not on the list: {', '.join(unknown)}")
    return list(found.values()) if everything else [found[number] for number in file_numbers]


def _client(file_no: str) -> Client:
    found = db.session.scalar(select(Client).where(Client.file_no == file_no))
    if found is None:
        raise click.ClickException(f"{file_no}: no such file at your station.")
    return found
