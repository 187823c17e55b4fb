"""Pages of figures: a bureau's table, a release and its files, a station's own counts."""
# ruff: noqa: F401, F811 - fixtures are asked for by their names

import csv
import io
import zipfile
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from caseapp.core.periods import Quarter
from caseapp.reference.statistics import newest
from caseapp.services.statistics.refresh import refresh
from tests.cast import PASSWORD
from tests.services.statistics.fixtures import after_quarter, county, publish


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bureau_reads_every_table(publish: Any, web: Any, language: str) -> None:
    publish()
    pia = web("pia", language=language)
    listed = pia.get("/statistics/tables")
    tables = [link["href"] for link in listed.soup.select(".catalogue > li > a")]
    assert len(tables) == len(newest().tables)
    stars = 0
    for address in tables:
        kind = newest().table(address.partition("?")[0].rpartition("/")[2])
        area = "222403000000" if "county" in kind.levels else "222400000000"
        found = pia.get(address.partition("?")[0] + f"?area={area}")
        assert ("Disclosure-controlled" if language == "en" else "已作披露控制") in found.words
        assert found.soup.select_one(".note"), "its definition"
        stars += found.text.count('class="star"')
        for bar in found.soup.select(".chart .meter"):
            drawn = bar.select_one(".value-bar")
            assert (drawn is None) == (bar.b.get_text() == "*"), "nothing is drawn of what is not shown"
    assert stars > 20
    assert pia.get("/statistics/tables/on_file_age").soup.select_one(".chart[role=img]")


def test_a_crossed_table_has_its_margins(publish: Any, web: Any) -> None:
    """Rows and columns end in the totals that the tables beside it publish, and add up where nothing is hidden."""
    publish()
    page = web("pia").get("/statistics/tables/on_file_age_sex")
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.soup.select("table tbody tr")]
    assert len(rows) == 6 and all(len(row) == 3 for row in rows)
    for row in [*rows, *zip(*rows, strict=True)]:
        if all(text.isdigit() for text in row):
            assert sum(map(int, row[:-1])) == int(row[-1])
    assert rows[-1][-1] == "330"


def test_the_desk_of_a_bureau(publish: Any, web: Any) -> None:
    """Four figures with their base, chart beside table, a map of squares for a province and a city, the way down and up."""
    publish()
    pia = web("pia")
    page = pia.get("/statistics/")
    assert len(page.soup.select(".stats > div")) == 4
    assert "persons met" in page.words and "person-months" in page.words and "closed in the quarter" in page.words
    assert len(page.soup.select("svg.tilemap g")) == 60
    assert "not the real boundaries" in page.words
    told = {g.title.get_text(): g.rect["class"] for g in page.soup.select("svg.tilemap g")}
    assert told["county: 240"] == ["step-5"] and ["absent"] in told.values()
    city = pia.get(next(row["href"] for row in page.soup.select("#across .table tbody th a")))
    assert city.soup.select_one("svg.tilemap .own") and city.soup.select_one(".crumbs a")
    county = pia.get("/statistics/?area=222403000000&figure=rate")
    assert not county.soup.select("svg.tilemap") and county.soup.select_one(".chart[role=img]")
    assert [row.th.get_text() for row in county.soup.select("#across .table tbody tr")] == [
        "rivertown",
        "hilltown",
        "Town 0、Town 1",
        "county",
    ]
    assert "no live ones" in county.words and "ann" not in county.words.split()
    for wrong in ("figure=x", "area=999999999999", "period=2026Q1"):
        pia.get(f"/statistics/?{wrong}", status=404)
    assert "17 less 14 is 3" in pia.get("/statistics/why").words


