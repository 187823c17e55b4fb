"""`caseapp demo`: makes the demo where there is none, serves it, and says who can sign in."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import flask_migrate
from flask import Flask

from caseapp import config, create_app
from caseapp.cli import mark
from caseapp.cli.demo.generate import RELEASED, generate
from caseapp.cli.demo.places import PASSWORD
from caseapp.core import clock
from caseapp.extensions import db

ACCOUNTS = (
    ("worker", "worker2", "worker3"),
    ("head",),
    ("supervisor",),
    ("township",),
    ("county", "county2", "city", "province", "province2"),
    ("sysadmin", "secadmin", "auditor"),
    ("contractor", "evaluator"),
)


@click.command("demo")
@click.option("--seed", type=int, default=1, show_default=True, help="The same number makes the same people.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the demo stands; default is today.")
@click.option("--clients", type=click.IntRange(40, 1_000_000), default=3000, show_default=True, help="How many people on file.")
@click.option("--quarters", type=click.IntRange(1, 8), default=RELEASED, show_default=True, help="How many are published.")
@click.option("--fresh", is_flag=True, help="Start over, even where there is a demo already.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to answer on; else PORT, else 8000.")
@click.option("--no-serve", is_flag=True, help="Only make it.")
def command(seed: int, today: Any, clients: int, quarters: int, fresh: bool, port: int | None, no_serve: bool) -> None:
    """Make the demo where there is none, serve it on this machine, print the accounts."""
    try:
        settings = config.from_environment()
        if not settings.is_demo:
            raise config.BadSettings("The demo needs CASEAPP_ENV=demo; `python3 dev.py demo` sets it.")
        app = create_app(settings)
        with app.app_context():
            _provide(settings, seed, today.date() if today else None, clients, quarters, fresh=fresh)
            db.session.remove()
            db.engine.dispose()
    except config.BadSettings as error:
        raise click.ClickException(str(error)) from error
    if not no_serve:
        _serve(app, settings, port)


def _provide(settings: config.Settings, seed: int, today: date | None, clients: int, quarters: int, *, fresh: bool) -> None:
    """Makes sure that there is a complete demo."""
    mark.require_fitting(settings)
    known = mark.find()
    if known is not None and known.is_complete and not fresh:
        flask_migrate.upgrade()
        click.echo(f"Using the demo made for {known.today} with {known.clients} people (seed {known.seed}).")
        if known.is_old:
            click.echo("It is older than a week, so much of it is overdue: --fresh makes a new one.")
        return
    if known is not None:
        _empty(settings)
    start = time.perf_counter()
    flask_migrate.upgrade()
    click.echo(f"Making a demo with {clients} invented people …")
    made = time.perf_counter()
    generate(seed, today or clock.today(), clients, click.echo, quarters)
    click.echo(f"Made in {time.perf_counter() - start:.0f} s ({clients / (time.perf_counter() - made):.0f} people a second).")


def _empty(settings: config.Settings) -> None:
    """Takes everything out of a database that is marked as a demo."""
    db.session.remove()
    if settings.is_sqlite:
        db.engine.dispose()
        path = db.engine.url.database
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{path}{suffix}").unlink()
        return
    flask_migrate.downgrade(revision="base")


def _serve(app: Flask, settings: config.Settings, port: int | None) -> None:
    from caseapp.cli.serve import run

    settings = replace(settings, port=port or settings.port)

    def tell(address: str) -> None:
        click.echo(f"\ncaseapp answers on {address}. Accounts, all with the password {PASSWORD}:")
        for line in ACCOUNTS:
            click.echo(f"  {'  '.join(line)}")
        click.echo("Ctrl+C ends it; run the same command again and it starts with what is there.", nl=True)

    run(settings, tell)
