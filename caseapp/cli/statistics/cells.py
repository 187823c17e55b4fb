"""`caseapp statistics cells --true`: the finest true numbers of a period, on the machine that holds them."""

import sys
from pathlib import Path

import click

from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.cli.shared import acting, by_whom, done, in_app, said, why
from caseapp.cli.statistics.period import Period
from caseapp.core.periods import Period as Span
from caseapp.extensions import db
from caseapp.services.statistics.release import require_highest
from caseapp.services.statistics.true_cells import true_cells
from caseapp.services.trust import audit


@click.command("cells")
@click.option("--period", type=Period(months=True), required=True, help="The quarter or month, for example 2026Q3, 2026M09.")
@click.option("--true", "true", is_flag=True, help="Required: what is printed are true numbers that no bureau may read.")
@by_whom
@why
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file for them instead of the screen.")
@in_app
def cells_command(period: Span, true: bool, username: str, reason: str, out: Path | None) -> None:
    """Print the finest true cells of a period as CSV, to check a release from outside; never over HTTP."""
    if not true:
        raise click.UsageError("Published cells are written by `release --out`; for the true ones say --true.")
    actor = acting(username, Permission.RELEASE_MAKE, "statistics cells")
    with system_session(f"statistics cells {period}") as session:
        said(require_highest, session, actor)
        text = said(true_cells, session, period)
    # told before anything is shown: who reads true numbers stands in the trail also when the disk is full
    audit.record(db.session, "statistics.cells_read", reason=f"{period}: {reason}")
    done()
    if out is None:
        sys.stdout.write(text)
        return
    out.touch(mode=0o600)
    out.chmod(0o600)  # a file that was there may be readable by others
    out.write_text(text, encoding="utf-8")
    click.echo(f"{period}: true cells in {out}")
