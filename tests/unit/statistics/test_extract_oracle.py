"""What our measure says of an extract is what pycanon says of it: answers kept from `devtools/oracle.py`."""

import json
from pathlib import Path
from typing import Any

import pytest

from devtools.oracle import differ, ours

KEPT = json.loads((Path(__file__).parent / "oracle.json").read_text(encoding="utf-8"))["tables"]


@pytest.mark.parametrize("number", range(len(KEPT)))
def test_the_same_answers(number: int) -> None:
    assert differ(ours(KEPT[number]), KEPT[number]["answer"]) == []


def test_the_answers_are_many_and_not_all_alike() -> None:
    """A measure that always said 1 would not pass."""
    assert len({table["answer"]["k"] for table in KEPT}) >= 4
    for name in ("distinct", "entropy", "confidence", "closeness"):
        assert len({one[name] for table in KEPT for one in table["answer"]["told"].values()}) >= 3, name


def test_a_wrong_answer_is_seen() -> None:
    right: dict[str, Any] = KEPT[0]["answer"]
    assert differ(right | {"k": right["k"] + 1}, right) == ["k"]
