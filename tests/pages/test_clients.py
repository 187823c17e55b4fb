"""People on file by page: bad input loses nothing, minors need a purpose, restricted files are absent, two editors choose."""

from datetime import date, timedelta

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models.casework import Client, TargetTag
from tests import rows
from tests.page import Browser

GOOD = {"name": "李小龙", "sex": "1", "birth": "1950-01-02", "no_document_reason": "lost"}


@pytest.fixture
def old(engine):
    """An old man of Riverside, Bo's."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        cast = engine.cast
        return rows.client(session, cast, "Riverside", "Old Wang", worker_id=cast.users["bo"]).id


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"name": ""}, "name", "Please give the name"),
        ({"name": "王" * 61}, "name", "At most 60"),
        ({"sex": "x"}, "sex", "answers offered"),
        ({"birth": "0001-01-01"}, "birth", "year of birth"),
        ({"birth": "2999-01-01"}, "birth", "year of birth"),
        ({"birth": "1950-02-30"}, "birth", "no such day"),
        ({"birth": "long ago"}, "birth", "1945-03-02"),
        ({"document_number": "22240319450302122x9", "no_document_reason": ""}, "document_number", "18 characters"),
        ({"document_number": "2.22403E+17", "no_document_reason": ""}, "document_number", "spreadsheet"),
        ({"document_number": "222403194503021220", "no_document_reason": ""}, "document_number", "mistyped"),
        ({"no_document_reason": ""}, "no_document_reason", "say why there is none"),
        ({"contact_kind": "own", "contact_phone": "12345"}, "contact_phone", ""),
        ({"contact_kind": "own"}, "contact_phone", "phone number"),
        ({"emergency_kind": "relative", "emergency_phone": "13800002206"}, "emergency_name", "whose phone"),
        ({"residence_code": "999999999999"}, "residence_code", "place from the list"),
        ({"tags": ["EL10"]}, "tags", "restricted case"),
        ({"is_unidentified": "y", "name": ""}, "features", "Describe a person"),
        ({"from_on": "2100-01-01"}, "from_on", "not come yet"),
        ({"worker_id": "nobody"}, "worker_id", "no id"),
        ({"note": "x" * 2001}, "note", "At most 2000"),
    ],
)
def test_bad_input_is_said_at_the_field_and_nothing_is_lost(sqlite, given, field, words):
    bo = Browser(sqlite, "bo")
    page = bo.get("/clients/new")
    sent = page.form() | GOOD | {"other_names": "typed with care"} | given
    page = bo.post("/clients/new", sent, status=422)
    at = page.soup.find(id=f"{field}-error") or page.soup.find(id=field)
    assert at is not None, field
    said = " ".join(at.get_text(" ").split())
    assert words in said, said
    assert page.soup.select_one('input[name="other_names"]')["value"] == "typed with care"
    number = given.get("document_number")
    assert number is None or number not in said, "a number is never repeated in words"
    with sqlite.app.app_context(), system_session("look") as session:
        assert session.query(Client).filter(Client.name == GOOD["name"]).count() == 0, "nothing half-written"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("欧阳•阿不都", "欧阳·阿不都"),
        ("欧 阳　娜", "欧阳娜"),
        ("𠮷田", "𠮷田"),
        ("王\u202e小", "王小"),
        ("a\x00b", "ab"),
        ("庄" * 60, "庄" * 60),
        ("Ａｎｎａ  Lee", "Anna Lee"),
    ],
)
def test_names_come_to_one_spelling(web, typed, kept):
    bo = web("bo")
    page = bo.post("/clients/new", bo.get("/clients/new").form() | GOOD | {"name": typed})
    assert "On file under" in page.words
    assert kept in bo.get("/clients").words


@pytest.mark.parametrize("name", ["=cmd()|x", "<script>alert(1)</script>", "👵🏻奶奶", "王2", "'; drop table client;--"])
def test_what_is_no_name_is_said_and_stays_as_typed(sqlite, name):
    bo = Browser(sqlite, "bo")
    page = bo.post("/clients/new", bo.get("/clients/new").form() | GOOD | {"name": name}, status=422)
    assert "letters only" in page.words and "<script>alert" not in page.text
    assert page.soup.select_one('input[name="name"]')["value"] == name
    page = bo.post("/clients/new", page.form() | {"name": "王芳", "other_names": name})
    assert name in bo.get(f"{page.address}/edit").soup.select_one('input[name="other_names"]')["value"]


def test_somebody_without_a_name_is_numbered_by_place_and_day(web):
    bo = web("bo")
    given = GOOD | {
        "name": "",
        "is_unidentified": "y",
        "features": "grey coat, found at the bus stop",
        "no_document_reason": "vagrant",
    }
    for number in (1, 2):
        page = bo.post("/clients/new", bo.get("/clients/new").form() | given)
        assert f"无名氏-Riversidestation-{clock.today():%Y%m%d}-{number}" in page.words
    assert len(bo.api("POST", "/clients/search", {"q": "无名氏"}, 200).json["items"]) == 2
    assert len(bo.api("POST", "/clients/search", {"q": "wumingshi"}, 200).json["items"]) == 2
    page = bo.post(f"{page.address}/edit", bo.get(f"{page.address}/edit").form() | {"name": "赵四", "is_unidentified": ""})
    assert "赵四" in page.words


def test_ten_megabytes_are_refused_and_the_session_lives(web):
    bo = web("bo")
    form = bo.get("/clients/new").form()
    answer = bo.client.post("/clients/new", data=form | {"note": "x" * 10_000_000}, headers=bo.headers)
    assert answer.status_code == 413
    bo.get("/clients")


def test_a_minors_file_opens_with_a_purpose_that_the_head_sees(engine, web):
    with engine.app.app_context(), system_session("rows", write=True) as session:
        cast = engine.cast
        birth = clock.today() - timedelta(days=3650)
        kid = rows.client(session, cast, "Riverside", "Kid Li", worker_id=cast.users["bo"], klass="minor", birth_on=birth).id
    ben, ann, eve = web("ben"), web("ann"), web("eve")
    assert "Kid Li" in ben.get("/clients").words, "the line is there"
    page = ben.get(f"/clients/{kid}")
    assert "Say why you open this file" in page.words and "1234" not in page.words
    purpose = page.soup.select_one('input[name="purpose"]')["value"]
    page = ben.post(page.address, page.form() | {"purpose": purpose})
    assert "What happened" in page.words
    assert "Ben" in ann.get(f"/clients/{kid}/enrolments").words
    eve.get(f"/clients/{kid}", status=404)
    eve.get(f"/clients/files/{kid}/purpose", status=404)


def test_a_restricted_case_is_nowhere_for_others(engine, web):
    with engine.app.app_context(), system_session("rows", write=True) as session:
        cast = engine.cast
        person = rows.client(session, cast, "Riverside", "Quiet Zhou", worker_id=cast.users["bo"])
        case = rows.case(
            session, person, cast.users["bo"], klass="P3", risk="red", risk_reason="hidden reason", case_no="EL-SECRET"
        )
        tag = TargetTag(
            client_id=person.id,
            case_id=case.id,
            code="EL10",
            from_on=date(2026, 1, 1),
            created_at=clock.now(),
            status="confirmed",
        )
        tag.belongs_to(case)
        session.add(tag)
        person_id, case_id = person.id, case.id
    for name in ("ben", "chen", "tao"):
        other = web(name)
        other.get(f"/elderly/cases/{case_id}", status=404)
        for url in ("/", "/clients", f"/clients/{person_id}", f"/clients/{person_id}/history", "/elderly/cases", "/reviews"):
            words = other.get(url).words
            assert "EL-SECRET" not in words and "hidden reason" not in words, (name, url)
    assert "EL-SECRET" in web("bo").get(f"/clients/{person_id}").words
    assert "EL-SECRET" in web("ann").get(f"/clients/{person_id}").words


def test_the_second_editor_keeps_the_text_and_chooses(web, old):
    bo, ann = web("bo"), web("ann")
    url = f"/clients/{old}/edit"
    mine, theirs = bo.get(url).form(), ann.get(url).form()
    ann.post(url, theirs | {"note": "by Ann", "other_names": "Grandpa"})
    page = bo.post(url, mine | {"note": "by Bo", "living": "alone"}, status=409)
    assert "by Ann" in page.words and "by Bo" in page.words and "Ann saved" in page.words
    page = bo.post(url, page.form() | {"keep-note": "both"})
    assert "by Ann" in page.words and "by Bo" in page.words and "Lives alone" in page.words
    assert bo.get(url).form()["other_names"] == "Grandpa", "what only the other changed stays"


def test_a_number_is_shown_on_request_and_that_leaves_a_trace(web, old):
    bo, dee = web("bo"), web("dee")
    url = f"/clients/{old}/contacts/new"
    page = bo.post(url, bo.get(url).form() | {"kind": "own", "phone": "13800002206"})
    assert "13800002206" not in page.text and "138****2206" in page.words
    action = next(form["action"] for form in page.soup.select("form") if "/reveal/contact/" in form.get("action", ""))
    assert "13800002206" in bo.post(action).text
    assert "Shown in full" in dee.get("/audit").words
