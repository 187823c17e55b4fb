"""Invented provinces: the same seed makes the same facts, sums agree, and their releases can be attacked."""

from collections import Counter

from click.testing import CliRunner

from caseapp.cli import main
from caseapp.cli.drill.disclosure import line, play
from caseapp.cli.drill.world import Size, World
from caseapp.core.periods import Quarter
from caseapp.reference.statistics import newest
from caseapp.services.statistics.gate import Effort

SIZE = Size(counties=2, townships=2, persons=35)


def test_a_seed_makes_one_province_and_its_stock_goes_by_who_came_and_left() -> None:
    one, other = World(newest(), SIZE, 7), World(newest(), SIZE, 7)
    stocks, quarter = [], Quarter(2025, 4)
    for _quarter in range(2):
        facts = one.quarter(quarter)
        assert facts == other.quarter(quarter)
        totals: Counter[str] = Counter()
        for fact in facts:
            totals[fact.measure] += fact.value if not fact.key else 0
        stocks.append(totals)
        quarter = quarter.next()
    first, then = stocks
    assert then["on_file"] - first["on_file"] == then["enrolled"] - then["ended"]
    assert set(then) == set(newest().linked())
    assert then["cases_active"] - first["cases_active"] == then["cases_opened"] - then["cases_closed"]


def test_a_province_is_released_and_attacked() -> None:
    found = play(World(newest(), SIZE, 7), 1, Effort(1, 0))
    assert found.figures["cells"] > 1000 and found.figures["small"] and found.figures["insiders_attacked"] == 1
    assert line(found).startswith(f"{found.figures['cells']} cells")


def test_the_commands_say_what_they_do() -> None:
    for arguments, words in ((["drill"], "disclosure"), (["bench"], "attack")):
        answer = CliRunner().invoke(main, [*arguments, "--help"])
        assert answer.exit_code == 0 and words in answer.output
