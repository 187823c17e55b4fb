"""`caseapp bench protect`: what the protection of a release costs on an invented province, in time and in cells not shown."""

import resource
import time
from collections.abc import Mapping
from typing import Any

import click

from caseapp.cli.bench import province
from caseapp.reference.statistics import Catalogue, newest
from caseapp.services.statistics.protection import Asked, protect

PERIOD = "2026Q3"


@click.command("protect")
@click.option("--cities", type=click.IntRange(1, 40), default=10, show_default=True)
@click.option("--counties", type=click.IntRange(1, 40), default=6, show_default=True, help="Of a city.")
@click.option("--townships", type=click.IntRange(1, 100), default=15, show_default=True, help="Of a county, one station in each.")
@click.option(
    "--persons",
    type=click.IntRange(31, 10_000),
    default=province.PERSONS,
    show_default=True,
    help="On file at a station, in the mean.",
)
@click.option(
    "--contract", type=click.IntRange(0, 1000), default=0, show_default=True, help="Stations of one contractor; 0: none."
)
@click.option("--insiders/--outsider", default=True, show_default=True, help="Against every station and contractor too.")
@click.option("--seed", type=int, default=1, show_default=True)
def command(cities: int, counties: int, townships: int, persons: int, contract: int, insiders: bool, seed: int) -> None:
    """Protect one province of a stated size; no database is asked."""
    catalogue, areas = newest(), province.areas(cities, counties, townships)
    facts = province.facts(catalogue, PERIOD, areas, seed, persons)
    stations = sorted({fact.station for fact in facts})
    contractors = {station: f"c{place // contract}" for place, station in enumerate(stations)} if contract else {}
    started, used = time.monotonic(), time.process_time()
    asked = Asked(contractors=contractors, insiders=insiders, secret=b"bench")
    plan = protect(catalogue, PERIOD, areas, province.chains(areas), facts, asked)
    wall, cpu = time.monotonic() - started, time.process_time() - used
    for table, levels in plan.loss.items():
        told = "  ".join(f"{level} {held['hidden']}/{held['cells']} {held['percent']} %" for level, held in levels.items())
        click.echo(f"{table:28}{told}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(
        f"protect {cities * counties} x {townships} x {persons}, seed {seed}, {'insiders' if insiders else 'outsider'}: {wall:.0f} s"
        f" ({cpu:.0f} s CPU), {memory:.0f} MiB, hidden {line(catalogue, plan.loss)}, certificate {len(plan.certificate) / 1e6:.1f} MB"
    )


def line(catalogue: Catalogue, loss: Mapping[str, Any]) -> str:
    """The shares of cells that are not shown: one-way tables at townships, everything at the county and above."""
    crossed = {table.code for table in catalogue.tables if table.crossed}
    low, high = [0, 0], [0, 0]
    for table, levels in loss.items():
        for level, held in levels.items():
            if level != "township" or table not in crossed:
                into = low if level == "township" else high
                into[0] += held["hidden"]
                into[1] += held["cells"]
    return f"township {share(low)}, county and above {share(high)}"


def share(told: list[int]) -> str:
    """Of hidden and all."""
    return f"{100 * told[0] / max(1, told[1]):.1f} % of {told[1]}"
