"""`caseapp statistics refresh`: fills the facts of a quarter."""

import click

from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.cli.shared import acting, by_whom, done, in_app, said, why
from caseapp.cli.statistics.period import Period
from caseapp.core.periods import Quarter
from caseapp.extensions import db
from caseapp.services.statistics.refresh import open_periods, refresh
from caseapp.services.trust import audit


@click.command("refresh")
@click.option("--period", type=Period(), help="One quarter, for example 2026Q3.")
@click.option("--all", "every", is_flag=True, help="Every quarter since the first person on file that is not released.")
@by_whom
@why
@in_app
def refresh_command(period: Quarter | None, every: bool, username: str, reason: str) -> None:
    """Count the true rows of a quarter into facts, which nobody reads before a release."""
    if (period is None) == (not every):
        raise click.UsageError("Say either --period or --all.")
    acting(username, Permission.RELEASE_MAKE, "statistics refresh")
    with system_session("statistics refresh: which quarters") as session:
        todo = open_periods(session) if every else [period]
    for quarter in todo:
        click.echo(f"{quarter}: {said(refresh, quarter)} facts")
        audit.record(db.session, "statistics.refreshed", reason=f"{quarter}: {reason}")
        done()
