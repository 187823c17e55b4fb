"""`caseapp statistics release`: prepares a quarter or a month, publishes it as a second person, writes its files."""

from pathlib import Path

import click
from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.cli.shared import acting, by_whom, done, in_app, said, why
from caseapp.cli.statistics.period import Period
from caseapp.core.actor import Actor
from caseapp.core.periods import Period as Span
from caseapp.extensions import db, intent
from caseapp.models.statistics import StatPreparation, StatRelease
from caseapp.models.statistics.preparation import OPEN
from caseapp.services.statistics import files, release
from caseapp.services.statistics.release.prepare import KIND
from caseapp.services.trust import audit, jobs


@click.command("release")
@click.option("--period", type=Period(months=True), required=True, help="The quarter or month, for example 2026Q3, 2026M09.")
@by_whom
@why
@click.option("--approve", "act", flag_value="approve", help="Publish what a colleague prepared; asks for your password.")
@click.option("--refuse", "act", flag_value="refuse", help="Refuse what a colleague prepared; --reason says why.")
@click.option("--correct", is_flag=True, help="Prepare a correction of a quarter that is released.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the release's files.")
@in_app
def release_command(period: Span, username: str, reason: str, act: str | None, correct: bool, out: Path | None) -> None:
    """Prepare a quarter or a month, publish it as a second person; run again once it is published, it writes the same files.

    A correction counts the quarter once more and publishes what may change of it, by two persons too.
    """
    actor = acting(username, Permission.FIGURES_READ, "statistics release")
    found = _in_force(period)
    if correct and act is None:
        _prepare(period, reason, actor, corrects=True)
        found = None  # there is nothing to write before it is published
    elif found is None and act is None:
        _prepare(period, reason, actor)
    elif found is None or (act is not None and _waits(period)):
        _decide(period, reason, act == "approve", actor)
        found = _in_force(period)
    else:
        click.echo(f"{period}: already released as no. {found.number}")
    if out is not None and found is not None:
        with system_session("statistics release files") as session:
            said(release.require_highest, session, actor)
            files.write(out, files.files(session, found))
        audit.record(db.session, "statistics.files_written", reason=f"{period}: {reason}")
        done()
        click.echo(f"{period}: files in {out}")


def _in_force(period: Span) -> StatRelease | None:
    query = select(StatRelease).where(StatRelease.period == str(period)).order_by(StatRelease.number.desc()).limit(1)
    found: StatRelease | None = db.session.scalar(query)
    if found is not None:
        db.session.expunge(found)
    db.session.rollback()  # what follows may write beside this session
    return found


def _waits(period: Span) -> bool:
    query = select(StatPreparation.id).where(StatPreparation.period == str(period), StatPreparation.state.in_(OPEN))
    found = db.session.scalar(query) is not None
    db.session.rollback()
    return found


def _prepare(period: Span, reason: str, actor: Actor, *, corrects: bool = False) -> None:
    row = said(lambda: release.prepare(period, reason, actor, corrects=corrects))
    preparation_id, job_id = row.id, row.job_id
    done()
    if db.session.get_one(StatPreparation, preparation_id).state == "waiting":
        db.session.rollback()
        jobs.work(job_id, {KIND: release.carry_out})  # here and now, whether or not a worker runs
    row = db.session.get_one(StatPreparation, preparation_id)
    if row.state != "ready":
        raise click.ClickException(f"{period}: {row.state}")
    click.echo(f"{period}: prepared, {row.hidden} of {row.cells} cells not shown; another officer publishes it with --approve")
    db.session.rollback()


def _decide(period: Span, reason: str, is_approved: bool, actor: Actor) -> None:
    query = select(StatPreparation.id).where(StatPreparation.period == str(period), StatPreparation.state.in_(OPEN))
    preparation_id = db.session.scalar(query)
    db.session.rollback()
    if preparation_id is None:
        raise click.ClickException(f"{period}: nothing is prepared; run this without --approve first.")
    if not is_approved:
        said(release.refuse, preparation_id, reason, actor)
        done()
        click.echo(f"{period}: refused")
        return
    intent.set("read")  # attempts and the release are transactions of their own, which must not wait for this one
    try:
        password = click.prompt("Password", hide_input=True, err=True)
        said(lambda: release.approve(preparation_id, password, actor, address="command line"))
    finally:
        db.session.rollback()
        intent.set("write")
        done()
    made = _in_force(period)
    if made is not None:
        click.echo(f"{period}: published as no. {made.number}, {made.hidden} of {made.cells} cells not shown, head {made.head}")
