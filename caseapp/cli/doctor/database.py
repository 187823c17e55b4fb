"""What the database says of itself: migrations, clock, whether stored fields open, whether what is written stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, func, select

from caseapp.access.system import system_session
from caseapp.adapters import backup as backups
from caseapp.adapters import figures, keys, rights, schema
from caseapp.cli.doctor.finding import Finding, Level
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.models.trust import AuditEntry
from caseapp.services.trust.keys import sealed

APART = timedelta(seconds=3)  # between the clocks of two machines
PICKED = 5  # rows from either end of a table


@contextmanager
def connected() -> Iterator[Connection]:
    """A connection that reads, every row."""
    with system_session("doctor") as session:
        yield session.connection()


def migrations() -> Iterator[Finding]:
    """Whether the tables are those of this program."""
    fault = schema.fault()
    if fault is None:
        yield Finding(Level.FINE, _("The tables are those of this version."))
    else:
        yield Finding(Level.BROKEN, _("The tables are not those of this version: %(fault)s.", fault=fault))


def clocks() -> Iterator[Finding]:
    """Whether this machine's clock agrees with the database's, and with the newest entry of the trail."""
    now, level = clock.now(), Level.FINE
    with connected() as connection:
        newest = connection.scalar(select(func.max(AuditEntry.at)))
        if connection.dialect.name == "postgresql":
            there = connection.scalar(select(func.clock_timestamp()))
            if there is not None and abs(there - clock.now()) > APART:
                level = Level.LOOK
                yield Finding(
                    level, _("The clocks of this machine and of the database are %(count)s s apart.", count=seconds(there - now))
                )
    if newest is not None and newest - now > APART:
        level = Level.BROKEN
        words = _("The clock went back: the newest entry of the trail is %(count)s s ahead of it.", count=seconds(newest - now))
        yield Finding(level, words)
    if level == Level.FINE:
        here = clock.local(now).strftime("%Y-%m-%d %H:%M")
        yield Finding(level, _("The clock says %(time)s in Shanghai, and nothing speaks against it.", time=here))


def seconds(length: timedelta) -> int:
    """Whole seconds, without a sign."""
    return abs(round(length.total_seconds()))


def sealed_rows() -> Iterator[Finding]:
    """Whether sealed fields open under the keys of now: some of the oldest and of the newest of every table that has any."""
    opened, shut = 0, set()
    with connected() as connection:
        for table, key, columns in sealed():
            for order in (key, key.desc()):
                for row in connection.execute(select(key, *columns).order_by(order).limit(PICKED)).all():
                    for column, raw in zip(columns, row[1:], strict=True):
                        try:
                            if raw is not None:
                                keys.ring().open(bytes(raw), keys.bound(table.name, column.name, row[0]))
                                opened += 1
                        except (InvalidTag, KeyError):
                            shut.add(table.name)
    if shut:
        words = _(
            "Sealed fields do not open under CASEAPP_DATA_KEYS, in: %(tables)s. A key is missing.", tables=", ".join(sorted(shut))
        )
        yield Finding(Level.BROKEN, words)
    else:
        yield Finding(Level.FINE, _("%(count)s sealed fields, the oldest and the newest, open under the keys.", count=opened))


def durable() -> Iterator[Finding]:
    """PostgreSQL: whether what was acknowledged survives a power cut, and whether backups can be made from here."""
    if db.engine.dialect.name != "postgresql":
        return
    with connected() as connection:
        off = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if _shown(connection, name) == "off"]
        left = [
            name
            for name in connection.execute(sa.text("SELECT datname FROM pg_database")).scalars()
            if f"_{backups.MARK}_" in name
        ]
    if off:
        words = _("What is saved may be lost when the power fails: PostgreSQL runs with %(names)s off.", names=", ".join(off))
        yield Finding(Level.BROKEN, words)
    else:
        yield Finding(Level.FINE, _("PostgreSQL writes down what it acknowledges."))
    if left:
        words = _(
            "Left over from a backup that was broken off: %(names)s. Delete it when none is running.", names=", ".join(left)
        )
        yield Finding(Level.LOOK, words)
    if not backups.has_programs():
        yield Finding(Level.LOOK, _("pg_dump and pg_restore are not on this machine: no backup can be made from here."))


def _shown(connection: Connection, name: str) -> str:
    return str(connection.scalar(select(func.current_setting(name))))


def wall() -> Iterator[Finding]:
    """PostgreSQL: whether the second wall stands, and whether the login itself could step over it."""
    if db.engine.dialect.name != "postgresql":
        return
    fault = rights.fault()
    if fault is not None:
        yield Finding(Level.BROKEN, _("The wall in the database does not stand: %(fault)s", fault=fault))
    elif rights.can_step_over():
        words = _(
            "The wall in the database stands, but the login of CASEAPP_DATABASE_URL owns the tables and could take it off: give "
            "the program a login of its own."
        )
        yield Finding(Level.LOOK, words)
    else:
        yield Finding(Level.FINE, _("The database itself shows each request its own rows only."))


def figures_role() -> Iterator[Finding]:
    """Whether bureaus read figures through an engine that sees nothing else."""
    fault = figures.fault()
    if fault is None:
        yield Finding(Level.FINE, _("Bureaus read published figures, through an engine that sees nothing else."))
    else:
        yield Finding(Level.BROKEN, _("Bureaus cannot read figures as they should: %(fault)s", fault=fault))
