"""`caseapp bench dashboard`: what a bureau's desk costs over one quarter and over eight of a whole province's published cells."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import click
import flask_migrate
import numpy as np
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from caseapp import config, create_app
from caseapp.access.system import system_session
from caseapp.cli import mark
from caseapp.cli.bench.meter import Figure, Meter, measure
from caseapp.cli.bench.pages import Visitor
from caseapp.cli.demo.batch import Batch
from caseapp.cli.demo.places import Builder
from caseapp.cli.demo.source import Source
from caseapp.cli.serve import warm
from caseapp.core import clock
from caseapp.core.periods import Quarter
from caseapp.extensions import intent
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatCell, StatRelease
from caseapp.reference.statistics import key_of, newest

SIZES = {"province": 900, "city": 60, "county": 15, "township": 1}  # townships under an area: cells grow with them
HIDDEN = 0.08  # share of the cells that are not shown
PAGES = {
    "desk, province": "/statistics/",
    "desk, rates": "/statistics/?figure=rate",
    "desk, county": "/statistics/?area={county}",
    "table, province": "/statistics/tables/on_file_age",
    "compare, county": "/statistics/compare?area={county}",
    "circular": "/statistics/documents/circular/{period}/sheet",
    "year": "/statistics/documents/yearly/{year}/sheet",
}


@click.command("dashboard")
@click.option(
    "--quarters", "sizes", type=click.IntRange(1, 40), multiple=True, default=(1, 8), help="How many releases; twice for growth."
)
@click.option("--townships", type=click.IntRange(1, 40), default=15, show_default=True, help="With figures, of each county.")
@click.option(
    "--database-url", help="Another engine; {quarters} in it is replaced by their number. Must be empty or made by this."
)
@click.option(
    "--times", type=click.IntRange(3, 1000), default=30, show_default=True, help="Requests per page; the median counts."
)
def command(sizes: tuple[int, ...], townships: int, database_url: str | None, times: int) -> None:
    """Measure the pages of released figures; no person is in these databases, for no page of a bureau reads one."""
    found: dict[int, dict[str, Figure]] = {}
    for quarters in sizes:
        settings = config.from_environment({**os.environ, "CASEAPP_ENV": "demo"})
        url = database_url or f"sqlite:///{settings.instance / 'bench-desk-{quarters}.sqlite3'}"
        app = create_app(replace(settings, database_url=url.replace("{quarters}", str(quarters))))
        cells = _provide(app, quarters, townships)
        first, found[quarters] = _measured(app, times)
        click.echo(f"{quarters} quarters, {cells} cells each; the first request after the start took {first:.0f} ms")
        _print(found[quarters], next(iter(found.values())))
    short = (
        f"{n}.{name.replace(', ', '_')}={row.cpu:.1f}/{row.statements}" for n, rows in found.items() for name, row in rows.items()
    )
    click.echo("bench dashboard " + " ".join(short))


def _print(rows: dict[str, Figure], first: dict[str, Figure]) -> None:
    click.echo(f"{'page':<18}{'CPU ms':>9}{'slowest':>9}{'statements':>12}{'plain SQL ms':>14}{'growth':>8}")
    for name, row in rows.items():
        growth = f"{row.cpu / first[name].cpu:.2f}" if rows is not first else ""
        click.echo(f"{name:<18}{row.cpu:>9.1f}{row.slowest:>9.1f}{row.statements:>12}{row.plain:>14.2f}{growth:>8}")


def _measured(app: Flask, times: int) -> tuple[float, dict[str, Figure]]:
    """Milliseconds of CPU of the very first look at the desk, then every page when it is warm."""
    quarter = Quarter.of(clock.today()).before()
    given = {"county": "222403000000", "period": str(quarter), "year": str(quarter)[:4]}
    warm(app)  # as `serve` does
    reader = Visitor(app, "province")
    start = time.process_time()
    reader.get(PAGES["desk, province"])
    first = (time.process_time() - start) * 1000
    with Meter().attached() as meter:
        asked = {name: partial(reader.get, address.format(**given)) for name, address in PAGES.items()}
        # each request is made by a function of its own, as `measure` wants it
        return first, {name: measure(app, meter, name, partial(_same, job), times) for name, job in asked.items()}


def _same(job: Any) -> Any:
    return job


def _provide(app: Flask, quarters: int, townships: int) -> int:
    """Places, accounts and releases, where the database is empty; how many cells a release has."""
    with app.app_context():
        intent.set("write")
        if mark.find() is None:
            flask_migrate.upgrade()
            batch = Batch()
            world = Builder(Source(1, clock.today()), batch).build(0)
            with system_session("bench: places", write=True, owner=True) as session:
                batch.write(session)
                mark.begin(session, world.province, 1, clock.today(), 0)
            with system_session("bench: releases", write=True) as session:
                quarter = Quarter.of(clock.today())
                for number in range(quarters, 0, -1):
                    quarter = quarter.before()
                    release(session, quarter, number, townships)
                mark.finish(session, world.province)
        with system_session("bench: how many") as session:
            held = list(session.scalars(select(StatRelease.cells)))
        if len(held) != quarters:
            raise click.ClickException(f"This database holds {len(held)} releases: name another.")
        return held[0]


def release(session: Session, quarter: Quarter, number: int, townships: int) -> None:
    """A release with every cell of the catalogue for every office that has figures, numbers by chance: they do not add up."""
    dice, catalogue = np.random.default_rng(number), newest()
    made = StatRelease(
        period=str(quarter),
        number=number,
        catalogue_version=catalogue.version,
        cut_off_on=quarter.last_day + timedelta(days=catalogue.cut_off_days),
        published_at=clock.now(),
        cells_sha256="0" * 64,
        cells=0,
        hidden=0,
    )
    rows: list[dict[str, Any]] = []
    areas = list(_areas(session, townships))
    for table in catalogue.tables:
        for area in areas:
            if area["area_level"] in table.levels:
                for dims in ({}, *(table.dims(*(value.code for value in values)) for values in table.cells())):
                    drawn = int(dice.integers(5, 40)) * SIZES[area["area_level"]]
                    shown = "*" if dims and dice.random() < HIDDEN else f"{drawn % 100}.0" if table.derived else str(drawn)
                    place = {"position": len(rows), "dims": dims or None, "dims_key": key_of(dims), "table": table.code}
                    rows.append({**area, **place, "shown": shown})
    made.cells, made.hidden = len(rows), sum(row["shown"] == "*" for row in rows)
    session.add(made)
    session.flush()
    session.execute(insert(StatCell), [{**row, "release_id": made.id} for row in rows])


def _areas(session: Session, townships: int) -> Iterator[dict[str, Any]]:
    """The offices of the province down to some townships of each county, in the order of the tree."""
    kinds = ("province", "city", "county", "township")
    query = select(Organisation.kind, Organisation.path, Organisation.short_name, Organisation.division_code)
    codes: dict[str, str | None] = {}
    taken: dict[str, int] = {}
    for kind, path, name, code in session.execute(query.where(Organisation.kind.in_(kinds)).order_by(Organisation.path)):
        above = path[: path.rindex("/", 0, -1) + 1]
        taken[above] = taken.get(above, 0) + 1
        if kind != "township" or taken[above] <= townships:
            codes[path] = code
            parent = codes.get(above)
            yield {"area": code, "area_level": kind, "area_path": path, "area_name": name, "parent_area": parent}
