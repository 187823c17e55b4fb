"""Answers to the instruments, by item code: all at their best but for what a test says."""

from datetime import date
from typing import Any

from caseapp import reference
from caseapp.core import clock
from caseapp.schemas.casework.assessment import RecordAssessment


def best(code: str, **changed: int) -> dict[str, int]:
    """The best answer to every item; `y9=2` changes item 9, other names are the item's own."""
    one = reference.instrument(code)
    pick = max if one.better == "high" else min
    answers = {item.code: pick(item.scores, key=item.points) for item in one.items}
    return answers | {name[1:] if name[0] == "y" and name[1:].isdigit() else name: value for name, value in changed.items()}


def command(code: str, *, on: date | None = None, finish: bool = True, **changed: Any) -> RecordAssessment:
    """A whole assessment of today."""
    return RecordAssessment(instrument=code, assessed_on=on or clock.today(), answers=best(code, **changed), finish=finish)


def fields(code: str, **changed: int) -> dict[str, str]:
    """The same as a page would send them."""
    return {f"item_{item}": str(value) for item, value in best(code, **changed).items()}
