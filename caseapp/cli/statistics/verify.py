"""`caseapp statistics verify`: adds the certificates of releases up, without a solver."""

import click
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.cli.shared import in_app
from caseapp.cli.statistics.period import Period
from caseapp.core.periods import Period as Span
from caseapp.models.statistics import StatRelease
from caseapp.services.statistics.release import chain
from caseapp.services.statistics.verify import verify
from caseapp.services.statistics.verify.read import evidence

MOST = 40  # faults that are told one by one


@click.command("verify")
@click.option("--period", type=Period(months=True), help="One quarter or month, for example 2026Q3, 2026M09.")
@click.option("--all", "every", is_flag=True, help="Every release, and the chain of their heads.")
@click.pass_context
@in_app
def verify_command(context: click.Context, period: Span | None, every: bool) -> None:
    """Look whether a release shows true numbers and leaves everybody in doubt; exit code 1 and a line for each fault if not.

    No true number is printed and nothing is written, so that nobody needs to be named.
    """
    if (period is None) == (not every):
        raise click.UsageError("Say either --period or --all.")
    faults = 0
    with system_session("statistics verify") as session:
        query = select(StatRelease).order_by(StatRelease.number)
        releases = session.scalars(query if every else query.where(StatRelease.period == str(period))).all()
        if not releases:
            raise click.ClickException("Nothing is released yet." if every else f"{period} is not released.")
        for release in releases:
            found = verify(evidence(session, release))
            click.echo(f"{release.period} no. {release.number}: {found.line()}")
            told = list(dict.fromkeys(map(str, found.faults)))
            for words in told[:MOST]:
                click.echo(f"  {words}")
            if len(told) > MOST:
                click.echo(f"  and {len(told) - MOST} more")
            faults += len(told)
        if every:
            broken = chain.faults(session)
            click.echo(f"chain of {len(releases)} releases: {len(broken)} faults")
            for words in broken:
                click.echo(f"  no. {words} does not agree")
            faults += len(broken)
    if faults:
        context.exit(1)
