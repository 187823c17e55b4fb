"""`caseapp serve`: Granian in front of the app, one worker with threads unless told otherwise."""

import multiprocessing
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from caseapp.adapters import metrics
from caseapp.cli import catalogues, mark, sealing, worker
from caseapp.cli.shared import app
from caseapp.config import BadSettings, Settings
from caseapp.extensions import db
from caseapp.reference.statistics import tiles, versions

THREADS = 4
WAIT = 60.0
FIRST_SEEN = ("base.html", "macros/", "account/", "today/", "statistics/")  # templates of whoever comes first


def factory() -> object:
    """The app, made anew in each worker process; each looks after the seals of the trail, one at a time does the work."""
    made = app(serving=True)
    warm(made)
    sealing.start(made)
    return made


def warm(made: Flask) -> None:
    """Reads what the first look at a desk needs: templates are compiled here and not while somebody waits."""
    for name in made.jinja_env.list_templates(filter_func=lambda name: name.startswith(FIRST_SEEN)):
        made.jinja_env.get_template(name)
    versions()
    tiles()


def run(settings: Settings, on_ready: Callable[[str], None] | None = None, *, begins: str = "spawn") -> None:
    """Serves until it is stopped; `on_ready` is called with the address once the first answer came.

    `begins` is how workers begin; "fork" is for a process without other threads.
    """
    catalogues.make_ready()
    metrics.share(settings.instance / "metrics")
    # a forked worker inherits locks that other threads hold, import locks among them, and may never answer (seen: the
    # thread below was importing while Granian forked); a spawned one starts clean, as on Windows and macOS
    multiprocessing.set_start_method(begins, force=True)
    address = f"http://{settings.host}:{settings.port}"
    if on_ready is not None:
        threading.Thread(target=_call_when_ready, args=(address, on_ready), daemon=True).start()
    Granian(
        "caseapp.cli.serve:factory",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        log_access=False,
    ).serve()


def _call_when_ready(address: str, on_ready: Callable[[str], None]) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310 - our own address
                on_ready(address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)


def checked() -> Settings:
    """The settings, refused with a sentence before any worker starts when they or the database do not fit."""
    made = app()
    settings: Settings = made.config["SETTINGS"]
    with made.app_context():
        try:
            mark.require_fitting(settings)
        except BadSettings as error:
            raise click.ClickException(str(error)) from error
        finally:
            db.engine.dispose()
    return settings


@click.command()
def serve() -> None:
    """Serve pages and API on HOST and PORT with WORKERS processes, and one beside them for long work."""
    settings = checked()
    if settings.env == "production":  # elsewhere work is done at once
        worker.beside()
    run(settings, lambda address: click.echo(f"caseapp answers on {address}"))
