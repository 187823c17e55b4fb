"""Two staff wrote the same section: rows are told apart by their keys, so that what only one of them changed stands, and what
both changed is shown to the second, who decides. Nothing typed is lost, nothing of the other is overwritten unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Lines = list[dict[str, Any]]
LARGEST = 20_000  # characters of what a form may carry back


@dataclass
class Merged:
    """The rows to be looked at again; by key what the other wrote of a row that both changed; how many rows came or went."""

    rows: Lines = field(default_factory=list)
    both: dict[str, dict[str, Any]] = field(default_factory=dict)
    taken: int = 0


def digest(row: Mapping[str, Any]) -> str:
    """A short mark of what a row says, its key left out."""
    said = {name: value for name, value in row.items() if name != "key" and value not in (None, "")}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:10]


def base(rows: Iterable[Mapping[str, Any]]) -> str:
    """What a form carries of the rows it was drawn from."""
    return json.dumps({row["key"]: digest(row) for row in rows}, separators=(",", ":"))


def read(text: str) -> dict[str, str]:
    """The same back from the form; nothing when it is broken."""
    try:
        held = json.loads(text[:LARGEST])
    except ValueError:
        return {}
    return {str(key): str(mark) for key, mark in held.items()} if isinstance(held, dict) else {}


def merge(drawn: Mapping[str, str], mine: Lines, theirs: Lines) -> Merged:
    """The rows of both; `drawn` are the marks of the rows as my form had them at first."""
    found, own = Merged(), {row["key"]: row for row in mine if row.get("key")}
    for row in theirs:
        key = row["key"]
        if key in own:
            _same(found, drawn.get(key), own.pop(key), row)
        elif key not in drawn or drawn[key] != digest(row):  # new, or changed while I took it out
            found.rows.append(row)
            found.taken += 1
    for key, row in own.items():
        if drawn.get(key) == digest(row):  # taken out by the other, untouched by me
            found.taken += 1
        else:
            found.rows.append(row)
    found.rows += [row for row in mine if not row.get("key")]
    return found


def _same(found: Merged, drawn: str | None, mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    """One row that both have."""
    if digest(mine) == digest(theirs) or drawn == digest(theirs):
        found.rows.append(mine)
    elif drawn == digest(mine):
        found.rows.append(theirs)
        found.taken += 1
    else:
        found.rows.append(mine)
        found.both[theirs["key"]] = theirs
