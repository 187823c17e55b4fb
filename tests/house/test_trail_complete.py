"""Every person that leaves the server is in the trail: who saw them, when, on which page, and for what where it must be said.

Every text of every row of a person carries a mark of its file ("qz0a7fz"), so that one look at the bytes of an answer says
whose words are in it. Each role asks for every page, list, print, file and call that it may, and for what answers a POST; for
each mark that came out the trail must name the file, and nothing that stays behind (addresses, logs, the trail itself) may hold one.
"""

import io
import json
import logging
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import inspect, select

from caseapp.access.system import system_session
from caseapp.extensions import db
from caseapp.models.base import BetweenStations, OfPerson, Sealed
from tests import laid
from tests.house.test_doors import ONE_PER_ROLE, Walker
from tests.routes import address, named, once_each

MARK = re.compile(rb"qz[0-9a-f]{4}z")
IN_ADDRESS = re.compile(rb"(?:href|src|action|formaction)=\"[^\"]*qz[0-9a-f]{4}z")
UNMARKED = {"number", "phone", "guardian_phone", "amount", "totals", "told"}  # read back by rules of their own
TEXTS = {  # plain columns that hold words of or about a person
    "name", "other_names", "note", "safe_contact", "risk_reason", "source_detail", "end_note", "paper_place", "whereabouts",
    "occupation", "subject", "title", "companions", "agreed_note", "withdrawn_note", "offers", "for_whom", "papers_note",
}  # fmt: skip


class Marks:
    """The mark of each file, and the file of each mark."""

    def __init__(self) -> None:
        self.of: dict[UUID, str] = {}

    def mark(self, file_id: UUID) -> str:
        return self.of.setdefault(file_id, f"qz{len(self.of):04x}z")

    def files(self, found: set[bytes]) -> set[UUID]:
        known = {mark.encode(): file_id for file_id, mark in self.of.items()}
        return {known[mark] for mark in found}


def plant(engine: Any) -> Marks:
    """Puts the mark of its file into every text of every row of a person."""
    marks = Marks()
    with engine.app.app_context(), system_session("marks", write=True) as session:
        for mapper in db.Model.registry.mappers:
            model = mapper.class_
            if not issubclass(model, OfPerson | BetweenStations):
                continue
            sealed = [name for base in model.__mro__ for name, value in vars(base).items() if isinstance(value, Sealed)]
            texts = [attribute.key for attribute in inspect(model).column_attrs if attribute.key in TEXTS]
            for row in session.scalars(select(model)):
                for name in {*sealed, *texts} - UNMARKED:
                    value = getattr(row, name)
                    if isinstance(value, str) and value:
                        setattr(row, name, f"{value} {marks.mark(row.file_id)}")
    return marks


class Trail:
    """What came into the trail since the last look, read beside the app."""

    def __init__(self, engine: Any) -> None:
        with engine.app.app_context():
            self.path = str(db.engine.url.database)
        self.last = 0
        self.news()

    def news(self) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            rows = connection.execute("SELECT rowid AS place, * FROM audit_entry WHERE rowid > ? ORDER BY rowid", (self.last,))
            found = [dict(row) for row in rows]
        self.last = found[-1]["place"] if found else self.last
        return found


def whole(answer: Any) -> bytes:
    """All bytes that an answer carries, unpacked."""
    body: bytes = answer.get_data()
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    return body


def people(entry: dict[str, Any]) -> set[UUID]:
    packed = entry["people"] or b""
    return {UUID(bytes=packed[i : i + 16]) for i in range(0, len(packed), 16)}


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, as a server that logs each request does."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


NO_PART = ("account.switch", "api_tokens.new")  # who is at the door changes there
SEEN = {"ann": 100, "bo": 200, "chen": 30, "tao": 30}  # answers that must show somebody, so that the walk cannot become empty


