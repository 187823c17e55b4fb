"""Reports and circulars: drafted from released cells, with the bureau's own text, for its bureau alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from caseapp.access.system import system_session
from caseapp.cli.bench.dashboard import release
from caseapp.core.periods import Quarter

COUNTY = "222403000000"


@pytest.fixture
def released(engine: Any, cast: Any) -> Iterator[Callable[..., None]]:
    """Writes releases with numbers by chance, which no protection has seen; the clock stands on 12 October 2026."""

    def write(*quarters: Quarter) -> None:
        with engine.app.app_context(), system_session("releases", write=True) as session:
            for number, quarter in enumerate(quarters, 1):
                release(session, quarter, number, 9)

    with time_machine.travel("2026-10-12T02:00:00+00:00", tick=True):
        yield write


Q2, Q3 = Quarter(2026, 2), Quarter(2026, 3)


def figures(page: Any, caption: str) -> dict[str, list[str]]:
    """Of one table of a sheet: line → its cells."""
    table = next(table for table in page.soup.select("table") if table.caption.get_text() == caption)
    return {
        row.th.get_text(" ", strip=True): [cell.get_text(" ", strip=True).replace(",", "") for cell in row.select("td")]
        for row in table.select("tbody tr")
    }


def test_a_year_adds_up_what_adds_up(released: Any, web: Any) -> None:
    """Sums of shown quarters only, stocks at the end, no sum of humans; every number stands in a published table too."""
    released(Q2, Q3)
    pia = web("pia")
    page = pia.get(f"/statistics/documents/yearly/2026/sheet?area={COUNTY}")
    told = figures(page, "The work of the year")
    assert [len(cells) for cells in told.values()] == [5] * len(told)
    for line, (one, two, three, four, year) in told.items():
        assert one == four == "—", "not released"
        if line.startswith(("Visits ", "Services ", "Cases opened", "Cases closed", "Consultations")):
            both = [two, three]
            assert year == (str(sum(map(int, both))) if all(text.isdigit() for text in both) else "* not shown: why")
        elif line.startswith(("Persons on file", "Open cases")):
            assert year == three
        elif line.startswith(("Persons met", "New on file", "No longer", "Monthly visit rate")):
            assert year == "—", "one human would count twice"
    table = pia.get(f"/statistics/tables/visits_sex?area={COUNTY}").soup.select("table tbody tr")[-1].select("td")[-1]
    assert told["Visits attendances"][2] == table.get_text(strip=True).replace(",", "")
    areas = figures(page, "Across the area")
    assert list(areas) == ["River township", "Hill township", "County bureau"]
    assert "Not the whole year is released yet" in page.words and "Threshold" in page.words
    kept = {label.get_text() for label in page.soup.select(".definitions dt")}
    assert len(kept) > 12
    assert page.soup.select(".sheet .signed") and "2026Q3 / 2" in page.words


def test_a_circular_says_what_changed_and_ranks_nobody(released: Any, web: Any) -> None:
    released(Q2, Q3)
    page = web("cora").get("/statistics/documents/circular/2026Q3/sheet")
    changes = figures(page, "Changes from quarter to quarter")
    for now, then, difference in changes.values():
        if now.isdigit() and then.isdigit():
            assert int(difference.replace("−", "-")) == int(now) - int(then)
        else:
            assert difference in ("", "0") or "." in now
    rows = figures(page, "Across the area")
    assert list(rows) == ["River township", "Hill township", "County bureau"], "the order of the tree"
    for on_file, visits, per, *_more in rows.values():
        if on_file.isdigit() and visits.isdigit():
            assert per in ("too few", f"{100 * int(visits) / int(on_file):.1f}")
        else:
            assert per == ""
    assert "due on" in page.words and "Definitions" in page.words


def test_the_own_text_is_kept_for_the_bureau_alone(released: Any, web: Any) -> None:
    """Whoever saves over a colleague's text is told; the trail holds no word of it; another bureau has a draft of its own."""
    released(Q3)
    cora, address = web("cora"), f"/statistics/documents/circular/2026Q3?area={COUNTY}"
    page = cora.get(address)
    first = page.form() | {"practice": "河边镇的结对做法\n值得推广。", "number": "县民发〔2026〕12号"}
    second = cora.get(address).form() | {"practice": "另一位"}
    sheet = cora.post(address, first)
    assert [line.get_text() for line in sheet.soup.select(".own")] == ["河边镇的结对做法", "值得推广。"]
    assert "县民发〔2026〕12号" in sheet.words and "Good practice" in sheet.words
    again = cora.post(address, second, status=409)
    assert "Somebody changed this meanwhile" in again.words
    assert "值得推广" in cora.get("/statistics/documents").words or "12号" in cora.get("/statistics/documents").words
    other = web("pia").get(f"/statistics/documents/circular/2026Q3/sheet?area={COUNTY}")
    assert "值得推广" not in other.words
    changed = cora.get(address).form() | {"practice": ""}
    assert not cora.post(address, changed).soup.select(".own"), "what is empty is left out"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_documents_are_listed_and_what_is_not_there_is_refused(released: Any, web: Any, language: str) -> None:
    released(Q3)
    pia = web("pia", language=language)
    listed = pia.get("/statistics/documents")
    links = [link["href"] for link in listed.soup.select("#drafts a.strong")]
    assert [link.partition("?")[0] for link in links] == [
        "/statistics/documents/yearly/2026/sheet",
        "/statistics/documents/circular/2026Q3/sheet",
    ]
    for link in links:
        assert pia.get(link).soup.select("table")
    for wrong in ("yearly/2025", "circular/2026Q2", "circular/2026", "yearly/2026Q3", "x/2026"):
        pia.get(f"/statistics/documents/{wrong}", status=404)
        pia.get(f"/statistics/documents/{wrong}/sheet", status=404)
    pia.get("/statistics/documents/yearly/2026/sheet?area=999999999999", status=404)
    web("oto").get(f"/statistics/documents/yearly/2026/sheet?area={COUNTY}", status=404)
    web("bo").get("/statistics/documents", status=403)
