"""`caseapp drill disclosure`: quarter after quarter of invented provinces is protected, released and attacked with all before it."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import click

from caseapp.cli.drill.world import Size, World
from caseapp.core.periods import Quarter
from caseapp.reference.statistics import Catalogue, newest
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.cells import HIDDEN, Fact, publish
from caseapp.services.statistics.gate import Effort, Past, Report, examine
from caseapp.services.statistics.history import folder, given_back
from caseapp.services.statistics.protection import Asked

NASTY: dict[str, tuple[Size, str]] = {
    "a county with one station": (Size(counties=3, townships=1, persons=90), ""),
    "a township with twelve people": (Size(counties=2, townships=3, persons=12, spread=1.0), ""),
    "everybody's case ended alike": (Size(counties=2, townships=3, persons=80), "reason"),
    "two stations in every township": (Size(counties=2, townships=2, stations=2, persons=50), ""),
    "two counties, two stations each": (Size(counties=2, townships=2, persons=70), ""),
}


@dataclass
class Outcome:
    """What came of one province."""

    figures: Counter[str] = field(default_factory=Counter)
    hits: Counter[tuple[str, str]] = field(default_factory=Counter)  # (outsider, station or contractor; how) → times
    protecting: float = 0.0
    attacking: float = 0.0


@click.command("disclosure")
@click.option(
    "--provinces", type=click.IntRange(0, 1000), default=20, show_default=True, help="Random ones, beside the nasty ones."
)
@click.option("--quarters", type=click.IntRange(1, 40), default=8, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--sampled", type=click.IntRange(0, 10_000), default=20, show_default=True, help="Insiders by chance.")
@click.option("--riskiest", type=click.IntRange(0, 10_000), default=10, show_default=True, help="Insiders who hold the most.")
def command(provinces: int, quarters: int, seed: int, sampled: int, riskiest: int) -> None:
    """Attack the releases of invented provinces; ends with one line of figures, and with 1 when anybody was found."""
    whole = Outcome()
    for name, world in worlds(provinces, seed):
        found = play(world, quarters, Effort(sampled, riskiest, seed))
        whole.figures += found.figures
        whole.hits += found.hits
        whole.protecting, whole.attacking = whole.protecting + found.protecting, whole.attacking + found.attacking
        click.echo(f"{name}: {line(found)}")
    click.echo(f"disclosure seed {seed}, {provinces} + {len(NASTY)} provinces, {quarters} quarters: {line(whole)}")
    if whole.hits:
        raise SystemExit(1)


def worlds(provinces: int, seed: int) -> Iterator[tuple[str, World]]:
    """The nasty provinces, then the random ones."""
    catalogue = newest()
    for number, (name, (size, same)) in enumerate(NASTY.items()):
        yield name, World(catalogue, size, 1000 * seed + number, same)
    for number in range(provinces):
        own = 1000 * seed + 100 + number
        size = Size(
            2 + own % 3, 2 + own // 3 % 4, 1 + own // 5 % 2, (20, 45, 80, 140)[own % 4], (1.5, 3.0)[own % 2], 1 + own // 7 % 2
        )
        yield f"province {own}", World(catalogue, size, own)


def play(world: World, quarters: int, effort: Effort) -> Outcome:
    """The quarters of one province, each released when it has been attacked, whatever was found."""
    found, past, held = Outcome(), list[Past](), list[Area]()
    before, hidden, quarter = list[Fact](), list[tuple[str, str, str]](), Quarter(2025, 1)
    for _quarter in range(quarters):
        facts = world.quarter(quarter)
        held = areas_of(world, facts, held if quarter.number > 1 else [])
        chains = publication.cover(held, world.nodes)
        began = time.perf_counter()
        asked = Asked(
            contractors=world.contractors,
            secret=b"drill",
            before=str(quarter.before()) if before else "",
            shut=given_back(world.catalogue, hidden),
        )
        cells = publish(world.catalogue, str(quarter), held, chains, [*facts, *before], asked).cells
        hidden = [(c.table.measure, c.area.code, c.dims_key) for c in cells if c.shown == HIDDEN and not c.table.derived]
        released = time.perf_counter()
        past.append(Past(folder(world.catalogue, str(quarter), held, cells), facts, chains))
        report = examine(past[-1], past[:-1], world.contractors, effort=effort)
        found.protecting += released - began
        found.attacking += time.perf_counter() - released
        _count(found, report)
        before, quarter = facts, quarter.next()
    return found


def areas_of(world: World, facts: Sequence[Fact], earlier: Sequence[Area]) -> list[Area]:
    """The publication areas, as a release decides on them."""
    on_file: Counter[str] = Counter()
    for fact in facts:
        if fact.measure == "on_file" and not fact.key:
            on_file[fact.area] += fact.value
    catalogue: Catalogue = world.catalogue
    return publication.areas(world.nodes, on_file, catalogue.area_minimum, earlier)


def _count(found: Outcome, report: Report) -> None:
    found.figures.update(report.figures)
    found.figures["undecided"] += len(report.undecided)
    for hit in report.hits:
        found.hits[hit.who.split()[0], hit.kind] += 1


def line(found: Outcome) -> str:
    """One line of figures."""
    told = found.figures
    hidden = 100 * told["hidden"] / max(1, told["cells"])
    hits = ", ".join(f"{who} {kind} {times}" for (who, kind), times in sorted(found.hits.items())) or "nobody found"
    return (
        f"{told['cells']} cells, {hidden:.1f} % hidden, {told['small']} small, {told['insiders_attacked']} insiders, "
        f"{told['programs']} programs, narrow {told['narrow']}, undecided {told['undecided']}: {hits}; "
        f"protected in {found.protecting:.1f} s, attacked in {found.attacking:.1f} s"
    )