def test_areas_and_quarters_are_compared_by_rates_with_their_n(publish: Any, web: Any) -> None:
    """A rate only where n and base are shown and large enough; the order is that of the tree; a view is kept by its codes."""
    publish(Quarter(2026, 2))
    publish()
    cora = web("cora")
    address = "/statistics/compare?table=visits_age&area=222403000000&cell=age_band%3D80%2B"
    page, told = cora.get(address), []
    for row in page.soup.select("table tbody tr"):
        cells = [cell.get_text(strip=True).replace(",", "") for cell in row.select("td")]
        assert len(cells) == 7
        for n, base, rate in (cells[:3], cells[3:6]):
            if n.isdigit() and base.isdigit() and int(n) >= 10 and int(base) >= 30:
                assert abs(float(rate) - 100 * int(n) / int(base)) < 0.051
            else:
                assert rate == ("too few" if n.isdigit() and base.isdigit() else "")
        if cells[6]:
            assert abs(float(cells[6]) - (float(cells[2]) - float(cells[5]))) < 0.051
        told.append(row.th.get_text())
    assert told == ["rivertown", "hilltown", "Town 0、Town 1", "county"]
    link = page.soup.select_one("ul.saved a.btn")["href"]
    kept = cora.post(link, cora.get(link).form() | {"name": "80 and over"})
    held = kept.soup.select_one("ul.saved a:not(.btn)")
    assert held.get_text() == "80 and over" and "age_band" in held["href"] and "80%20and" not in held["href"]
    web("oto").get(held["href"], status=404)
    assert web("pia").get(held["href"]).soup.select("table tbody tr")
    assert not web("pia").get(held["href"]).soup.select("ul.saved form"), "a view is its owner's"
    for wrong in (
        "table=visit_rate",
        "table=x",
        "cell=sex%3D9",
        "area=1",
        "period=2020Q1",
        "against=2020Q1",
        "table=on_file_age_sex",
    ):
        cora.get(f"/statistics/compare?{wrong}", status=404)


def test_views_of_the_desk_and_of_tables_are_kept_too(publish: Any, web: Any) -> None:
    """A link with codes, offered on the page it belongs to and on no other."""
    publish()
    cora = web("cora")
    desk, table = "/statistics/?area=222403000000&figure=rate", "/statistics/tables/visits_age?area=222403000000"
    for name, address, other in (("rates", desk, table), ("ages", table, desk)):
        kept = cora.post(
            link := cora.get(address).soup.select_one("ul.saved a.btn")["href"], cora.get(link).form() | {"name": name}
        )
        held = kept.soup.select_one("ul.saved a:not(.btn)")
        assert held.get_text() == name and name not in held["href"] and kept.address == address.partition("?")[0]
        assert name not in cora.get(other).soup.select_one("ul.saved").get_text()
    assert not cora.get("/statistics/").soup.select("ul.saved a.btn"), "nothing is chosen there"


