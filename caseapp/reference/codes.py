"""Code lists: the words behind stored codes, each list one file with its source."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from caseapp.core import clock
from caseapp.reference.files import Worded, insist, read_folder, unique, worded

KINDS = ("official", "local", "internal")
CLASSES = ("P1", "P2", "P3", "minor")


@dataclass(frozen=True)
class Code(Worded):
    """One entry of a code list."""

    klass: str | None = None
    valid_to: date | None = None

    @property
    def is_old(self) -> bool:
        """Whether it comes from imports only and is not offered."""
        return bool(self.facts.get("old"))


@dataclass(frozen=True)
class CodeList:
    """A named list of codes in the order in which they are offered."""

    name: str
    title: Worded
    source: str
    kind: str
    valid_from: date
    entries: tuple[Code, ...]
    note: str | None = None
    _by_code: dict[str, Code] = field(default_factory=dict, repr=False, compare=False)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.entries)

    def get(self, code: str | None) -> Code | None:
        """The entry, or None for a code that is not in the list."""
        return self._by_code.get(str(code))

    def valid(self, code: str | None) -> bool:
        """Whether the code stands in the list, ended or not: what is stored stays readable."""
        return str(code) in self._by_code

    def label(self, code: Any, language: str = "zh") -> str:
        """The word of a code, the code itself when the list does not know it, nothing for None."""
        entry = self.get(code)
        return entry.label(language) if entry else ("" if code is None else str(code))

    def choices(self, language: str = "zh", on: date | None = None) -> list[tuple[str, str]]:
        """(code, word) of what may be chosen on a day, today unless said."""
        day = on or clock.today()
        return [(e.code, e.label(language)) for e in self.entries if not e.is_old and (e.valid_to is None or day <= e.valid_to)]

    def codes(self) -> tuple[str, ...]:
        """Every code, old ones too."""
        return tuple(self._by_code)

    def having(self, fact: str, value: Any = True) -> frozenset[str]:
        """The codes whose entry says this fact."""
        return frozenset(e.code for e in self.entries if e.facts.get(fact) == value)


def _code_list(name: str, data: dict[str, Any]) -> CodeList:
    where = f"codes/{name}.json"
    insist(
        data.get("name") == name and data.get("kind") in KINDS and data.get("source"),
        f"{where}: name, kind or source",
    )
    entries = []
    for entry in data["entries"]:
        code, zh, en = worded(entry, where)
        klass = entry.get("class")
        insist(klass is None or klass in CLASSES, f"{where}: {code} has the class {klass}")
        ends = entry.get("valid_to")
        facts = {key: value for key, value in entry.items() if key not in ("code", "zh", "en", "class", "valid_to")}
        entries.append(Code(code, zh, en, facts, klass, date.fromisoformat(ends) if ends else None))
    unique((entry.code for entry in entries), where)
    return CodeList(
        name,
        Worded(name, data["zh"], data["en"]),
        data["source"],
        data["kind"],
        date.fromisoformat(data["valid_from"]),
        tuple(entries),
        data.get("note"),
        {entry.code: entry for entry in entries},
    )


@cache
def code_lists() -> dict[str, CodeList]:
    """Every code list by name."""
    raw = read_folder("codes")
    for domain, added in read_folder("codes/added").items():  # what one service domain adds to shared lists
        for name, entries in added.items():
            insist(name in raw, f"codes/added/{domain}.json: there is no list {name}")
            raw[name] = {**raw[name], "entries": [*raw[name]["entries"], *entries]}
    lists = {name: _code_list(name, data) for name, data in raw.items()}
    _check_relations(lists["relation"])
    return lists


def codes(list_name: str) -> CodeList:
    """The code list of that name; KeyError when there is none."""
    return code_lists()[list_name]


INVERSES = ("inverse", "inverse_male", "inverse_female")


def _check_relations(relations: CodeList) -> None:
    for entry in relations:
        for key in INVERSES:
            other = entry.facts.get(key)
            insist(
                other is None or relations.valid(other),
                f"relation {entry.code}: {key} {other} is no relation",
            )
        insist(entry.facts.get("inverse"), f"relation {entry.code} has no inverse")


def inverse_relation(code: str, sex: str | None) -> str:
    """The same tie seen from the other side: X is the son of Y, Y is a man (sex 1), so Y is the father of X.

    `sex` is that of the person who gets the inverse word (Y); a word without sex when it is not known.
    """
    facts = code_lists()["relation"]._by_code[code].facts
    key = {"1": "inverse_male", "2": "inverse_female"}.get(sex or "", "inverse")
    return str(facts.get(key, facts["inverse"]))
