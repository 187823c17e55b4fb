"""What a page adds up and draws from published cells alone: sums, gaps with their marks, differences."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from caseapp.blueprints.statistics import compare, desk, sums, trends
from caseapp.queries.statistics.history import Cells, Past


def rows(*lines: list[Any]) -> list[dict[str, Any]]:
    """Rows of a table on a page."""
    return [{"cells": line} for line in lines]


@pytest.mark.parametrize(
    ("lines", "across", "down", "code"),
    [
        (([3, 4, 7], [1, 1, 2], [4, 5, 9]), True, True, "6/0/0"),
        (([None, 4, 7], [None, 1, 2], [4, 5, 9]), True, True, "3/3/0"),
        (([3, 4, 8], [1, 1, 2], [4, 5, 9]), True, True, "4/0/2"),
        (([3, 4, 99],), True, False, "0/0/1"),
        (([3, "—"], [1, 2], [4, 2]), False, True, "1/1/0"),
    ],
)
def test_sums_that_agree_are_open_or_wrong(lines: Any, across: bool, down: bool, code: str) -> None:
    found = sums.check(rows(*lines), across=across, down=down)
    assert found and found.code == code


def test_where_nothing_is_a_sum_nothing_is_said() -> None:
    assert sums.check(rows([3], [4]), across=False, down=False) is None
    assert sums.check(rows([3]), across=True, down=False) is None
    assert sums.check([], across=True, down=True) is None


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ("12", "9", "+3"),
        ("1500", "400", "+1,100"),
        ("90.8", "91", "-0.2"),
        ("5", "5", "0"),
        ("*", "9", ""),
        ("9", "*", ""),
        ("9", "-", ""),
    ],
)
def test_a_difference_is_told_only_where_both_are_shown(now: str, before: str, said: str) -> None:
    assert desk.change(now, before) == said


def test_a_hidden_period_is_a_gap_with_its_mark(sqlite: Any) -> None:
    """The height of a bar is that of its number; neither a hidden one nor one that was not released has any."""
    periods = ("2026Q1", "2026Q2", "2026Q3", "2026Q4")
    releases: Any = {period: SimpleNamespace(id=uuid4()) for period in periods if period != "2026Q2"}
    shown = {"2026Q1": "50", "2026Q3": "*", "2026Q4": "100"}
    cells = Cells({(releases[period].id, "22", "visits_sex", ""): text for period, text in shown.items()})
    with sqlite.app.test_request_context():
        made = trends.trend("Visits", "visits", Past(periods, releases), cells, "22", ("visits_sex", ""))
    first, absent, hidden, last = made.bars
    assert (first.mark, absent.mark, hidden.mark, last.mark) == ("", "–", "*", "")
    assert (absent.height, hidden.height) == (0, 0) and 2 * first.height == last.height == trends.HEIGHT
    assert first.label == "50" and last.label == "100" and hidden.label == ""
    assert [row["cells"] for row in made.rows] == [[50], ["—"], [None], [100]]
    assert "50" in made.finding and "100" in made.finding


def test_nothing_is_drawn_of_what_was_never_released() -> None:
    past = Past(("2026Q1", "2026Q2"), {})
    assert trends.over_time([], past, Cells({}), "22") == []


@pytest.mark.parametrize(
    ("n", "base", "made"),
    [(50, 200, 25.0), (10, 30, 33.3), (9, 200, None), (10, 29, None), (None, 200, None), (50, None, None), (0, 0, None)],
)
def test_a_rate_needs_a_large_enough_n_and_base(n: Any, base: Any, made: Any) -> None:
    assert compare.rate(n, base, 10, 30) == made
