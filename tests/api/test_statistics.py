"""Figures by API: the cells of a release, its exports as stored bytes, nothing for those who may not."""
# ruff: noqa: F401, F811 - fixtures are asked for by their names

import csv
import io
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core.periods import Quarter
from caseapp.models.trust import AuditEntry
from caseapp.reference.statistics import newest
from caseapp.services.statistics.refresh import refresh
from tests.cast import PASSWORD
from tests.services.statistics.fixtures import after_quarter, county, publish


def test_a_county_reads_its_part_of_a_table(publish: Any, web: Any) -> None:
    release = publish()
    cora, oto = web("cora"), web("oto")
    assert [t["code"] for t in cora.api("GET", "/statistics/tables", status=200).json["items"]] == [
        table.code for table in newest().tables
    ]
    found = cora.api("GET", "/statistics/tables/on_file_age?period=2026Q3", status=200).json
    assert found["release"] == str(release.id)
    assert found["protection"] == "Disclosure-controlled"
    assert {cell["geo"] for cell in found["cells"]} == {"222403000000", "222403101000", "222403102000", "222403000000-1"}
    shown = {(cell["geo"], cell["dims"].get("age_band", "")): cell["count"] for cell in found["cells"]}
    assert shown["222403000000", ""] == "240"
    crossed = cora.api("GET", "/statistics/tables/on_file_age_sex", status=200).json
    assert crossed["dimensions"] == ["age_band", "sex"]
    assert {cell["geo"] for cell in crossed["cells"]} == {"222403000000"}, "two dimensions never meet below the county"
    assert all(cell["dims"].keys() in ({"age_band", "sex"}, set()) for cell in crossed["cells"])
    assert cora.api("GET", "/statistics/tables/on_file_age?area=222403101000", status=200).json["areas"][0]["level"] == "township"
    for path, status in (
        ("/statistics/tables/on_file_age?area=220122000000", 404),
        ("/statistics/tables/on_file_age?area=222400000000", 404),
        ("/statistics/tables/on_file_age?period=2026Q2", 404),
        ("/statistics/tables/on_file_age?period=2026M08", 404),
        ("/statistics/tables/on_file_age?period=2026M13", 422),
        ("/statistics/tables/on_file_age?station=1", 422),
        ("/statistics/tables/nothing", 404),
    ):
        cora.api("GET", path, status=status)
    assert {cell["geo"] for cell in oto.api("GET", "/statistics/tables/visits_sex", status=200).json["cells"]} == {
        "220122000000",
        "220122100000",
    }


@pytest.mark.parametrize("name", ["bo", "ann", "tao", "dee", "sam", "con"])
def test_others_have_no_figures(sqlite: Any, web: Any, name: str) -> None:
    browser = web(name)
    for path in ("/statistics/tables", "/statistics/tables/on_file_age", "/statistics/releases"):
        browser.api("GET", path, status=403)


def test_a_release_is_made_once_by_the_highest_bureau(engine: Any, county: Any, web: Any) -> None:
    pia, body = web("pia"), {"period": "2026Q3", "reason": "the end of the quarter"}
    assert pia.api("POST", "/statistics/releases", body, status=409).json["code"] == "no_facts"
    with engine.app.app_context():
        refresh(Quarter(2026, 3))
    for wrong in ({"period": "2026Q3"}, {**body, "period": "2026M3"}, {**body, "more": 1}):
        pia.api("POST", "/statistics/releases", wrong, status=422)
    web("cora").api("POST", "/statistics/releases", body, status=403)
    web("ann").api("POST", "/statistics/releases", body, status=403)
    made = pia.api("POST", "/statistics/releases", body, status=202)
    address = made.headers["Location"]
    assert made.json["state"] == "ready" and made.json["percent"] == 100
    assert pia.api("GET", address, status=200).json == made.json
    web("cora").api("GET", address, status=403)
    assert pia.api("POST", "/statistics/releases", body, status=409).json["code"] == "being_prepared"
    assert pia.api("GET", "/statistics/releases", status=200).json["items"] == [], "not yet"
    pat = web("pat")
    assert pia.api("POST", f"{address}/publish", {"password": PASSWORD}, status=403)
    assert "password" in pat.api("POST", f"{address}/publish", {"password": "guessed-wrongly"}, status=422).json["fields"]
    released = pat.api("POST", f"{address}/publish", {"password": PASSWORD}, status=201)
    assert released.json["made_by"] == "Pia" and released.json["checked_by"] == "Pat" and len(released.json["head"]) == 64
    assert pia.api("GET", released.headers["Location"], status=200).json == released.json
    assert pia.api("GET", address, status=200).json["release_id"] == released.json["id"]
    for verb, sent in (("publish", {"password": PASSWORD}), ("refuse", {"words": "x"}), ("cancel", {"words": "x"})):
        pat.api("POST", f"{address}/{verb}", sent, status=409)
    assert pia.api("POST", "/statistics/releases", body, status=409).json["code"] == "released"
    assert pia.api("POST", "/statistics/releases", {**body, "period": "2026Q4"}, status=409)


