"""Reads the data files beside this package and refuses a broken one by name; knows nothing of what they mean."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


class BrokenReference(ValueError):
    """A data file that contradicts itself: the program must not start with it."""


def read_json(path: str) -> dict[str, Any]:
    """The object of one JSON file."""
    found: dict[str, Any] = json.loads((DATA / path).read_text(encoding="utf-8"))
    return found


def read_folder(path: str) -> dict[str, dict[str, Any]]:
    """Every JSON file of a folder, by file name without its ending."""
    files = sorted(entry.name for entry in (DATA / path).glob("*.json"))
    return {name.removesuffix(".json"): read_json(f"{path}/{name}") for name in files}


def read_csv(path: str) -> Iterator[dict[str, str]]:
    """The rows of one CSV file."""
    with (DATA / path).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def insist(holds: object, what: str) -> None:
    """Raises BrokenReference with `what` unless it holds."""
    if not holds:
        raise BrokenReference(what)


def unique(codes: Iterable[str], where: str) -> None:
    """Refuses a code that stands twice."""
    seen: set[str] = set()
    for code in codes:
        insist(code not in seen, f"{where}: {code} stands twice")
        seen.add(code)


@dataclass(frozen=True)
class Worded:
    """Something with a code and a name in both languages; `facts` are the other members of its entry."""

    code: str
    zh: str
    en: str
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def label(self, language: str = "zh") -> str:
        """The name; Chinese for every language but English."""
        return self.en if language[:2] == "en" else self.zh

    def fact(self, name: str, language: str = "zh") -> Any:
        """A further member of the entry; one that differs by language is found by its bare name; None when absent."""
        tag = "en" if language[:2] == "en" else "zh"
        return self.facts.get(f"{name}_{tag}", self.facts.get(name))


def worded(entry: Mapping[str, Any], where: str) -> tuple[str, str, str]:
    """Code and both names of an entry, refused when one is empty."""
    code, zh, en = (str(entry.get(key, "")) for key in ("code", "zh", "en"))
    insist(
        code and zh and en,
        f"{where}: entry {code or entry!r} lacks its code or a language",
    )
    return code, zh, en
