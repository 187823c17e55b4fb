"""`caseapp bench wall`: what row-level security costs PostgreSQL: the reads of each page as the owner sends them, and as the request does."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click
from flask import Flask
from sqlalchemy import select

from caseapp import config, create_app
from caseapp.access import guard, identity
from caseapp.access.system import system_session
from caseapp.cli.bench.meter import Meter
from caseapp.cli.bench.pages import pages
from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.organisation import Grant, User

MEASURED = (  # those of a worker, who reads files
    "today", "client list", "search", "client file", "case file", "visit form", "station figures",
)  # fmt: skip


@click.command("wall")
@click.option("--database-url", required=True, help="PostgreSQL, with a demo that `caseapp bench` has made.")
@click.option("--times", type=click.IntRange(3, 1000), default=30, show_default=True, help="The quickest of so many counts.")
def command(database_url: str, times: int) -> None:
    """Measure what the policies cost: seconds in the database for the reads of a worker's pages, with and without them."""
    if not database_url.startswith("postgresql"):
        raise click.ClickException("SQLite has no policies to be measured.")
    app = create_app(replace(config.from_environment({**os.environ, "CASEAPP_ENV": "demo"}), database_url=database_url))
    found = []
    with Meter().attached() as meter:
        for name, prepare in pages(app):
            if name in MEASURED:
                prepare()()
                found.append((name, *_both(app, meter.once(prepare()).statements, times)))
    click.echo(f"{'page':<16}{'statements':>12}{'owner ms':>10}{'walled ms':>11}{'ratio':>8}")
    for name, count, plain, walled in found:
        click.echo(f"{name:<16}{count:>12}{plain * 1000:>10.2f}{walled * 1000:>11.2f}{walled / plain:>8.2f}")
    click.echo("bench wall " + " ".join(f"{name.replace(' ', '_')}={walled / plain:.2f}" for name, _n, plain, walled in found))


def _both(app: Flask, statements: list[tuple[str, Any]], times: int) -> tuple[int, float, float]:
    """(reads, seconds as the owner, seconds under the policies), by turns, so that both have the same machine."""
    reads = [(text, values) for text, values in statements if text.lstrip().upper().startswith(("SELECT", "WITH"))]
    least = {True: float("inf"), False: float("inf")}
    with app.app_context():
        for turn in range(2 * times):
            is_owner = turn % 2 == 0
            with _as_owner() if is_owner else _as_worker() as session:
                cursor: Any = session.connection().connection.cursor()
                least[is_owner] = min(least[is_owner], _seconds(cursor, reads))
                cursor.close()
    return len(reads), least[True], least[False]


def _as_owner() -> Any:
    return system_session("bench: the same reads", owner=True)


@contextmanager
def _as_worker() -> Iterator[Any]:
    """The session of a request of the demo's `worker`, whose pages these are."""
    with system_session("bench: who") as session:
        user = session.scalars(select(User.id).where(User.username == "worker")).one()
        grant = session.scalars(select(Grant.id).where(Grant.user_id == user)).first()
        actor = identity.for_grant(session, user, grant, clock.today()) if grant else None
    guard.bind(db.session, actor)
    yield db.session
    db.session.rollback()
    guard.bind(db.session, None)


def _seconds(cursor: Any, reads: list[tuple[str, Any]]) -> float:
    start = time.perf_counter()
    for text, values in reads:
        cursor.execute(text, values)
        cursor.fetchall()
    return time.perf_counter() - start
