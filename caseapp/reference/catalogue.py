"""The locked provincial catalogue of service items (S-3.1 to S-3.3), one file per version; old versions stay readable."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from caseapp.core import clock
from caseapp.reference.files import Worded, insist, read_folder, unique, worded


@dataclass(frozen=True)
class ServiceItem(Worded):
    """One item. `assist` marks help with work whose decision stays with the authority (S-3.4)."""

    domain: str = ""
    section: str = ""
    assist: bool = False

    def partners(self, language: str = "zh") -> str | None:
        """Whom the item is done with, where the plan names somebody."""
        found: str | None = self.fact("partners", language)
        return found


@dataclass(frozen=True)
class Catalogue:
    """All items of one version."""

    version: str
    source: str
    valid_from: date
    sections: dict[str, Worded]
    _items: dict[str, ServiceItem] = field(repr=False)
    assist: dict[str, str] = field(default_factory=dict, repr=False)  # by language, how an item that only assists is named

    def __iter__(self) -> Iterator[ServiceItem]:
        return iter(self._items.values())

    def get(self, code: str | None) -> ServiceItem | None:
        """The item, or None."""
        return self._items.get(str(code))

    def items(self, domain: str | None = None) -> tuple[ServiceItem, ...]:
        """The items of a domain (code or letter), or all."""
        return tuple(item for item in self if domain is None or domain in (item.domain, item.code[0]))

    def valid(self, code: str | None) -> bool:
        """Whether the version has the item."""
        return str(code) in self._items

    def label(self, code: str | None, language: str = "zh") -> str:
        """Its name, with the word that the decision stays with the authority where it does (S-3.4); or the code itself."""
        item = self.get(code)
        return self._named(item, language) if item else str(code or "")

    def choices(self, language: str = "zh", domain: str | None = None) -> list[tuple[str, str]]:
        """(code, name) in catalogue order."""
        return [(item.code, self._named(item, language)) for item in self.items(domain)]

    def _named(self, item: ServiceItem, language: str) -> str:
        name = item.label(language)
        return self.assist["en" if language[:2] == "en" else "zh"].format(item=name) if item.assist else name


def _catalogue(name: str, data: dict[str, Any]) -> Catalogue:
    where = f"catalogue/{name}.json"
    insist(data["version"] == name, f"{where}: version")
    sections = {entry["code"]: Worded(*worded(entry, where)) for entry in data["sections"]}
    found = []
    for entry in data["items"]:
        code, zh, en = worded(entry, where)
        section = code.split(".")[0]
        insist(section in sections, f"{where}: {code} has no section")
        found.append(ServiceItem(code, zh, en, entry, entry["domain"], section, bool(entry.get("assist"))))
    unique((item.code for item in found), where)
    return Catalogue(
        name,
        data["source"],
        date.fromisoformat(data["valid_from"]),
        sections,
        {item.code: item for item in found},
        {tag: data[f"assist_{tag}"] for tag in ("zh", "en")},
    )


@cache
def _catalogues() -> dict[str, Catalogue]:
    return {name: _catalogue(name, data) for name, data in read_folder("catalogue").items()}


def catalogue(version: str | None = None, on: date | None = None) -> Catalogue:
    """The version asked for, or the newest in force on a day (today unless said); before the first one that one."""
    if version:
        return _catalogues()[version]
    day = on or clock.today()
    known = sorted(_catalogues().values(), key=lambda c: c.valid_from)
    return next((c for c in reversed(known) if c.valid_from <= day), known[0])
