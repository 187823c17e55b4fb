"""What a service domain tells the demo: which homes it brings, how its cases go, what they keep. Facts; one file per domain.

The files lie in `cli/demo/details/`, named after the domain; `stories()` follows the registry.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from caseapp import domains
from caseapp.cli.demo.source import pool


@dataclass(frozen=True)
class Figure:
    """Somebody of a home, before name and days are drawn.

    `tags` always hold, `maybe` are (tag, chance, from what age). `facts` are columns of the client. `relation` is to the
    head of the home, as a pair (man, woman). `on_file` is the chance to be on file; who is not is only named.
    """

    ages: tuple[int, int]
    tags: tuple[str, ...] = ()
    maybe: tuple[tuple[str, float, int], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    sex: str | None = None  # drawn when None; "other" is not the head's
    relation: tuple[str, str] = ("head", "head")
    on_file: float = 1.0
    family: bool = True  # carries the family name


@dataclass(frozen=True)
class Home:
    """A kind of household: how often it comes, who is on file in it (head first), who is only named in it."""

    share: int
    people: tuple[Figure, ...]
    named: tuple[Figure, ...] = ()
    rhythm: tuple[int, int] = (55, 95)  # days between visits where no rule asks for more
    items: tuple[str, ...] = ("B1.1",)  # what is done at a visit without a case


@dataclass(frozen=True)
class Story:
    """One domain in the demo.

    `homes` are kinds of its own, `cases` how often a case is about the head of which kind (any domain's). `words` names
    the pool of sentences (`reference/data/demo/<words>.json`), missing ones come from the shared pool, and those under
    `kinds` are of one kind of home only. `opened(cases, case, person)` writes what the domain keeps from the first day on,
    `content(cases, case, person, wish, assessed)` what it keeps beside the shared papers; `station(filler)` what it keeps
    at a station without a case of a person. `restricts` are kinds of home whose cases are always restricted, with their
    P3 group. `rich(filler)` tells the households that `worker` finds whatever the seed. `findings` are those of visits to
    its own homes, the shared ones where it has none.
    """

    code: str
    homes: Mapping[str, Home]
    cases: Mapping[str, int]
    share: int  # of all cases
    items: tuple[str, ...]
    words: str
    content: Callable[..., None]
    restricted_tag: str | None = None
    restricted: float = 0.015
    restricts: Mapping[str, str] = field(default_factory=dict)
    opened: Callable[..., None] | None = None
    station: Callable[[Any], None] | None = None
    rich: Callable[[Any], Iterator[dict[str, Any]]] | None = None
    findings: tuple[Any, ...] = ()

    def pool(self, kind: str | None = None) -> dict[str, Any]:
        """Its sentences over the shared ones, those of a kind of home over both."""
        own = pool(self.words)
        return {**pool("words"), **own, **own.get("kinds", {}).get(kind, {})}


# people on file without any domain of their own
PLAIN: dict[str, Home] = {
    "old": Home(
        10,
        (
            Figure(
                (66, 88),
                facts={"living": "children", "marital": "20", "income_source": "pension"},
                maybe=(("EL08", 1.0, 80),),
            ),
        ),
        named=(Figure((40, 48), relation=("son", "daughter")),),
    ),
}


@cache
def stories() -> dict[str, Story]:
    """The story of each registered domain."""
    return {domain.code: import_module(f"caseapp.cli.demo.details.{domain.code}").STORY for domain in domains.all()}


@cache
def homes() -> dict[str, Home]:
    """Every kind of household."""
    found = dict(PLAIN)
    for story in stories().values():
        found |= story.homes
    return found


@cache
def teller(kind: str) -> Story | None:
    """The story that brings a kind of household; None for those of nobody."""
    return next((story for story in stories().values() if kind in story.homes), None)
