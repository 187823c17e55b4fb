"""`caseapp statistics`: refresh fills the facts of a quarter, release publishes one."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.cli.shared import acting, by_whom, done, in_app, said, why
from caseapp.core.periods import Quarter
from caseapp.extensions import db
from caseapp.models.statistics import StatRelease
from caseapp.services.statistics import files
from caseapp.services.statistics.refresh import open_periods, refresh
from caseapp.services.statistics.release import publish_quarter, require_highest
from caseapp.services.trust import audit


class Period(click.ParamType):
    """A quarter like 2026Q3."""

    name = "quarter"

    def convert(self, value: Any, param: Any, ctx: Any) -> Quarter:
        """Reads it, or says how it is written."""
        try:
            return value if isinstance(value, Quarter) else Quarter.read(value)
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


@click.group("statistics")
def statistics() -> None:
    """Figures: fill the facts of a quarter, publish it."""


@statistics.command("refresh")
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


@statistics.command("release")
@click.option("--period", type=Period(), required=True, help="The quarter, for example 2026Q3.")
@by_whom
@why
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the release's files.")
@in_app
def release_command(period: Quarter, username: str, reason: str, out: Path | None) -> None:
    """Publish a quarter, once; run again, it writes the same files."""
    actor = acting(username, Permission.FIGURES_READ, "statistics release")
    release = db.session.scalar(select(StatRelease).where(StatRelease.period == str(period)))
    if release is None:
        release = said(publish_quarter, period, reason, actor)
        done()
        click.echo(f"{period}: published as no. {release.number}, {release.hidden} of {release.cells} cells not shown")
    else:
        click.echo(f"{period}: already released as no. {release.number}")
    if out is not None:
        with system_session("statistics release files") as session:
            said(require_highest, session, actor)
            files.write(out, files.files(session, release))
        audit.record(db.session, "statistics.files_written", reason=f"{period}: {reason}")
        done()
        click.echo(f"{period}: files in {out}")