def test_releases_are_read(publish: Any, web: Any) -> None:
    release = publish()
    pia = web("pia")
    found = pia.api("GET", "/statistics/releases", status=200).json
    assert [row["period"] for row in found["items"]] == ["2026Q3"]
    assert pia.api("GET", f"/statistics/releases/{release.id}", status=200).json["cells_sha256"] == release.cells_sha256


def test_an_export_is_stored_bytes_for_one_grant(engine: Any, publish: Any, web: Any) -> None:
    release = publish()
    cora, oto = web("cora"), web("oto")
    path = f"/statistics/releases/{release.id}/exports"
    for wrong in ({"format": "csv"}, {"format": "pdf", "purpose": "x"}, {"format": "csv", "purpose": "x", "more": 1}):
        assert "x" not in cora.api("POST", path, wrong, status=422).json.get("detail", "")
    body = {"format": "csv", "purpose": "=Report to the county"}
    made = cora.api("POST", path, body, status=201, Idempotency_Key="key-of-this-export")
    again = cora.api("POST", path, body, status=201, Idempotency_Key="key-of-this-export")
    assert again.json == made.json
    assert again.headers["Location"] == made.headers["Location"]
    address = made.headers["Location"]
    first, second = (cora.api("GET", address, status=200) for _turn in range(2))
    assert first.data == second.data
    assert first.mimetype == "text/csv"
    oto.api("GET", address, status=404)
    lines = list(csv.reader(io.StringIO(first.data.decode("utf-8-sig"))))
    assert ["What it is for", "'=Report to the county"] in lines
    assert ["Made by", "Cora"] in lines
    assert not any("220122100000" in line for line in lines), "another county's figures"
    number = next(line[1] for line in lines if line[:1] == ["Copy"])
    for name in ("cora", "cyr", "pia"):
        told = web(name).api("GET", f"/statistics/copies/{number.upper()}", status=200).json
        assert (told["made_by"], told["bureau"], told["purpose"]) == ("Cora", "County bureau", body["purpose"])
        assert told["release"] == str(release.id) and told["sha256"] == made.json["sha256"]
    stranger, nobodys = (oto.api("GET", f"/statistics/copies/{each}", status=404) for each in (number, "0" * 12))
    assert stranger.json | {"ref": ""} == nobodys.json | {"ref": ""}
    web("ann").api("GET", f"/statistics/copies/{number}", status=403)
    with engine.app.app_context(), system_session("test") as session:
        events = session.scalars(select(AuditEntry.event).where(AuditEntry.event.startswith("statistics.export"))).all()
        asked = session.scalars(select(AuditEntry.user_id).where(AuditEntry.event == "statistics.copy_looked_up")).all()
    assert sorted(events) == ["statistics.export_fetched"] * 2 + ["statistics.exported"]
    assert set(asked) == {engine.cast.users[name] for name in ("cora", "cyr", "pia")}
