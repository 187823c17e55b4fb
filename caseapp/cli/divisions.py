"""`caseapp divisions`: changes of divisions from a CSV file, judged line by line before any is applied."""

from pathlib import Path

import click

from caseapp.access.permissions import Permission
from caseapp.cli.shared import acting, by_whom, done, in_app, said, why
from caseapp.extensions import db
from caseapp.services.organisation import divisions as service
from caseapp.services.trust import audit


@click.group()
def divisions() -> None:
    """Divisions and offices: load changes."""


@divisions.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@by_whom
@why
@in_app
def load(file: Path, dry_run: bool, username: str, reason: str) -> None:
    """Load changes with their effective dates from FILE (columns: code, name, level, parent, effective, now_code …)."""
    actor = acting(username, Permission.ORGANISATION_MANAGE, "divisions load")
    lines = service.judge(said(service.read, file.read_bytes()), actor)
    wrong = [line for line in lines if line.problems]
    for line in lines:
        click.echo(
            f"{line.number}: {line.act or 'refused'} {line.code} {line.name} {'; '.join(str(p) for p in line.problems)}".rstrip()
        )
    if wrong:
        raise click.ClickException(f"{len(wrong)} lines cannot be taken; nothing was changed.")
    if dry_run:
        return
    told = said(service.apply, lines, actor)
    audit.record(db.session, "divisions.loaded", reason=reason)
    done()
    click.echo(", ".join(f"{count} {what}" for what, count in told.items()) or "nothing to change")
