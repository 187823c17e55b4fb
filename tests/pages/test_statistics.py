"""Pages of figures: a bureau's table, a release and its files, a station's own counts."""
# ruff: noqa: F401, F811 - fixtures are asked for by their names

import io
import zipfile
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.services.statistics.fixtures import after_quarter, county, publish


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bureau_reads_every_table(publish: Any, web: Any, language: str) -> None:
    publish()
    pia = web("pia", language=language)
    page = pia.get("/statistics/")
    tables = [option["value"] for option in page.soup.select("select[name=table] option")]
    assert len(tables) == 12
    stars = 0
    for table in tables:
        found = pia.get(f"/statistics/?table={table}&area=222403000000")
        assert ("Preliminary protection" if language == "en" else "初步保护") in found.words
        stars += found.text.count('class="star"')
    assert stars > 5
    assert found.soup.select_one(".chart[role=img]")
    assert "Cut-off" in found.words or language == "zh"


def test_what_is_not_published_is_not_there(publish: Any, web: Any) -> None:
    cora = web("cora")
    assert "Nothing is released yet" in cora.get("/statistics/").words
    publish()
    for address in (
        "?table=x",
        "?period=2026Q2",
        "?area=220122000000",
        "?area=222403104000",
        "?table=cases_active&area=222403101000",
    ):
        cora.get(f"/statistics/{address}", status=404)


def test_an_excel_file_says_what_it_is_and_has_no_formula(publish: Any, web: Any) -> None:
    release = publish()
    cora = web("cora")
    address = f"/statistics/releases/{release.id}"
    form = cora.get(address).form("/exports")
    assert "Please fill this in." in cora.post(f"{address}/exports", {**form, "purpose": " "}, status=422).words
    for purpose in ("=1+1", "@SUM(A1)", "+1", "-1"):
        page = cora.get(address)
        page = cora.post(f"{address}/exports", {**page.form("/exports"), "format": "xlsx", "purpose": purpose})
        link = page.soup.select_one("#exports a")["href"]
        answer = cora.client.get(link, headers=cora.headers)
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
        first = dict(row[:2] for row in sheets[book.sheet_names[0]] if len(row) > 1)
        assert first["What it is for"] == purpose
        assert first["Made by"] == "Cora"
        assert first["Protection"] == "Preliminary protection"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
            inside = b"".join(parts.read(name) for name in parts.namelist() if "sheet" in name)
        assert b"<f>" not in inside
        assert b'state="hidden"' not in answer.data
    assert len(sheets) == 13
    table = sheets[book.sheet_names[1]]
    assert any(row[1] == "county" and isinstance(row[-1], float) and row[-1] == 240 for row in table)
    assert any("*" in row for row in table)


def test_a_station_sees_its_own_counts_on_screen_only(county: Any, web: Any) -> None:
    for name in ("ann", "bo"):
        words = web(name).get("/statistics/station").words
        assert "Persons on file" in words
    assert "120 persons" in web("ann").get("/statistics/station?span=quarter").words
    assert "64 persons" in web("hal").get("/statistics/station").words
    web("cora").get("/statistics/station", status=403)
    web("ann").get("/statistics/", status=403)
