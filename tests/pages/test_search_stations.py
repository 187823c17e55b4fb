"""Search over every station of a grant, with the station said; and the files the reader opened last."""

from typing import Any

import pytest

from caseapp.access.system import system_session
from tests import rows


@pytest.fixture
def ids(engine: Any) -> dict[str, Any]:
    """A Wang at each of three stations, one restricted."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        made = {
            station: rows.client(session, engine.cast, station, f"Wang {station}", name_key=f"wang {station.lower()}")
            for station in ("Riverside", "Hillside", "Faraway")
        }
        rows.client(session, engine.cast, "Hillside", "Wang Secret", name_key="wang secret", klass="P3")
        case = rows.case(session, made["Riverside"], engine.cast.users["bo"], status="serving")
        return {name: row.id for name, row in made.items()} | {"case": case.id}


def found(page: Any) -> list[str]:
    """The lines of what was found or opened."""
    return [" ".join(row.text.split()) for row in page.soup.select("ul.queue > li")]


def test_over_the_stations_of_the_grant_and_no_further(ids: Any, web: Any) -> None:
    lines = found(web("chen").post("/clients/search", {"q": "wang"}))
    assert len(lines) == 2 and "Hillside station" in lines[0] and "Riverside station" in lines[1]
    assert "Nobody found at your stations." in web("chen").post("/clients/search", {"q": "zhao"}).words
    alone = found(web("bo").post("/clients/search", {"q": "wang"}))
    assert len(alone) == 1 and "Riverside station" not in alone[0], "one station needs no name"
    chen = web("chen")
    names = {row["name"] for row in chen.api("POST", "/clients/search", {"q": "wang"}, 200).json["items"]}
    assert names == {"Wang Riverside", "Wang Hillside"}


def test_files_opened_last_come_first_and_only_the_readers_own(ids: Any, web: Any, engine: Any) -> None:
    chen = web("chen")
    assert "opened last" not in chen.get("/clients/search").words
    for url in (f"/clients/{ids['Riverside']}", f"/clients/{ids['Hillside']}", f"/elderly/cases/{ids['case']}"):
        chen.get(url)
    lines = found(chen.get("/clients/search"))
    assert len(lines) == 2, "the person of a case is not said twice"
    assert "Wang Riverside" in lines[0] and "In service" in lines[0] and "Wang Hillside" in lines[1], lines
    assert found(web("tao").get("/clients/search")) == []
    with engine.app.app_context(), system_session("moved", write=True) as session:
        from caseapp.models.casework import Client

        session.get_one(Client, ids["Hillside"]).klass = "P3"
    assert not any("Hillside" in line for line in found(chen.get("/clients/search"))), "what is shut is not remembered"
