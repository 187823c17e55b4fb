"""`caseapp drill crash`: kill -9 at random moments while people write, on a database of its own."""

import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import flask_migrate
import sqlalchemy as sa

from caseapp import config, create_app
from caseapp.cli.demo.generate import generate
from caseapp.cli.demo.places import PASSWORD
from caseapp.cli.drill import postgres
from caseapp.cli.drill.crash.play import Cast, Outcome, Play
from caseapp.core import clock
from caseapp.extensions import db

MIX = {  # of a hundred kills
    "sqlite": {"worker": 50, "server": 35, "sealer": 15},
    "postgresql": {"worker": 25, "server": 20, "sealer": 15, "postgresql": 25, "connection": 15},
}
DURABLE = {"max_connections": "60", "shared_buffers": "32MB"}  # what decides on loss stands as it is installed
SMALL = 60  # people in the database that is made for it


@click.command("crash")
@click.option("--kills", type=click.IntRange(1, 10_000), default=200, show_default=True, help="On each engine.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--engine", "engines", type=click.Choice(list(MIX)), multiple=True, help="Both unless told otherwise.")
def command(kills: int, seed: int, engines: tuple[str, ...]) -> None:
    """Kill -9 the server, its workers, the sealer and PostgreSQL at random moments under writes; look at everything after.

    Makes a database of invented people in a folder of its own and removes it. No power cut is played: what the disk itself loses
    is not seen by this.
    """
    faults = 0
    for engine in engines or tuple(MIX):
        with tempfile.TemporaryDirectory(prefix="caseapp-crash-") as name:
            found = _engine(engine, Path(name), kills, seed)
        click.echo(found.line())
        for words in found.faults[:20]:
            click.echo(f"  {words}", err=True)
        faults += len(found.faults)
    if faults:
        raise SystemExit(1)


def _engine(engine: str, folder: Path, kills: int, seed: int) -> Outcome:
    with _database(engine, folder) as (address, server):
        environment = {"CASEAPP_ENV": "demo", "CASEAPP_INSTANCE": str(folder / "instance"), "CASEAPP_DATABASE_URL": address}
        with create_app(config.from_environment({**os.environ, **environment})).app_context():
            flask_migrate.upgrade()
            generate(seed, clock.today(), SMALL, lambda _words: None, 0)
            db.session.remove()
            people = tuple((name, PASSWORD, _home(name)) for name in ("worker", "worker2", "worker3"))
            mix = MIX[engine]
            list_of = random.Random(seed).choices(list(mix), list(mix.values()), k=kills)
            return Play(environment, folder, Cast(people), seed, server).run(list_of, click.echo)


def _home(username: str) -> str:
    """A village of the township where somebody's station stands."""
    query = sa.text(
        "SELECT d.code FROM division d JOIN organisation o ON o.division_code = d.parent_code JOIN grant_place p ON p.organisation_id = o.id "
        'JOIN "grant" g ON g.id = p.grant_id JOIN "user" u ON u.id = g.user_id WHERE u.username = :name ORDER BY d.code LIMIT 1'
    )
    with db.engine.connect() as connection:
        return str(connection.execute(query, {"name": username}).scalar_one())


@contextmanager
def _database(engine: str, folder: Path) -> Iterator[tuple[str, postgres.Server | None]]:
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'crash.sqlite3'}", None
        return
    programs = postgres.binaries()
    if programs is None:
        raise click.ClickException("There are no programs of a PostgreSQL server on this machine.")
    place = folder / "postgresql"
    place.mkdir()
    server = postgres.Server(place, programs, DURABLE)
    server.make()
    server.start()
    try:
        admin = sa.create_engine(f"{server.address}/postgres", isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with admin.connect() as connection:
            connection.execute(sa.text("CREATE DATABASE crash"))
        yield f"{server.address}/crash", server
    finally:
        server.stop()
