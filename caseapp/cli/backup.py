"""`caseapp backup` and `caseapp restore`: the whole database as one sealed file, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.adapters import backup as backups
from caseapp.adapters import schema
from caseapp.cli.shared import acting, by_whom, done, in_app, why
from caseapp.extensions import db
from caseapp.models.ddl import make_figures_role
from caseapp.services.organisation import sign_in
from caseapp.services.trust import audit, seal


@contextmanager
def in_words() -> Iterator[None]:
    """What goes wrong as one sentence, without the values that an error of the database may carry."""
    try:
        yield
    except backups.BackupError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'The disk'}: {error.strerror or type(error).__name__}") from error
    except DBAPIError as error:
        raise click.ClickException(f"The database refused: {type(error.orig).__name__}") from error


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The folder; CASEAPP_BACKUPS unless given.")
@by_whom
@why
@in_app
def backup(out: Path | None, username: str, reason: str) -> None:
    """Save the whole database while it is used, sealed with the data keys, and verify it by restoring it once.

    The file opens only with the data keys it was made under, which it does not hold: keep both, in different places.
    """
    folder = out or current_app.config["SETTINGS"].backups
    if folder is None:
        raise click.ClickException("Where to? Give --out, or set CASEAPP_BACKUPS to a folder on another disk.")
    acting(username, Permission.BACKUP, "backup")
    db.session.rollback()  # nothing is held while it runs
    try:
        with in_words():
            made = backups.make(backups.place_of(db.engine.url), folder)
    except click.ClickException:
        audit.record(db.session, "backup.failed", reason=reason)
        done()
        raise
    audit.record(db.session, "backup.made", reason=reason)
    done()
    click.echo(f"{made.path}: {made.size / 1e6:.1f} MB, {made.look.total} rows of {len(made.look.tables)} tables")
    click.echo(f"written in {made.writing:.1f} s, restored and compared in {made.verifying:.1f} s: {told(made.look)}")


def told(look: backups.Look) -> str:
    """What was compared."""
    head = f"head of the trail {look.seal[2][:16]}" if look.seal else "no seal of the trail yet"
    return f"every table has its rows, {len(look.rows)} rows by chance are the same, {head}"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_whom
@why
@in_app
def restore(file: Path, username: str, reason: str) -> None:
    """Put a backup into the database of CASEAPP_DATABASE_URL, which must be empty, and see that everything is there.

    Whoever is named must have been allowed to in what is restored. Everybody has to sign in anew: sessions and tokens that were
    ended after the backup would be open again.
    """
    place = backups.place_of(db.engine.url)
    db.session.remove()
    db.engine.dispose()
    with in_words():
        if not place.is_empty():
            raise click.ClickException("This database is in use: a backup only goes into an empty one. Move it away first.")
        with backups.checked(file) as (opened, look):
            made_at = opened.header.made_at
            if not all(schema.is_known(revision) for revision in look.revision.split(",")):
                raise click.ClickException("This backup was made by a newer program: install that one first.")
        backups.restored(file, place)
    if schema.fault():
        upgrade()
    try:
        acting(username, Permission.BACKUP, "restore")
    except click.ClickException:
        db.session.remove()
        db.engine.dispose()
        place.empty()
        raise
    with system_session("restore: everybody signs in anew", write=True) as session:
        sign_in.end_everybodys(session)
        if place.engine == "postgresql":
            make_figures_role(session.connection())
    audit.record(db.session, "backup.restored", reason=reason)
    done()
    click.echo(f"restored as of {made_at}: {look.total} rows of {len(look.tables)} tables; {told(look)}")
    report = seal.verify()
    for fault in report.faults:
        click.echo(f"{fault.kind}: {fault.where}")
    if report.faults:
        raise SystemExit(1)
    click.echo(f"The trail is whole: {report.entries} entries in {report.seals} seals. Everybody signs in anew.")