def asked(engine: Any, name: str) -> Iterator[tuple[Any, str, str]]:
    """(rule, method, place): all that reads; a worker also sends each form and call once, which comes last."""
    places = {"ann": ("restricted",), "chen": ("twin",)}.get(name, ("Riverside",))
    for rule, method in once_each(engine.app):
        if rule.endpoint in NO_PART:
            continue
        if method == "GET":
            yield from ((rule, method, place) for place in (places if named(rule) else places[:1]))
        elif name == "bo":
            yield rule, method, "twin"


def test_whoever_is_in_an_answer_is_in_the_trail(sqlite: Any, logged: io.StringIO) -> None:
    rows = laid.lay(sqlite)
    marks = plant(sqlite)
    trail = Trail(sqlite)
    faults, shown = [], dict.fromkeys(ONE_PER_ROLE.values(), 0)
    for name in sorted(ONE_PER_ROLE.values()):
        walker = Walker(sqlite, name)
        for rule, method, place in asked(sqlite, name):
            if not walker.may(rule.endpoint):
                continue
            url = address(sqlite.app, rule, rows[place])
            answer = walker.knock(method, url, rule, rows[place])
            body, where = whole(answer), f"{name} {method} {rule.endpoint} of {place}"
            found = marks.files(set(MARK.findall(body)))
            shown[name] += bool(found)
            if IN_ADDRESS.search(body) or MARK.search(str(answer.headers).encode()):
                faults.append(f"{where}: somebody's words in an address")
            told = trail.news()
            here = {file for entry in told for file in people(entry)}
            if found - here:
                faults.append(f"{where}: {answer.status_code}, {len(found - here)} of {len(found)} are not in the trail")
            for entry in told:
                if (entry["user_id"], entry["endpoint"]) != (walker.actor.user_id.hex, rule.endpoint):
                    faults.append(f"{where}: an entry of {entry['endpoint']} by {entry['user_id']}")
            if MARK.search(repr(told).encode()):
                faults.append(f"{where}: somebody's words in the trail")
    assert faults == [], "\n".join(faults)
    assert {name: count for name, count in shown.items() if count < SEEN.get(name, 0)} == {}
    assert {name for name, count in shown.items() if count} == set(SEEN)  # nobody else is shown anybody
    assert MARK.findall(logged.getvalue().encode()) == []


def test_the_trail_has_what_a_read_was_for_and_what_was_searched(sqlite: Any) -> None:
    """A minor's file has its purpose, a value shown in full its field, a list taken out its purpose and columns, a search a digest."""
    rows = laid.lay(sqlite)
    child, adult = rows["minor"], rows["Riverside"]
    ben, ann, trail = Walker(sqlite, "ben").browser, Walker(sqlite, "ann").browser, Trail(sqlite)
    ben.post(f"/clients/files/{child.ids['file_id']}/purpose", {"purpose": "emergency"})
    trail.news()
    ben.get(f"/clients/{child.ids['client_id']}")
    assert [(entry["kind"], entry["reason"]) for entry in trail.news()] == [("read", "emergency")]
    ben.post(f"/clients/{adult.ids['client_id']}/reveal/address")
    assert ["address"] in [json.loads(entry["fields"] or "[]") for entry in trail.news()]
    ann.post("/exports/new", {"listing": "clients", "purpose": "paper", "format": "csv"})
    (entry,) = trail.news()
    assert (entry["kind"], entry["event"], entry["channel"]) == ("read", "list.exported", "page")
    assert (
        "name" in json.loads(entry["fields"])
        and entry["reason"].startswith("clients csv paper")
        and adult.ids["client_id"] in people(entry)
    )
    found = []
    for browser, words in ((ben, "Riverside  PERSON"), (ann, "riverside person"), (ann, "nobody at all")):
        browser.post("/clients/search", {"q": words})
        (entry,) = trail.news()
        assert len(entry["sought"]) == 32 and words.lower() not in str(entry).lower()
        found.append(entry["sought"])
    ann.api("POST", "/clients/search", {"q": "Ｒiverside person"}, 200)
    assert found[0] == found[1] == trail.news()[0]["sought"] != found[2]
