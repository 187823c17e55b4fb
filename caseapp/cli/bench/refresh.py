"""`caseapp bench refresh`: what counting a quarter of a province costs, whole and after one day's work."""

import os
import resource
import time
from dataclasses import replace

import click
import flask_migrate
import sqlalchemy as sa

from caseapp import config, create_app, domains
from caseapp.access import guard
from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.cli import mark
from caseapp.cli.bench import crowd
from caseapp.cli.bench.spent import Watch
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.periods import Quarter
from caseapp.extensions import db, intent
from caseapp.models.organisation import Organisation, User
from caseapp.queries.statistics.station import counts
from caseapp.reference.statistics import newest
from caseapp.services.statistics.refresh import refresh

FULL = 385_000  # people of a province


@click.command("refresh")
@click.option("--database-url", required=True, help="An empty PostgreSQL database, or one that this made before.")
@click.option("--clients", type=click.IntRange(1000, 2_000_000), default=FULL, show_default=True)
@click.option("--visits", type=click.IntRange(1000, 10_000_000), default=1_200_000, show_default=True, help="In a year.")
def command(database_url: str, clients: int, visits: int) -> None:
    """Measure the refresh of the running quarter of a province: whole, with nothing new, after a day's work.

    A day is 2,000 visits at 300 of the 960 stations of a province of 385,000, and as many less in a smaller one.
    """
    if not database_url.startswith("postgresql"):
        raise click.ClickException("This is measured on PostgreSQL.")
    settings = replace(config.from_environment({**os.environ, "CASEAPP_ENV": "demo"}), database_url=database_url)
    with create_app(settings).app_context():
        intent.set("write")
        _provide(settings, clients, visits)
        quarter, watch, told, facts = Quarter.of(clock.today()), Watch(db.engine), [], 0
        for name, whole in (("whole", True), ("nothing new", False), ("a day", False)):
            if name == "a day":
                with system_session("bench: a day", write=True, owner=True) as session:
                    crowd.a_day(session, clients, round(2000 * clients / FULL))
            before = watch.now()
            facts = refresh(quarter, whole=whole)
            told.append(f"{name} {watch.now() - before}")
            click.echo(told[-1])
        told.append(f"live {_live(quarter):.2f} s")
        click.echo(told[-1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    click.echo(f"bench refresh, {clients} people, {visits} visits, {facts} facts: {'; '.join(told)}; {peak:.0f} MiB; {load}")


def _live(quarter: Quarter) -> float:
    """Seconds of the live figures on one station's own screen, as its people see them: the third time counts."""
    with system_session("bench: one station") as session:
        worker = session.scalars(sa.select(User.id).limit(1)).one()
        station = session.scalars(
            sa.select(Organisation.path).where(Organisation.kind == "station").order_by(Organisation.path)
        ).first()
    actor = Actor(worker, None, "worker", (str(station),), permissions=frozenset({Permission.STATION_COUNTS}))
    guard.bind(db.session, actor)
    took = 0.0
    for _time in range(3):
        start = time.monotonic()
        counts(actor, domains.measures(), newest(), quarter)
        took = time.monotonic() - start
    db.session.rollback()
    guard.bind(db.session, None)
    return took


def _provide(settings: config.Settings, clients: int, visits: int) -> None:
    mark.require_fitting(settings)
    known = mark.find()
    if known is not None and (known.clients != clients or not known.is_complete):
        raise click.ClickException(f"This database holds another {known.clients} people: name another.")
    if known is None:
        flask_migrate.upgrade()
        start = time.monotonic()
        with system_session("bench: a province", write=True, owner=True) as session:
            province = crowd.build(session, clients, visits)
            mark.begin(session, province, 1, clock.today(), clients)
            session.flush()
            mark.finish(session, province)
        click.echo(f"written in {time.monotonic() - start:.0f} s", err=True)
