"""Disability: the card against the person, what the card says against the form, what the person's line learns, needs by kind."""

from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.core import clock, dates
from caseapp.core.identity_numbers import check_digit
from caseapp.models import casework as c
from caseapp.models.details import affairs as m
from caseapp.queries.casework.clients import indexes
from tests.pages.affairs.story import agree, entry, one, opened, rows_of, send

FIRST17 = "22240319450302122"
OWN, OTHER = FIRST17 + check_digit(FIRST17), "22240319450302340" + check_digit("22240319450302340")


@pytest.fixture
def case(engine: Any, web: Any, person: Any) -> str:
    """Bo's case about Wang, whose identity number is on file."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        client = session.get(c.Client, person)
        paper = c.IdentityDocument(
            id=uuid7(), client_id=person, kind="111", number_index=indexes.document_index("111", OWN), created_at=clock.now()
        )
        paper.number = OWN
        paper.belongs_to(client)
        session.add(paper)
    return opened(web("bo"), person, "disability")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (OWN + "4", "should have 20 characters"),
        (OWN + "82", "is 1 to 7"),
        (OWN + "45", "is 1 to 4"),
        (OTHER + "42", "not of the person with this identity number"),
        (OWN[:-1] + ("1" if OWN[-1] != "1" else "2") + "42", "one of them is mistyped"),
    ],
)
def test_a_card_that_cannot_be_right_is_told_at_its_field(web: Any, case: str, number: str, sentence: str) -> None:
    page = send(web("bo"), f"{case}/disability", 422, card_number=number, kinds=["4"])
    field = page.soup.select_one('[name="card_number"]')
    assert sentence in page.words and field["aria-invalid"] == "true" and field["value"] == number, "what was typed is kept"
    assert page.soup.select_one('[name="kinds"][value="4"]').has_attr("checked")


def test_the_card_fills_gaps_stands_once_and_tells_the_person(engine: Any, web: Any, case: str, person: Any) -> None:
    bo = web("bo")
    subsidies = {"care_subsidy": "granted", "care_since": "2026-01-01", "living_subsidy": "applied"}
    page = send(bo, f"{case}/disability", card_number=OWN + "42", **subsidies)
    assert OWN not in page.text, "masked"
    row, client = one(engine, m.DisabilityMatter), one(engine, c.Client)
    assert (row.kinds, row.grade) == (["4"], "2") and (client.disability, client.disability_grade) == ("4", "2")
    assert client.benefits == ["disability_care"]
    assert {tag.code for tag in rows_of(engine, c.TargetTag)} == {"DI01", "DI02"}
    cards = c.IdentityDocument.kind == "DISABLED"
    assert one(engine, c.IdentityDocument, cards).number == OWN + "42"

    send(bo, f"{case}/disability", care_subsidy="stopped")
    assert one(engine, c.Client).benefits is None
    send(bo, f"{case}/disability", card_number=(OWN + "42B1").lower(), card_valid_to="2036-06-30")
    new = one(engine, c.IdentityDocument, cards, c.IdentityDocument.voided_at.is_(None))
    assert new.number == OWN + "42B1" and new.valid_to.isoformat() == "2036-06-30", "issued again"
    assert len(rows_of(engine, c.IdentityDocument, cards)) == 2, "the older card stays to be read"


def test_card_and_form_must_say_the_same(engine: Any, web: Any, case: str) -> None:
    bo = web("bo")
    assert "another grade" in send(bo, f"{case}/disability", 422, card_number=OWN + "42", grade="3").words
    assert "another kind" in send(bo, f"{case}/disability", 422, card_number=OWN + "42", kinds=["1"]).words
    assert "at least two kinds" in send(bo, f"{case}/disability", 422, card_number=OWN + "72").words
    assert "Say since when" in send(bo, f"{case}/disability", 422, care_subsidy="granted").words
    assert rows_of(engine, m.DisabilityMatter) == [] and len(rows_of(engine, c.IdentityDocument)) == 1, "nothing half written"
    send(bo, f"{case}/disability", card_number=OWN + "72", kinds=["7", "1", "4"])
    assert one(engine, m.DisabilityMatter).kinds == ["7", "1", "4"]


def test_a_mental_disability_is_kept_in_a_restricted_file_only(engine: Any, web: Any, case: str, person: Any) -> None:
    bo = web("bo")
    page = send(bo, f"{case}/disability", 422, card_number=OWN + "62")
    assert "restricted file only" in page.words
    with engine.app.app_context(), system_session("end", write=True) as session:
        session.get(c.Case, one(engine, c.Case).id).status = "closed"
    shut = opened(bo, person, "disability", restricted="y")
    send(bo, f"{shut}/disability", card_number=OWN + "62", living_subsidy="granted", living_since="2026-01-01")
    client = one(engine, c.Client)
    assert (client.disability, client.benefits) == (None, None) and rows_of(engine, c.TargetTag) == []
    assert one(engine, c.IdentityDocument, c.IdentityDocument.kind == "DISABLED").klass == "P3"
    words = web("ben").get(f"/clients/{person}").text
    assert "disability card" not in words.lower() and "AF-0002" not in words


def needs(page: Any, **wanted: dict[str, str]) -> dict[str, Any]:
    """The form with these kinds of need answered."""
    form = page.form()
    index = {form[name]: name.rsplit("-", 1)[0] for name in form if name.endswith("-kind")}
    for kind, told in wanted.items():
        form |= {f"{index[kind]}-{name}": value for name, value in told.items()}
    return form


def test_needs_are_asked_one_by_one(engine: Any, web: Any, case: str, person: Any) -> None:
    bo, today = web("bo"), clock.today()
    url = f"{case}/needs"
    assert "at least one kind" in bo.post(url, needs(bo.get(url)), status=422).words
    page = bo.post(
        url,
        needs(bo.get(url), access={"wanted": "true", "met_by": "nobody", "since_on": "2026-01-01"}, work={"wanted": "false"}),
        status=422,
    )
    faults = {tag["name"].rsplit("-", 1)[1] for tag in page.soup.select('.wrong [name^="needs-"]')}
    assert faults == {"urgency"} and "how urgent" in page.words.lower()
    told = {"wanted": "true", "urgency": "now", "met_by": "nobody", "since_on": "2026-01-01"}
    assert "there is no day" in bo.post(url, needs(bo.get(url), access=told), status=422).words
    assert rows_of(engine, m.NeedsLook) == []
    page = bo.post(url, needs(bo.get(url), access=told | {"since_on": ""}, work={"wanted": "false", "urgency": "now"}))
    kept = {(row.kind, row.wanted, row.urgency, row.met_by) for row in rows_of(engine, m.DisabilityNeed)}
    assert kept == {("access", True, "now", "nobody"), ("work", False, None, None)}, "what was not asked is not there"
    promise = one(engine, c.Task, c.Task.kind == "disability_look", c.Task.state == "open")
    assert promise.due_on == dates.add_months(today, 12)

    again = bo.get(url)
    assert needs(again)[next(n for n in needs(again) if needs(again)[n] == "access").replace("-kind", "-urgency")] == "now"
    bo.post(url, needs(again))
    assert len(rows_of(engine, m.NeedsLook)) == 2
    page = bo.get(f"{case}/matter")
    for _time in range(2):
        page = send(bo, entry(page, "look"), reason="重复登记")
    assert rows_of(engine, c.Task, c.Task.kind == "disability_look", c.Task.state == "open") == []
    early = (one(engine, c.Case).found_on - timedelta(days=1)).isoformat()
    page = bo.post(url, needs(bo.get(url), access=told | {"since_on": ""}) | {"looked_on": early}, status=422)
    assert "before the case was found" in page.words
    agree(bo, person)
    send(bo, f"{case}/steps/accept")
    assert "kinds of need must be gone through" in bo.get(f"{case}/steps/plan").words
