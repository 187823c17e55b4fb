"""Filters kept by name: on their own list, for their owner under one grant, twenty at most, and no word of theirs in an address."""

from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from caseapp.access.system import system_session
from caseapp.models.trust import SavedFilter
from tests import rows

NAME = "王大爷那边"


@pytest.fixture
def laid(engine: Any) -> Any:
    """Two persons of different risk with a case each."""
    cast = engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        for name, risk in (("Wang", "red"), ("Li", "green")):
            person = rows.client(session, cast, "Riverside", name, risk=risk, worker_id=cast.users["bo"])
            rows.case(session, person, cast.users["bo"], risk=risk)
    return engine


def kept(page: Any) -> dict[str, str]:
    """Name → address of the saved filters of a list."""
    return {link.text: link["href"] for link in page.soup.select("ul.saved a:not(.btn)")}


def keep(browser: Any, url: str, name: str, status: int = 200) -> Any:
    """Saves what is chosen at an address, by the link of the list."""
    link = browser.get(url).soup.select_one("ul.saved a.btn")["href"]
    return browser.post(link, browser.get(link).form() | {"name": name}, status)


@pytest.mark.parametrize(
    "url", ["/clients?risk=red&order=due&village=", "/cases?risk=red", "/elderly/cases?risk=red", "/visits?show=all&risk=red"]
)
def test_kept_opened_again_and_forgotten(laid: Any, web: Any, url: str) -> None:
    bo, path = web("bo"), url.partition("?")[0]
    page = keep(bo, url, NAME)
    assert page.address == path and "Saved." in page.words
    held = kept(page)
    assert list(held) == [NAME] and quote(NAME) not in held[NAME] and "risk=red" in held[NAME]
    assert kept(bo.get(path)) == held, "there when nothing is chosen too"
    assert "ul.saved a.btn" and bo.get(held[NAME]).soup.select("ul.saved a.btn") == [], "nothing new to keep"
    for other in {"/clients", "/cases", "/visits", "/assistance/cases"} - {path}:
        assert kept(bo.get(other)) == {}
    remove = bo.get(held[NAME]).soup.select_one("ul.saved form")["action"]
    assert kept(bo.post(remove)) == {}


def test_the_owners_alone_and_sealed(laid: Any, web: Any) -> None:
    bo, ben = web("bo"), web("ben")
    held = kept(keep(bo, "/clients?risk=red", NAME))
    remove = bo.get(held[NAME]).soup.select_one("ul.saved form")["action"]
    assert kept(ben.get("/clients?risk=red")) == {}
    ben.post(remove, status=404)
    web("dee").get("/filters/new", 403)
    with laid.app.app_context(), system_session("raw") as session:
        (row,) = session.execute(sa.select(SavedFilter.__table__)).all()
    assert NAME.encode() not in row.name_enc and row.chosen == {"risk": "red"}


def test_a_name_taken_again_is_replaced_and_twenty_are_enough(laid: Any, web: Any) -> None:
    bo = web("bo")
    assert len(kept(keep(bo, "/clients?risk=red", NAME))) == 1
    held = kept(keep(bo, "/clients?risk=green", NAME))
    assert list(held) == [NAME] and "risk=green" in held[NAME]
    village = "/clients?village={}"
    for number in range(19):
        keep(bo, village.format(222403101300 + number), f"no {number}")
    refused = keep(bo, "/clients?risk=blue", "one more", 422)
    assert "20 filters" in refused.words and "one more" in str(refused.soup.select_one("#name"))


def test_what_is_no_filter_is_refused(laid: Any, web: Any) -> None:
    bo = web("bo")
    blank = bo.get("/filters/new").form()
    for query in ("", "risk=purple", "name=Wang", "risk=red&worker=nobody", "cursor=abc", "state=%00"):
        assert (
            "Choose filters on the list first" in bo.post("/filters/new", blank | {"name": "x", "query": query or "&"}, 422).words
        )
    bo.post("/filters/new", blank | {"name": "x", "query": "risk=red", "listing": "users"}, 422)
    bo.post("/filters/new", blank | {"name": " ", "query": "risk=red"}, 422)
    assert kept(bo.get("/clients")) == {}
