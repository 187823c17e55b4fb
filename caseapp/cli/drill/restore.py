"""`caseapp drill restore`: a backup is restored beside the database; how long that takes, and what would be lost by it."""

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import func, select

from caseapp import create_app
from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.adapters import backup as backups
from caseapp.cli.backup import in_words
from caseapp.cli.shared import acting, by_whom, done, in_app, why
from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.trust import AuditEntry
from caseapp.services.trust import audit, seal


@dataclass(frozen=True)
class Outcome:
    """Seconds, rows, and what was written after the snapshot: entries of the trail, and for how many seconds."""

    restoring: float
    verifying: float
    rows: int
    age: float
    entries: int
    since: float
    faults: int

    def line(self) -> str:
        """One line of figures."""
        return (
            f"restore: {self.rows} rows back in {self.restoring:.1f} s, their trail verified in {self.verifying:.1f} s, "
            f"{self.faults} faults; the backup is {self.age:.0f} s old, lost would be {self.entries} entries of the trail "
            f"written in the last {self.since:.0f} s"
        )


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@by_whom
@why
@in_app
def command(file: Path | None, username: str, reason: str) -> None:
    """Restore FILE, else the newest backup of CASEAPP_BACKUPS, else one made now, beside the database, and remove it again.

    The trail has an entry for everything that was done, so what it has more than the restored one is what would be lost.
    """
    acting(username, Permission.BACKUP, "drill restore")
    db.session.rollback()
    folder = current_app.config["SETTINGS"].backups
    with in_words():
        chosen = file or (backups.newest(folder).path if folder else None)
        if chosen is not None:
            found = play(chosen)
        else:
            with tempfile.TemporaryDirectory(prefix="caseapp-drill-") as made:
                found = play(backups.make(backups.place_of(db.engine.url), Path(made)).path)
    audit.record(db.session, "backup.tried", reason=reason)
    done()
    click.echo(found.line())
    if found.faults:
        raise SystemExit(1)


def play(file: Path) -> Outcome:
    """Restores into a scratch place, verifies the whole trail there and compares it with the one of now."""
    here = current_app.config["SETTINGS"]
    with backups.checked(file) as (opened, _look):
        moment = opened.header.moment
    with backups.place_of(db.engine.url).scratch() as place:
        begun = time.monotonic()
        look = backups.restored(file, place)
        restored = time.monotonic()
        address = place.url().render_as_string(hide_password=False)
        with create_app(replace(here, database_url=address, figures_url="")).app_context():
            report = seal.verify()
            last = _last()
            db.session.remove()
            db.engine.dispose()
        verified = time.monotonic()
    now = clock.now()
    with system_session("drill restore: what came since") as session:
        query = select(func.count(), func.min(AuditEntry.at))
        count, first = session.execute(query.where(AuditEntry.id > last) if last else query).one()
    since = (now - first).total_seconds() if first else 0.0
    return Outcome(
        restored - begun, verified - restored, look.total, (now - moment).total_seconds(), count, since, len(report.faults)
    )


def _last() -> object:
    """The newest entry of the trail: keys are UUIDv7, so later ones are greater."""
    with system_session("drill restore: the last entry") as session:
        return session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1))
