"""Protocols: what to do at once when an instrument rings an alert, step by step, with the numbers to call. Data, no duty to wait."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from caseapp.reference.files import Worded, insist, read_folder, unique, worded
from caseapp.reference.rules import MARKS


@dataclass(frozen=True)
class Protocol(Worded):
    """Steps in the order in which they are taken; each is noted with its time. `lines` are telephone numbers (the code)."""

    steps: tuple[Worded, ...] = ()
    lines: tuple[Worded, ...] = ()

    def step(self, code: str) -> Worded | None:
        """The step of that code, or None."""
        return next((step for step in self.steps if step.code == code), None)


def _protocol(data: dict[str, Any], where: str) -> Protocol:
    insist(data.get("source") and data.get("mark") in MARKS, f"{where}: source or mark")
    insist(data.get("intro_zh") and data.get("intro_en"), f"{where}: an introduction in both languages")
    steps = tuple(Worded(*worded(entry, where), entry) for entry in data["steps"])
    lines = tuple(Worded(*worded(entry, where), entry) for entry in data["lines"])
    unique((step.code for step in steps), where)
    insist(all(len(step.code) <= 20 for step in steps), f"{where}: a step is longer than its column")
    insist(all(line.code.isdigit() and line.facts.get("mark") in MARKS for line in lines), f"{where}: a number or its mark")
    return Protocol(*worded(data, where), data, steps, lines)


@cache
def protocols() -> dict[str, Protocol]:
    """Every protocol by code."""
    return {name: _protocol(data, f"protocols/{name}.json") for name, data in read_folder("protocols").items()}
