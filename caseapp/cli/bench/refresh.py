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
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.periods import Quarter
from caseapp.extensions import db, intent
from caseapp.models.organisation import Organisation, User
from caseapp.queries.statistics.station import counts
from caseapp.reference.statistics import newest
from caseapp.services.statistics.refresh import refresh


@click.command("refresh")
@click.option("--database-url", required=True, help="An empty PostgreSQL database, or one that this made before.")
@click.option("--clients", type=click.IntRange(1000, 2_000_000), default=385_000, show_default=True)
@click.option("--visits", type=click.IntRange(1000, 10_000_000), default=1_200_000, show_default=True, help="In a year.")
def command(database_url: str, clients: int, visits: int) -> None:
    """Measure the refresh of the running quarter of a province: whole, with nothing new, after 2,000 visits at 300 stations."""
    if not database_url.startswith("postgresql"):
        raise click.ClickException("This is measured on PostgreSQL.")
    settings = replace(config.from_environment({**os.environ, "CASEAPP_ENV": "demo"}), database_url=database_url)
    with create_app(settings).app_context():
        intent.set("write")
        _provide(settings, clients, visits)
        quarter, seconds = Quarter.of(clock.today()), {}
        facts = 0
        for name, whole in (("whole", True), ("nothing_new", False), ("a_day", False)):
            if name == "a_day":
                with system_session("bench: a day", write=True, owner=True) as session:
                    crowd.a_day(session, clients, visits + int(time.time()), 2000)
            start = time.monotonic()
            facts = refresh(quarter, whole=whole)
            seconds[name] = time.monotonic() - start
            click.echo(f"{name:<12} {seconds[name]:7.1f} s")
        seconds["live"] = _live(quarter)
        click.echo(f"{'live':<12} {seconds['live']:7.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = " ".join(f"{name}={value:.2f}" for name, value in seconds.items())
    click.echo(f"bench refresh clients={clients} visits={visits} facts={facts} {told} peak_mb={peak:.0f}")


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
