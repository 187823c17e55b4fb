"""Whether the trail is whole and sealed, and whether there is a backup that is young enough."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select

from caseapp.adapters import backup as backups
from caseapp.adapters import keys
from caseapp.cli.doctor.database import connected, seconds
from caseapp.cli.doctor.finding import Finding, Level
from caseapp.config import Settings
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.models.trust import AuditEntry, AuditSeal, AuditWaiting
from caseapp.services.trust import seal

QUICK = 50_000  # entries that are added up without being asked for: a few seconds
LATE = timedelta(minutes=2)  # for an entry without a seal while a process serves
DAILY, WEEKLY = timedelta(hours=26), timedelta(days=8)
REMEMBERED = timedelta(days=90)


def trail(is_whole: bool) -> Iterator[Finding]:
    """The chain of seals: all of it where it is short or asked for, else the newest seal."""
    with connected() as connection:
        query = (
            select(AuditSeal.last, AuditSeal.head, AuditSeal.key, AuditSeal.signature).order_by(AuditSeal.batch.desc()).limit(1)
        )
        newest = connection.execute(query).first()
        waits = select(func.min(AuditEntry.at)).where(AuditEntry.id.in_(select(AuditWaiting.entry_id)))
        oldest = connection.scalar(waits)
    if oldest is not None and clock.now() - oldest > LATE:
        words = _(
            "Entries of the trail wait for their seal since %(count)s s: does `caseapp serve` run?",
            count=seconds(clock.now() - oldest),
        )
        yield Finding(Level.LOOK, words)
    if newest is not None and newest.last > QUICK and not is_whole:
        if keys.is_signed(bytes(newest.key), bytes(newest.head), bytes(newest.signature)):
            words = _("The newest seal of the trail holds; --whole-trail adds up all %(count)s entries.", count=newest.last)
            yield Finding(Level.FINE, words)
        else:
            yield Finding(Level.BROKEN, _("The newest seal of the trail does not hold: run `caseapp audit verify`."))
        return
    report = seal.verify()
    if report.faults:
        words = _("The trail was changed: %(count)s faults. `caseapp audit verify` says where.", count=len(report.faults))
        yield Finding(Level.BROKEN, words)
    else:
        yield Finding(Level.FINE, _("The trail is whole: %(count)s entries.", count=report.entries))


def saved(settings: Settings) -> Iterator[Finding]:
    """The newest backup: of the folder where it is known, else as the trail remembers it."""
    found = backups.newest(settings.backups) if settings.backups else backups.Newest(None, _remembered())
    if found.unread:
        words = _("%(count)s newer files among the backups do not open under the keys of now.", count=found.unread)
        yield Finding(Level.LOOK, words)
    if found.made_at is None:
        yield Finding(
            Level.BROKEN if settings.env == "production" else Level.LOOK,
            _("There is no backup. `caseapp backup` makes one; let it run every night, onto another disk."),
        )
        return
    age = clock.now() - found.made_at
    level = Level.BROKEN if age > WEEKLY else Level.LOOK if age > DAILY else Level.FINE
    hours = round(age.total_seconds() / 3600)
    if settings.backups:
        yield Finding(level, _("The newest backup is %(hours)s hours old.", hours=hours))
    else:
        words = _(
            "The newest backup was made %(hours)s hours ago; whether it is still there is not known: set CASEAPP_BACKUPS to its folder.",
            hours=hours,
        )
        yield Finding(max(level, Level.LOOK), words)


def _remembered() -> datetime | None:
    since = clock.now() - REMEMBERED
    query = select(func.max(AuditEntry.at)).where(
        AuditEntry.kind == "event", AuditEntry.event == "backup.made", AuditEntry.at > since
    )
    with connected() as connection:
        return connection.scalar(query)
