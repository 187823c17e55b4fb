"""`caseapp statistics release`: publishes a quarter and writes its files."""

from pathlib import Path

import click
from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.cli.shared import acting, by_whom, done, in_app, said, why
from caseapp.cli.statistics.period import Period
from caseapp.core.periods import Quarter
from caseapp.extensions import db
from caseapp.models.statistics import StatRelease
from caseapp.services.statistics import files
from caseapp.services.statistics.release import publish_quarter, require_highest
from caseapp.services.trust import audit


@click.command("release")
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
