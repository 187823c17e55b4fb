"""`caseapp audit`: is the trail whole, and a checkpoint of it to be kept elsewhere."""

import time
from pathlib import Path

import click
from flask import current_app

from caseapp import config
from caseapp.access.permissions import Permission
from caseapp.cli.shared import acting, by_whom, done, in_app, why
from caseapp.core import clock, dates
from caseapp.extensions import db
from caseapp.services.trust import audit as trail
from caseapp.services.trust import seal
from caseapp.services.trust.seal import archive


@click.group("audit")
def audit() -> None:
    """The trail: what was done, and that nothing of it was changed."""


@audit.command("verify")
@click.option("--checkpoint", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A checkpoint kept elsewhere.")
@click.option("--trust", multiple=True, metavar="HEX", help="A public key that sealed in earlier times.")
@click.option(
    "--archive",
    "archives",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of `audit archive`; give all to add up the whole trail.",
)
@by_whom
@why
@in_app
def verify_command(
    checkpoint: Path | None, trust: tuple[str, ...], archives: tuple[Path, ...], username: str, reason: str
) -> None:
    """Add the whole chain up again; names each entry that was changed, removed, inserted or put in another order."""
    acting(username, Permission.AUDIT_READ, "audit verify")
    try:
        kept = seal.Checkpoint.read(checkpoint.read_text(encoding="utf-8")) if checkpoint else None
        trusted = [bytes.fromhex(key) for key in trust]
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    begun = time.monotonic()
    report = seal.verify(kept, trusted, archives=archives)
    wait = f", the oldest for {(clock.now() - report.oldest).total_seconds():.0f} s" if report.oldest else ""
    click.echo(
        f"{report.entries} entries in {report.seals} seals, {report.waiting} wait for one{wait}; "
        f"head {report.head.hex()[:16]}; {time.monotonic() - begun:.1f} s"
    )
    if report.archived:
        click.echo(f"numbers 1 to {report.archived} lie in archives, {report.unread} of them in files that were not given")
    for fault in report.faults:
        click.echo(f"{fault.kind}: {fault.where}")
    found = f"{len(report.faults)} faults" if report.faults else "no fault"
    trail.record(db.session, "audit.verified", reason=f"{found}: {reason}")
    done()
    if report.faults:
        raise SystemExit(1)
    click.echo("Nothing was changed, removed, inserted or put in another order.")


@audit.command("archive")
@click.option(
    "--out", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="The folder of the archives."
)
@click.option("--months", type=click.IntRange(config.LEAST_MONTHS), help="How much stays on line; else CASEAPP_TRAIL_MONTHS.")
@click.option("--trust", multiple=True, metavar="HEX", help="A public key that sealed in earlier times.")
@by_whom
@why
@in_app
def archive_command(out: Path, months: int | None, trust: tuple[str, ...], username: str, reason: str) -> None:
    """Take what is older than so many months out into files that prove themselves; the database lets go of nothing else."""
    acting(username, Permission.AUDIT_READ, "audit archive")
    stay = months or current_app.config["SETTINGS"].trail_months
    until = clock.midnight(dates.add_months(clock.today(), -stay))
    trail.record(db.session, "audit.archived", reason=f"until {clock.local(until):%Y-%m-%d}: {reason}")
    done()
    made = 0
    try:
        while (found := archive.make(out, until, [bytes.fromhex(key) for key in trust])) is not None:
            made += 1
            click.echo(f"{found.path.name}: numbers {found.first} to {found.last}")
    except archive.NotWhole as error:
        for fault in error.report.faults:
            click.echo(f"{fault.kind}: {fault.where}")
        raise click.ClickException("The trail has faults; nothing more was archived or removed.") from error
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{made} archives." if made else f"Nothing in the trail is older than {stay} months.")


@audit.command("checkpoint")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file; keep it on another machine."
)
@by_whom
@why
@in_app
def checkpoint_command(out: Path, username: str, reason: str) -> None:
    """Seal what waits and write the newest seal to a file: nothing sealed until then can be cut off unseen."""
    acting(username, Permission.AUDIT_READ, "audit checkpoint")
    trail.record(db.session, "audit.checkpoint_made", reason=reason)
    done()
    seal.seal_all()
    found = seal.checkpoint()
    if found is None:
        raise click.ClickException("Nothing is sealed yet: another process is at it; try again.")
    out.write_text(found.text(), encoding="utf-8")
    click.echo(f"seal {found.batch}, {found.last} entries: {out}")
