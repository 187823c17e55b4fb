"""`caseapp keys`: what lies under which data key, and how everything comes under a new one while people work."""

import time

import click

from caseapp.access.permissions import Permission
from caseapp.adapters import keys as ring
from caseapp.cli.shared import acting, by_whom, done, in_app, why
from caseapp.extensions import db
from caseapp.services.trust import audit
from caseapp.services.trust import keys as service


@click.group("keys")
def keys() -> None:
    """Data keys and blind indexes: status, rotate, rebuild.

    A new key is put in front of CASEAPP_DATA_KEYS (`3:KEY,2:OLD`) and every process is started anew; then `rotate`, which may be
    stopped and called again. A key may go from the list when `status` counts nothing under it and no backup under it is needed.
    """


@keys.command()
@in_app
def status() -> None:
    """How many sealed fields lie under which key; reads every table."""
    found = service.status()
    known = ring.ring().numbers()
    for number in sorted({*known, *found.fields}, key=lambda one: (one not in known, -one)):
        where = "newest" if number == ring.ring().newest else "older" if number in known else "MISSING FROM CASEAPP_DATA_KEYS"
        held = f" in {', '.join(found.tables[number])}" if number in found.tables and number != ring.ring().newest else ""
        click.echo(f"key {number} ({where}): {found.fields.get(number, 0)} fields{held}")
    words = "all rebuilt under the newest blind key" if found.blind_done else "never rebuilt under the blind key of now"
    click.echo(f"blind indexes: {words}")
    if any(number not in known for number in found.fields):
        raise SystemExit(1)


@keys.command()
@by_whom
@why
@in_app
def rotate(username: str, reason: str) -> None:
    """Bring every sealed field under the newest data key; goes on where it was stopped."""
    _carry_out("keys rotate", "keys.rotated", service.rotate, username, reason)


@keys.command()
@by_whom
@why
@in_app
def rebuild(username: str, reason: str) -> None:
    """Reckon every blind index anew under the newest of CASEAPP_BLIND_KEYS; goes on where it was stopped."""
    _carry_out("keys rebuild", "keys.rebuilt", service.rebuild, username, reason)


def _carry_out(endpoint: str, event: str, work: object, username: str, reason: str) -> None:
    acting(username, Permission.KEYS_ROTATE, endpoint)
    db.session.rollback()  # nothing is held while it runs
    begun = time.monotonic()
    outcome: service.Outcome = work(click.echo)  # type: ignore[operator]
    audit.record(db.session, event, reason=reason)
    done()
    click.echo(f"{sum(outcome.written.values())} rows written anew in {time.monotonic() - begun:.1f} s")
    if outcome.shut:
        where = ", ".join(f"{count} of {name}" for name, count in outcome.shut.items())
        raise click.ClickException(f"Rows that do not open, left as they are: {where}. A key is missing, or they were altered.")
