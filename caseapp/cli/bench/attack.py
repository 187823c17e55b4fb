"""`caseapp bench attack`: what the gate costs on an invented province that the product itself protects."""

import click

from caseapp.cli.drill.disclosure import line, play
from caseapp.cli.drill.world import Size, World
from caseapp.reference.statistics import newest
from caseapp.services.statistics.gate import Effort


@click.command("attack")
@click.option("--counties", type=click.IntRange(1, 200), default=60, show_default=True)
@click.option("--townships", type=click.IntRange(1, 100), default=15, show_default=True, help="Of a county.")
@click.option(
    "--persons", type=click.IntRange(1, 10_000), default=182, show_default=True, help="On file at a station, in the mean."
)
@click.option("--quarters", type=click.IntRange(1, 40), default=1, show_default=True)
@click.option("--sampled", type=click.IntRange(0, 10_000), default=20, show_default=True, help="Insiders by chance.")
@click.option("--riskiest", type=click.IntRange(0, 10_000), default=10, show_default=True, help="Insiders who hold the most.")
@click.option("--seed", type=int, default=1, show_default=True)
def command(counties: int, townships: int, persons: int, quarters: int, sampled: int, riskiest: int, seed: int) -> None:
    """Protect and attack one province of a stated size; no database is asked."""
    size = Size(counties, townships, 1, persons, spread=2.0, cities=max(1, counties // 6))
    found = play(World(newest(), size, seed), quarters, Effort(sampled, riskiest, seed))
    click.echo(f"attack {counties} x {townships} x {persons}, {quarters} quarters, seed {seed}: {line(found)}")
