"""`caseapp doctor`: is this installation in order, in plain words of either language, with an exit code for a script."""

import os
from collections.abc import Iterator

import click
from flask import current_app
from flask_babel import force_locale
from sqlalchemy.exc import DBAPIError

from caseapp.cli import catalogues
from caseapp.cli.doctor import around, database, safe
from caseapp.cli.doctor.finding import Finding, Level, label
from caseapp.cli.shared import in_app
from caseapp.core.text import _

LANGUAGES = ("zh", "en")


@click.command()
@click.option("--language", type=click.Choice(LANGUAGES), help="Of the answer; that of the terminal unless given.")
@click.option("--url", help="The address that browsers use, https://…: what really comes from there is looked at.")
@click.option("--whole-trail", is_flag=True, help="Add up the whole trail, however long it is.")
@in_app
def doctor(language: str | None, url: str | None, whole_trail: bool) -> None:
    """Look at secrets, clock, disk, backups, migrations, trail, what browsers get, and what bureaus read; changes nothing.

    Ends with 0 when all is in order, with 1 when something should be looked at, with 2 when something is broken.
    """
    catalogues.make_ready()
    worst = Level.FINE
    with force_locale(language or ("zh" if os.environ.get("LANG", "zh").startswith("zh") else "en")):
        for finding in findings(url, whole_trail):
            click.echo(f"[{label(finding.level)}] {finding.words}")
            worst = max(worst, finding.level)
    if worst:
        raise SystemExit(int(worst))


def findings(url: str | None, whole_trail: bool) -> Iterator[Finding]:
    """Everything, one after the other; a database that does not answer is one finding."""
    settings = current_app.config["SETTINGS"]
    yield from around.secrets(settings)
    yield from around.disk(settings)
    try:
        yield from database.migrations()
        yield from database.clocks()
        yield from database.sealed_rows()
        yield from database.durable()
        yield from database.wall()
        yield from database.figures_role()
        yield from safe.trail(whole_trail)
        yield from safe.saved(settings)
    except DBAPIError as error:
        yield Finding(Level.BROKEN, _("The database does not answer as it should (%(kind)s).", kind=type(error.orig).__name__))
    yield from around.reached(settings, url)
