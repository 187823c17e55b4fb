"""The divisions of Jilin as rows for loading, and abolished county codes that still stand in documents."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from caseapp.reference.files import read_csv


@dataclass(frozen=True)
class DivisionRow:
    """One place; parents come before their children. Link by `parent`, never by prefix (README beside the files)."""

    code: str
    name: str
    level: str
    parent: str | None
    source: str
    counts_for_coverage: bool


def divisions() -> Iterator[DivisionRow]:
    """Province, cities, counties, townships and villages, and management areas without an official code."""
    for row in read_csv("divisions/jilin.csv"):
        yield DivisionRow(
            row["code"],
            row["name"],
            row["level"],
            row["parent"] or None,
            row["source"],
            row["counts_for_coverage"] == "1",
        )


@cache
def historic_codes() -> dict[str, tuple[str, str]]:
    """Abolished six-digit codes: name then, code now."""
    return {row["code"]: (row["name"], row["now"]) for row in read_csv("divisions/historic.csv")}


@cache
def known_prefixes() -> frozenset[str]:
    """Six-digit codes of Jilin that a citizen number may begin with, abolished ones included; others only warn."""
    now = {row.code[:6] for row in divisions() if row.level in ("county", "city", "province")}
    return frozenset(now) | frozenset(historic_codes())
