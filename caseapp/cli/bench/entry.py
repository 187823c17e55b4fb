"""`caseapp bench`: makes a demo of a stated size where there is none, measures, prints a table and one line of figures."""

import os
from dataclasses import replace

import click
import flask_migrate
from flask import Flask

from caseapp import config, create_app
from caseapp.cli import mark
from caseapp.cli.bench.meter import Figure, Meter, measure
from caseapp.cli.bench.pages import pages
from caseapp.cli.demo.generate import generate
from caseapp.cli.parts import Named
from caseapp.core import clock
from caseapp.extensions import db, intent

Figures = dict[str, Figure]
BENCHES = {
    "attack": ("caseapp.cli.bench.attack", "command", "What the gate of the figures costs on an invented province."),
    "protect": ("caseapp.cli.bench.protect", "command", "What the protection of the figures costs on an invented province."),
    "dashboard": ("caseapp.cli.bench.dashboard", "command", "What a bureau's desk costs over one quarter and over eight."),
    "wall": ("caseapp.cli.bench.wall", "command", "What row-level security costs PostgreSQL for the reads of a worker's pages."),
    "refresh": ("caseapp.cli.bench.refresh", "command", "What counting a province costs, whole and after a day's work."),
}


@click.group("bench", cls=Named, parts=BENCHES, invoke_without_command=True)
@click.option(
    "--clients",
    "sizes",
    type=click.IntRange(300, 1_000_000),
    multiple=True,
    default=(10_000,),
    help="How many people; twice for growth.",
)
@click.option("--database-url", help="Another engine; {clients} in it is replaced by the size. Must be empty or a demo.")
@click.option(
    "--times", type=click.IntRange(3, 1000), default=30, show_default=True, help="Requests per page; the median counts."
)
@click.pass_context
def command(ctx: click.Context, sizes: tuple[int, ...], database_url: str | None, times: int) -> None:
    """Measure pages through the whole app on databases of stated sizes; or one of the commands below."""
    if ctx.invoked_subcommand:
        return
    found: dict[int, Figures] = {}
    try:
        for clients in sizes:
            found[clients] = run(_settings(database_url, clients), clients, times)
    except config.BadSettings as error:
        raise click.ClickException(str(error)) from error
    for line in report(found):
        click.echo(line)


def _settings(database_url: str | None, clients: int) -> config.Settings:
    """Those of a demo, with a database of its own for each size."""
    settings = config.from_environment({**os.environ, "CASEAPP_ENV": "demo"})
    url = database_url or f"sqlite:///{settings.instance / 'bench-{clients}.sqlite3'}"
    return replace(settings, database_url=url.replace("{clients}", str(clients)))


def run(settings: config.Settings, clients: int, times: int) -> Figures:
    """Every page on one database, which is made first when it is empty."""
    app = create_app(settings)
    with app.app_context():
        intent.set("write")
        mark.require_fitting(settings)
        _provide(clients)
        db.session.remove()
    return figures(app, times)


def _provide(clients: int) -> None:
    known = mark.find()
    if known is None:
        flask_migrate.upgrade()
        generate(1, clock.today(), clients, lambda line: click.echo(line, err=True))
    elif known.clients != clients or not known.is_complete:
        raise config.BadSettings(f"This database holds a demo of {known.clients} people: name another.")


def figures(app: Flask, times: int) -> Figures:
    """Each page, measured."""
    with Meter().attached() as meter:
        found = {}
        for name, prepare in pages(app):
            found[name] = measure(app, meter, name, prepare, times)
    return found


def report(found: dict[int, Figures]) -> list[str]:
    """A table per size, growth where two sizes were measured, and one line to keep."""
    lines, short = [], []
    first = next(iter(found.values()))
    for clients, rows in found.items():
        empty = rows["empty page"].cpu
        lines.append(f"{clients} people on file")
        lines.append(
            f"{'page':<14}{'CPU ms':>9}{'slowest':>9}{'statements':>12}{'plain SQL ms':>14}{'x plain':>9}{'x empty':>9}{'rules ms':>10}{'growth':>8}"
        )
        for name, row in rows.items():
            growth = f"{row.cpu / first[name].cpu:.2f}" if rows is not first else ""
            plain = f"{row.cpu / row.plain:.1f}" if row.plain >= 0.05 else "-"
            lines.append(
                f"{name:<14}{row.cpu:>9.1f}{row.slowest:>9.1f}{row.statements:>12}{row.plain:>14.2f}{plain:>9}{row.cpu / empty:>9.2f}"
                f"{row.rules:>10.2f}{growth:>8}"
            )
            short.append(f"{clients}.{name.replace(' ', '_')}={row.cpu:.1f}/{row.statements}")
        lines.append("")
    lines.append("bench " + " ".join(short))
    return lines
