"""Attacks that no other file tries: workbooks that are bombs, hosts that are not ours, forged log lines, answers that count or wait."""

import io
import struct
import zipfile
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.adapters import passwords, spreadsheets, workbooks
from tests import rows
from tests.adapters.test_logs import lines, read
from tests.house.test_no_way_round import OWN
from tests.page import Browser

__all__ = ["lines"]
EVIL = "evil.example"
SHEET = "xl/worksheets/sheet1.xml"


def workbook(**parts: bytes) -> bytes:
    """A small right one in which some parts say something else; `sheet` is its first sheet, other names are put beside."""
    held = io.BytesIO()
    right = spreadsheets.blank_xlsx("t", [("code", "hint"), ("name", "")])
    with zipfile.ZipFile(io.BytesIO(right)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            is_sheet = part.filename == SHEET and "sheet" in parts
            new.writestr(part.filename, parts["sheet"] if is_sheet else old.read(part))
        for name, content in parts.items():
            if name != "sheet":
                new.writestr(name, content)
    return held.getvalue()


def lying(content: bytes) -> bytes:
    """The same with a list of parts that says of each large one that it is small."""
    found = bytearray(content)
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = found.find(signature)
        while place >= 0:
            if struct.unpack_from("<I", found, place + at)[0] > 1_000_000:
                struct.pack_into("<I", found, place + at, 1000)
            place = found.find(signature, place + 4)
    return bytes(found)


def test_a_workbook_that_is_a_weapon_is_refused_or_harmless() -> None:
    """Bombs, lists that lie, entities, macros, names that climb out of the folder: nothing is unpacked beyond its bound or written."""
    huge = b"<worksheet><sheetData>" + b" " * 64_000_000 + b"</sheetData></worksheet>"
    bomb = workbook(sheet=huge)
    assert len(bomb) < len(huge) / 100
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY e SYSTEM "file:///etc/passwd">]>'
    xxe = (
        entities
        + b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;&e;</t></is></c></row></sheetData></worksheet>'
    )
    for weapon in (bomb, lying(bomb), workbook(**{f"part{n}.xml": b"" for n in range(1100)}), b"PK\x03\x04" + bytes(3000)):
        with pytest.raises(workbooks.BadTable):
            workbooks.rows(weapon)
    for weapon in (workbook(sheet=xxe), workbook(**{"../../../evil.txt": b"x", "xl/vbaProject.bin": b"macro"})):
        try:
            found = str(workbooks.rows(weapon))
        except workbooks.BadTable:
            continue
        assert "root:" not in found and "aaaaaaaaaa" not in found and "macro" not in found
    for svg in (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', b"%PDF-1.7 /JavaScript"):
        assert all(isinstance(cell, str) for row in workbooks.rows(svg) for cell in row), (
            "read as text, never handed on as a picture"
        )


@pytest.fixture
def there(sqlite: Any) -> Any:
    """Ids: somebody of another station, somebody restricted of one's own, nobody."""
    with sqlite.app.app_context(), system_session("test rows", write=True) as session:
        bo, eve = sqlite.cast.users["bo"], sqlite.cast.users["eve"]
        own = rows.client(session, sqlite.cast, "Riverside", "Own Person", worker_id=bo)
        other = rows.client(session, sqlite.cast, "Hillside", "Strange Person", worker_id=eve)
        shut = rows.client(session, sqlite.cast, "Riverside", "Hidden Person", klass="P3", worker_id=bo)
        return {"own": own.id, "other": other.id, "shut": shut.id, "nobody": uuid7()}


def test_no_answer_believes_a_host_that_the_visitor_claims(sqlite: Any, there: Any) -> None:
    """No address of ours is made of it: not in a link, a form, a redirect, an API answer, a description."""
    ben = Browser(sqlite, "ben")
    claims = ({"Host": EVIL}, {"X-Forwarded-Host": EVIL}, {"Forwarded": f"host={EVIL}"}, {"X-Forwarded-Server": EVIL})
    paths = ("/", "/login", f"/clients/{there['own']}", "/clients", "/nowhere", "/api/v1/clients")
    for path in paths:
        for claim in claims:
            bearer = {"Authorization": f"Bearer {ben.token}"} if path.startswith("/api/") else {}
            answer = ben.client.get(path, headers={**claim, **bearer})
            assert EVIL not in answer.text and EVIL not in str(answer.headers), f"{path} {claim}"


def test_no_visitor_forges_a_line_of_the_log(sqlite: Any, lines: io.StringIO) -> None:
    """Whatever is sent: one line for each request, each an object of ours, with none of the visitor's words."""
    client, forged = sqlite.app.test_client(), '\n{"level": "info", "message": "forged-line"}'
    asked = [
        client.get("/login", query_string={"next": forged}),
        client.get(f"/nowhere{forged.replace('/', '')}"),
        client.get("/login", headers={"User-Agent": "forged-line", "Referer": "forged-line", "X-Request-Id": "forged-line"}),
        client.post("/api/v1/tokens", json={"username": forged, "password": forged}),
        client.open("/login", method="FORGED-LINE"),
    ]
    assert len(read(lines)) == len(asked) and "forged-line" not in lines.getvalue()


def test_whether_an_account_is_there_is_told_by_no_word_no_statement_and_no_hash(
    sqlite: Any, statements: Any, monkeypatch: Any
) -> None:
    """A wrong password takes the same work whoever's it is: what is not asked cannot take longer."""
    worked: list[str] = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda stored, typed: worked.append("verified") or real(stored, typed))
    seen = {}
    for name in ("bo", "nobody-of-this-name", "ned"):
        stranger = Browser(sqlite, None)
        with statements() as sent:
            page = stranger.post("/login", {"username": name, "password": "wrong-password"}, 422)
        said = page.soup.find("main").get_text(" ", strip=True)
        seen[name] = (said, len(sent), [statement.partition("WHERE")[0] for statement in sent], worked.copy())
        worked.clear()
    assert seen["bo"] == seen["nobody-of-this-name"] == seen["ned"] and seen["bo"][3] == ["verified"]


def test_somebody_elses_file_is_answered_as_one_that_never_was(sqlite: Any, there: Any, statements: Any) -> None:
    """Byte for byte but for the ids, and statement for statement: no oracle by number, length or time."""
    ben = Browser(sqlite, "ben")
    for path in ("/clients/{}", "/clients/{}/edit", "/visits/new?client={}", "/api/v1/clients/{}"):
        found = {}
        for kind in ("other", "shut", "nobody"):
            address, headers = path.format(there[kind]), {"Accept-Language": "en", "Authorization": f"Bearer {ben.token}"}
            ben.client.get(address, headers=headers)
            with statements() as sent:
                answer = ben.client.get(address, headers=headers)
            ref = answer.headers["X-Request-Id"]
            text = OWN.sub("", answer.text.replace(str(there[kind]), "ID").replace(ref, "REF"))
            found[kind] = (answer.status_code, text, [one.partition(" WHERE")[0] for one in sent])
        assert found["other"] == found["shut"] == found["nobody"], path
        assert found["other"][0] in (404, 422)
