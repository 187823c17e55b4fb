"""`caseapp divisions`: changes of divisions from a table, judged line by line before any is applied."""

from collections import Counter
from pathlib import Path

import click

from caseapp.access.permissions import Permission
from caseapp.cli.shared import acting, by_whom, done, in_app, said, why
from caseapp.extensions import db
from caseapp.services.organisation import divisions as service
from caseapp.services.trust import audit


@click.group()
def divisions() -> None:
    """Divisions and offices: load changes, carry out those whose day has come."""


@divisions.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@by_whom
@why
@in_app
def load(file: Path, dry_run: bool, username: str, reason: str) -> None:
    """Load changes from FILE, a CSV or XLSX table (columns: code, name, level, parent, effective, now_code, counts_for_coverage).

    What holds from a later day waits for it: see `caseapp divisions due`.
    """
    actor = acting(username, Permission.ORGANISATION_MANAGE, "divisions load")
    lines = said(service.judge, said(service.read, file.read_bytes()), actor)
    for line in lines:
        act = "refused" if line.problems else f"waits, {line.act}" if line.waits else line.act
        words = [f"{line.number}:", act, line.code, line.name, "; ".join(str(problem) for problem in line.problems)]
        click.echo(" ".join(word for word in words if word))
    wrong = sum(bool(line.problems) for line in lines)
    if wrong:
        raise click.ClickException(f"{wrong} lines cannot be taken; nothing was changed.")
    if dry_run:
        return
    told = said(service.apply, lines, actor)
    audit.record(db.session, "divisions.loaded", reason=reason)
    done()
    click.echo(_words(told) or "nothing to change")


@divisions.command()
@by_whom
@why
@in_app
def due(username: str, reason: str) -> None:
    """Carry out the waiting changes whose day has come."""
    actor = acting(username, Permission.ORGANISATION_MANAGE, "divisions due")
    for _change, line in service.due_lines(actor):
        for problem in line.problems:
            click.echo(f"{line.code} {line.name}: {problem}")
    told = said(service.carry_out_due, actor)
    audit.record(db.session, "divisions.loaded", reason=reason)
    done()
    click.echo(_words(told) or "nothing is due")


def _words(told: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in told.items())
