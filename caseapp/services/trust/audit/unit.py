"""What one request or command has done so far, as the trail will tell it; kept on the session."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from caseapp.adapters import keys

KEY = "audit"


@dataclass
class Unit:
    """Gathered until the transaction ends: files seen, opened and changed (with where they lie), events, changed rows."""

    endpoint: str | None = None
    seen: dict[UUID, str] = field(default_factory=dict)
    opened: set[UUID] = field(default_factory=set)
    changed: dict[UUID, str] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)  # shown in clear
    in_place_of: dict[UUID, UUID] = field(default_factory=dict)  # file → the absent colleague whose it is
    places: set[str] = field(default_factory=set)
    reason: str | None = None
    read_event: str | None = None
    sought: str | None = None  # keyed digest of the words of a search


def begin(session: Any, endpoint: str | None = None) -> None:
    """Starts a new unit: nothing seen, nothing changed."""
    session.info[KEY] = Unit(endpoint)


def of(session: Any) -> Unit:
    """The unit of a session, begun where it was not."""
    if KEY not in session.info:
        begin(session)
    unit: Unit = session.info[KEY]
    return unit


def record(session: Any, name: str, row: Any = None, *, reason: str | None = None, fields: Iterable[str] = ()) -> None:
    """A named event of a service ("case.closed"): says what the row changes meant. `reason` must hold no free text about a person."""
    unit = of(session)
    unit.events.append(name)
    unit.fields.extend(fields)
    if reason:
        unit.reason = reason[:300]
    if row is not None and hasattr(row, "file_id") and hasattr(row, "station_path"):
        unit.changed[row.file_id] = row.station_path
    path = getattr(row, "station_path", None) or getattr(row, "path", None)
    if path:
        unit.places.add(path)


def record_rows(session: Any, file: tuple[UUID, str], rows: Iterable[dict[str, Any]]) -> None:
    """Rows that were written past the flush: which row of which table, and which fields; values are in none of them."""
    unit = of(session)
    unit.changed[file[0]] = file[1]
    ops = {"u": "update", "d": "delete", "i": "insert"}
    for row in rows:
        fields = dict.fromkeys(row["row"]) if row["op"] == "u" else {}
        unit.changes.append({"table": row["table"], "row": row["id"], "op": ops[row["op"]], "fields": fields})


def saw(session: Any, rows: Iterable[tuple[UUID, str]]) -> None:
    """Notes (file id, station path) of persons shown by a query that loaded no entities."""
    of(session).seen.update(rows)


def sought(session: Any, words: str) -> None:
    """That somebody searched for these words: kept as a keyed digest, also where nobody was found."""
    of(session).sought = search_digest(words)


def search_digest(words: str) -> str | None:
    """The digest by which a search is found again, 32 hex digits, however the words were spaced or written; None for no words."""
    plain = "".join(unicodedata.normalize("NFKC", words).casefold().split())
    return keys.ring().index("trail:sought", plain).hex() if plain else None


def opened(session: Any, row: Any, name: str = "file.opened", fields: Iterable[str] = ()) -> None:
    """Notes that a file itself was opened (or fields of it shown in clear), not only listed."""
    unit = of(session)
    unit.opened.add(row.file_id)
    if hasattr(row, "station_path"):  # else the load has noted it, at the place of the reader
        unit.seen[row.file_id] = row.station_path
    unit.read_event = name
    unit.fields.extend(fields)
