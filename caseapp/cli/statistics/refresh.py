"""`caseapp statistics refresh`: fills the facts of a quarter."""

from functools import partial

import click

from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.cli.shared import acting, by_whom, done, in_app, said, why
from caseapp.cli.statistics.period import Period
from caseapp.core.periods import Period as Counted
from caseapp.extensions import db
from caseapp.services.statistics.refresh import open_periods, refresh
from caseapp.services.trust import audit


@click.command("refresh")
@click.option("--period", type=Period(months=True), help="A quarter or a month, for example 2026Q3 or 2026M09.")
@click.option("--all", "every", is_flag=True, help="Every quarter since the first person on file that is not released.")
@click.option("--whole", is_flag=True, help="Count every station anew, not only those whose rows were written since.")
@by_whom
@why
@in_app
def refresh_command(period: Counted | None, every: bool, whole: bool, username: str, reason: str) -> None:
    """Count the true rows of a period into facts, which nobody reads before a release.

    Counts what was written since the last time; the result is that of a whole count.
    """
    if (period is None) == (not every):
        raise click.UsageError("Say either --period or --all.")
    acting(username, Permission.RELEASE_MAKE, "statistics refresh")
    with system_session("statistics refresh: which quarters") as session:
        todo = open_periods(session) if every else [period]
    for chosen in todo:
        click.echo(f"{chosen}: {said(partial(refresh, whole=whole), chosen)} facts")
        audit.record(db.session, "statistics.refreshed", reason=f"{chosen}: {reason}")
        done()