def test_every_asterisk_has_a_page_that_explains_it(publish: Any, web: Any) -> None:
    """The rules and the sums as published, never which rule it was; a figure that is shown leads back to its table."""
    publish()
    pia, seen = web("pia"), 0
    for table in ("on_file_age", "on_file_age_sex", "hours", "visit_rate", "ended_reason", "on_file_group"):
        area = "222400000000" if table == "ended_reason" else "222403000000"
        page = pia.get(f"/statistics/tables/{table}?area={area}")
        stars = page.soup.select("table .star")
        for star in stars[:: max(1, len(stars) // 3)]:
            why, seen = pia.get(star["href"]), seen + 1
            assert "may stand for 0 or for a larger number" in why.words and "17 less 14 is 3" in why.words
            rules = why.words.partition("What can hide it")[2].partition("What is shown instead")[0]
            assert ("both numbers" in rules) if table == "visit_rate" else ("Another cell would be told" in rules)
            assert ("makes up most" in rules) == (table == "hours") and ("From 1 to" in rules) == (
                table not in ("hours", "visit_rate")
            )
            for shown in why.soup.select("section table"):
                assert shown.get_text(), "as published"
        checked = page.soup.select_one("[data-sum-check]")
        assert (checked is None) == (table in ("visit_rate", "on_file_group")) and (
            checked is None or checked["data-sum-check"].endswith("/0")
        )
    assert seen > 8
    shown = pia.get("/statistics/tables/on_file_age/why?area=222403000000")
    assert shown.address == "/statistics/tables/on_file_age"
    for wrong in ("cell=sex%3D1", "cell=x", "area=1", "period=2026Q1", "cell=age_band%3D99"):
        pia.get(f"/statistics/tables/on_file_age/why?{wrong}", status=404)


def test_a_quarter_is_compared_with_the_one_before_by_what_both_show(publish: Any, web: Any) -> None:
    publish(Quarter(2026, 2))
    publish()
    page = web("cora").get("/statistics/?figure=visits")
    assert "the quarter before" in page.words
    for row in page.soup.select("#across .table tbody tr, #changed .table tbody tr"):
        now, before, difference = (cell.get_text(strip=True).replace(",", "") for cell in row.select("td"))
        if "*" not in now + before and "—" not in now + before:
            assert abs(float(difference) - (float(now) - float(before))) < 0.06
        else:
            assert difference == "", "nothing is told from what is not shown"


def test_every_page_of_figures_takes_the_same_few_statements(publish: Any, web: Any, statements: Any) -> None:
    publish()
    pia = web("pia")
    for address in (
        "/statistics/",
        "/statistics/tables",
        "/statistics/tables/services_item",
        "/statistics/tables/on_file_age_sex",
    ):
        counts = []
        for area in ("220000000000", "222403000000"):
            with statements() as seen:
                pia.get(f"{address}?area={area}")
            counts.append(len(seen))
        assert counts[0] <= 24 and abs(counts[0] - counts[1]) <= 1, (address, counts)


def test_what_a_county_stresses_stands_beside_its_figures(publish: Any, web: Any) -> None:
    publish()
    cora = web("cora")
    form = cora.get("/statistics/focus").form("/focus")
    assert "Nothing is marked yet" in cora.get("/statistics/").words
    sent = {**form, "brand": "银龄守护", "brand_text": "一键呼叫，邻里结对", "groups": ["EL03"], "items": ["B1.1", "B1.3"]}
    assert "Saved." in cora.post("/statistics/focus", sent).words
    later = {**cora.get("/statistics/focus").form("/focus"), "version": form["version"], "brand": "另一个"}
    stale = cora.post("/statistics/focus", later, status=409)
    assert "另一个" in stale.text, "what was typed is kept"
    for name, address in (
        ("cora", "/statistics/"),
        ("pia", "/statistics/?area=222403000000"),
        ("cora", "/statistics/tables/hours"),
    ):
        words = web(name).get(address).words
        assert "银龄守护" in words and "visiting care" in words, address
    assert "银龄守护" not in web("oto").get("/statistics/").words, "another county"
    wrong = cora.post("/statistics/focus", {**cora.get("/statistics/focus").form("/focus"), "groups": ["MF04"]}, status=422)
    assert "Choose one of the answers offered." in wrong.words
    web("pia").get("/statistics/focus", status=403)
    web("ann").get("/statistics/focus", status=403)


def test_what_is_not_published_is_not_there(publish: Any, web: Any) -> None:
    cora = web("cora")
    assert "Nothing is released yet" in cora.get("/statistics/").words
    publish()
    for address in (
        "tables/x",
        "tables/on_file_age?period=2026Q2",
        "tables/on_file_age?area=220122000000",
        "tables/on_file_age?area=222403104000",
        "tables/cases_active?area=222403101000",
        "?area=220122000000",
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
        assert first["Protection"] == "Disclosure-controlled"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
            inside = b"".join(parts.read(name) for name in parts.namelist() if "sheet" in name)
        assert b"<f>" not in inside
        assert b'state="hidden"' not in answer.data
    held = [kind for kind in newest().tables if "county" in kind.levels]  # what a county has a part in
    assert len(sheets) == len(held) + 1 < len(newest().tables) + 1
    listed = cora.get("/statistics/tables").soup.select(".catalogue > li > a")
    assert len(listed) == len(held)
    table = sheets[book.sheet_names[1]]
    assert any(row[1] == "county" and isinstance(row[-1], float) and row[-1] == 240 for row in table)
    assert any("*" in row for sheet in sheets.values() for row in sheet)


def test_one_table_alone_and_what_others_may_not_fetch(publish: Any, web: Any) -> None:
    release = publish()
    cora, address = web("cora"), f"/statistics/releases/{release.id}"
    page = cora.get(f"{address}?table=on_file_age_sex")
    assert page.soup.select_one("select[name=table] option[selected]")["value"] == "on_file_age_sex"
    sent = {**page.form("/exports"), "format": "csv", "purpose": "for the council"}
    link = cora.post(f"{address}/exports", sent).soup.select_one("#exports a")
    assert link.get_text().endswith("on_file_age_sex.csv")
    answer = cora.client.get(link["href"], headers=cora.headers)
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    header = next(line for line in lines if line[:2] == ["Code", "Area"])
    assert header[3:] == ["Age band", "Male", "Female, and sex unknown"]
    assert ["What it is for", "for the council"] in lines and any(line and line[0].startswith("Persons:") for line in lines)
    for stranger in ("oto", "pia"):
        web(stranger).get(link["href"], status=404)
    number = next(line[1] for line in lines if line[:1] == ["Copy"])
    asked = f"/statistics/copies?number={number[:4]}+{number[4:]}"
    assert "for the council" in web("pia").get(asked).words and "Cora" in cora.get(asked).words
    assert "no copy of this number" in web("oto").get(asked, status=404).words
    assert "no copy of this number" in cora.get("/statistics/copies?number=%3Cb%3E", status=404).words
    wrong = cora.post(f"{address}/exports", {**cora.get(address).form("/exports"), "table": "x", "purpose": "p"}, status=422)
    assert "not part of the release" in wrong.words


def test_a_station_sees_its_own_counts_on_screen_only(county: Any, web: Any) -> None:
    for name in ("ann", "bo"):
        words = web(name).get("/statistics/station").words
        assert "Persons on file" in words and "so far" in words
    assert "120 persons" in web("ann").get("/statistics/station?period=2026Q3").words
    assert "64 persons" in web("hal").get("/statistics/station").words
    web("ann").get("/statistics/station?period=2031Q1", status=404)
    web("cora").get("/statistics/station", status=403)
    web("ann").get("/statistics/", status=403)


def test_the_words_of_a_station_are_those_of_the_release(publish: Any, web: Any) -> None:
    """What a head sees of the quarter is what the release counts for the township, where it is shown."""
    publish()
    station = web("ann").get("/statistics/station?period=2026Q3")
    own = {table.caption.get_text(): table for table in station.soup.select(".figure-tables table")}
    county = web("cora")
    for kind in newest().tables:
        if len(kind.dimensions) != 1 or kind.derived or "township" not in kind.levels:
            continue
        page = county.get(f"/statistics/tables/{kind.code}?area=222403101000")
        assert kind.fact("definition", "en") in page.words and kind.fact("definition", "en") in station.words
        total = page.soup.select(".table tbody tr")[-1].select("td")[-1].get_text(strip=True)
        live = own[kind.en].select("tr.total td")[0].get_text(strip=True)
        assert total in (live, "*not shown"), kind.code


def test_the_province_prepares_a_quarter_and_a_second_officer_publishes_it(engine: Any, county: Any, web: Any) -> None:
    """Only what is over and counted; a refusal is a sentence, nobody else has the form, and nobody decides on the own work."""
    pia, pat = web("pia"), web("pat")
    form = pia.get("/statistics/releases").form("/releases")
    assert "Run the refresh" in pia.post("/statistics/releases", {**form, "period": "2026Q3", "reason": "end"}, status=409).words
    with engine.app.app_context():
        refresh(Quarter(2026, 3))
    form = pia.get("/statistics/releases").form("/releases")
    sent = {**form, "period": "2026Q3", "reason": ""}
    assert "Please fill this in." in pia.post("/statistics/releases", sent, status=422).words
    mine = pia.post("/statistics/releases", {**sent, "reason": "end of quarter"})
    assert "Waits for a second person" in mine.words and not mine.soup.select("#approve") and mine.soup.select("#cancel")
    address = mine.address
    assert pia.client.get(address, headers={"X-Fragment": "1"}).text.count("<html") == 0
    web("cora").get(address, status=403)
    cora = web("cora")
    assert not cora.get("/statistics/releases").soup.select("form[action$=releases]")
    assert "Nothing is released yet" in cora.get("/statistics/").words, "what is prepared is shown to nobody"
    cora.post("/statistics/releases", {**cora.get("/account").form("logout"), "period": "2026Q3", "reason": "x"}, status=403)
    assert pat.get("/statistics/releases").soup.select_one("#preparations a")["href"] == address
    theirs = pat.get(address)
    assert len(theirs.soup.select(".table tbody tr")) == len(newest().tables) and "not shown" not in theirs.soup.select("td")
    wrong = pat.post(f"{address}/publish", {**theirs.form("/publish"), "password": "guessed-wrongly"}, status=422)
    assert "This is not your present password." in wrong.words
    pia.post(f"{address}/publish", {"password": PASSWORD}, status=403)
    done = pat.post(f"{address}/publish", {**theirs.form("/publish"), "password": PASSWORD})
    assert "Published." in done.words and "Pia" in done.words and "Pat" in done.words
    assert done.soup.select_one(".mono") and "Published" in pia.get(address).words


def test_a_preparation_is_refused_with_words(engine: Any, county: Any, web: Any) -> None:
    pia, pat = web("pia"), web("pat")
    with engine.app.app_context():
        refresh(Quarter(2026, 3))
    form = pia.get("/statistics/releases").form("/releases")
    address = pia.post("/statistics/releases", {**form, "period": "2026Q3", "reason": "end of quarter"}).address
    theirs = pat.get(address)
    assert "Please fill this in." in pat.post(f"{address}/refuse", {**theirs.form("/refuse"), "words": ""}, status=422).words
    said = pat.post(f"{address}/refuse", {**theirs.form("/refuse"), "words": "two stations are missing"}).words
    assert "Refused" in said and "two stations are missing" in said
    assert "two stations are missing" in pia.get(address).words
    pat.post(f"{address}/publish", {"password": PASSWORD}, status=409)
