"""Safe contact: read before a number is shown, a sign on every list one calls from, no number on paper without a tick."""

from typing import Any

import pytest
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from tests import rows

WORDS, NUMBER = "只在上午打，接通先说是村里", "13800002206"


@pytest.fixture
def person(engine: Any) -> Any:
    """Wang, with a phone and an agreement, due today; and Li, with a phone and none."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        found = {}
        for name, agreed in (("王淑华", WORDS), ("李敏", None)):
            due = {"next_visit_on": clock.today(), "next_visit_rule": "risk_orange", "safe_contact": agreed}
            row = rows.client(session, engine.cast, "Riverside", name, worker_id=engine.cast.users["bo"], **due)
            contact = c.Contact(id=uuid7(), client_id=row.id, kind="own", created_at=clock.now())
            contact.phone = NUMBER
            contact.belongs_to(row)
            session.add(contact)
            found[name] = (row.id, contact.id)
        return found


def test_the_agreement_is_read_before_the_number_is_shown(web: Any, person: Any) -> None:
    bo = web("bo")
    client, contact = person["王淑华"]
    url = f"/clients/{client}/reveal/contact/{contact}"
    first = bo.post(url)
    assert WORDS in first.words and NUMBER not in first.text
    assert NUMBER in bo.post(url, {"read": "1"}).text
    client, contact = person["李敏"]
    assert NUMBER in bo.post(f"/clients/{client}/reveal/contact/{contact}").text


def test_lists_one_calls_from_carry_the_sign(web: Any, person: Any) -> None:
    bo = web("bo")
    for url in ("/", "/visits"):
        page = bo.get(url)
        lines = [line.get_text(" ") for line in page.soup.select("ul.work li")]
        assert {("Safe contact" in line) for line in lines if "王淑华" in line} == {True}, url
        assert {("Safe contact" in line) for line in lines if "李敏" in line} == {False}, url
    assert WORDS in bo.get("/visits/round?village=222403101201").words
    assert WORDS in bo.get(f"/visits/new?client={person['王淑华'][0]}").words


def test_no_number_is_printed_without_a_tick(web: Any, person: Any) -> None:
    bo = web("bo")
    masked = "138****2206"
    url = "/visits/round/sheet?village=222403101201"
    plain = bo.get(url)
    assert plain.soup.select_one("article.sheet table").get_text().count(masked) == 1, "Li's only"
    ticked = bo.get(f"{url}&number={person['王淑华'][0]}")
    assert ticked.soup.select_one("article.sheet table").get_text().count(masked) == 2
