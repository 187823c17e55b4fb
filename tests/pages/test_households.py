"""Pages of households, village contacts and consents: what is typed, what is masked, who is turned away."""

import re
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.models.casework import Client, Consent, Household, VillageContact
from caseapp.models.trust import AuditEntry
from tests import rows

PHONE = "13843022206"


@pytest.fixture
def people(engine):
    """Wang and Jun of Riverside, Kid of 8 years whom Bo is responsible for."""
    cast = engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        bo = cast.users["bo"]
        return {
            "wang": rows.client(session, cast, "Riverside", "Wang", sex="1", worker_id=bo).id,
            "jun": rows.client(session, cast, "Riverside", "Jun", sex="1", worker_id=bo).id,
            "kid": rows.client(session, cast, "Riverside", "Kid", klass="minor", birth_on=date(2018, 1, 1), worker_id=bo).id,
        }


def stored(engine, model):
    """Every row there is."""
    with engine.app.app_context(), system_session("look") as session:
        found = list(session.scalars(select(model).order_by(model.id)))
        session.expunge_all()
        return found


def made(engine, bo, people):
    """A household of Wang, by page."""
    url = f"/households/new?client={people['wang']}"
    bo.post(url, bo.get(url).form() | {"name": "Wang household", "address": "East street 3"})
    return stored(engine, Household)[0]


def test_a_household_from_the_person_to_a_relationship(engine, web, people):
    bo = web("bo")
    row = made(engine, bo, people)
    at = f"/households/{row.id}"
    page = bo.get(at)
    assert "Wang" in page.words and "East street" not in page.text
    url = f"{at}/members/new"
    form = bo.get(url).form()
    bo.post(url, form | {"client_id": str(people["jun"]), "relation_to_head": "son"})
    bo.post(url, bo.get(url).form() | {"name": "Named Only", "relation_to_head": "daughter", "birth_year": "1980"})
    bo.post(url, bo.get(url).form() | {"relation_to_head": "son"}, status=422)
    page = bo.get(at)
    members = {o.text: o["value"] for o in page.soup.select("select[name=from_id] option") if o["value"]}
    assert set(members) == {"Wang", "Jun", "Named Only"}
    two = {"from_id": members["Jun"], "to_id": members["Wang"], "kind": "son"}
    page = bo.post(f"{at}/relations", page.form("/relations") | two)
    assert "Jun is the son of Wang" in page.words and "Wang is the father of Jun" in page.words
    bad = bo.post(f"{at}/relations", page.form("/relations") | two | {"to_id": members["Jun"]}, status=422)
    assert "two different members" in bad.words
    assert "is the son of" not in bo.post(f"{at}/relations/end", two).words
    shown = bo.post(f"{at}/reveal")
    assert "East street 3" in shown.words
    assert "household.revealed" in {entry.event for entry in stored(engine, AuditEntry)}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<b>Wang</b>", "<b>Wang</b>"),
        ("=1+1", "=1+1"),
        ("Wa\u0000n\u202eg\t", "Wang"),
        ("𠮷王家", "𠮷王家"),
    ],
)
def test_odd_names_stay_text(engine, web, people, typed, kept):
    bo = web("bo")
    bo.post("/households/new", bo.get("/households/new").form() | {"name": typed})
    row = stored(engine, Household)[0]
    assert row.name == kept
    page = bo.get(f"/households/{row.id}")
    assert page.soup.h1.get_text(strip=True) == kept
    assert not page.soup.select("h1 b")


def test_too_long_and_missing_keep_what_was_typed(engine, web):
    bo = web("bo")
    form = bo.get("/households/new").form()
    page = bo.post("/households/new", form | {"name": "x" * 61, "address": "East street 3"}, status=422)
    assert "East street 3" in page.text and "At most 60 characters" in page.words
    bo.post("/households/new", form | {"name": " "}, status=422)
    bo.post("/households/new", form | {"name": "Wang", "residence_code": "999999999999"}, status=422)
    assert stored(engine, Household) == []


def test_strangers_stale_forms_and_what_is_gone(engine, web, people):
    bo = web("bo")
    row = made(engine, bo, people)
    at = f"/households/{row.id}"
    eve = web("eve")
    for url in (at, f"{at}/edit", f"{at}/members/new", f"/households/{uuid4()}", f"{at}/members/{uuid4()}"):
        eve.get(url, status=404)
    bo.get(f"{at}/members/{uuid4()}", status=404)
    web("tao").get(f"{at}/edit", status=403)
    web("cora").get("/households", status=403)
    old = bo.get(f"{at}/edit").form()
    bo.post(f"{at}/edit", bo.get(f"{at}/edit").form() | {"name": "Second"})
    bo.post(f"{at}/edit", old | {"name": "Third", "op_id": ""}, status=409)
    assert stored(engine, Household)[0].name == "Second"
    member = re.search(r"/members/([0-9a-f-]{36})", bo.get(at).text)[1]
    page = bo.get(f"{at}/members/{member}")
    bo.post(f"{at}/members/{member}/remove")
    bo.post(f"{at}/members/{member}", page.form() | {"relation_to_head": "head"}, status=404)
    assert {c.household_id for c in stored(engine, Client)} == {None}


def test_a_village_contact_is_masked_shown_with_a_trace_and_leaves_the_post(engine, web):
    bo = web("bo")
    url = "/villages/contacts/new"
    data = bo.get(url).form() | {"division_code": "222403101201", "role": "cadre", "name": "Zhao", "phone": PHONE}
    assert "area code" in bo.post(url, data | {"phone": "8888666"}, status=422).words
    bo.post(url, data | {"division_code": "", "op_id": ""}, status=422)
    bo.post(url, data | {"division_code": "220000000000", "op_id": ""}, status=422)
    page = bo.post(url, data)
    assert "Zhao" in page.words and PHONE not in page.text
    row = stored(engine, VillageContact)[0]
    assert PHONE.encode() not in row.phone_enc
    at = f"/villages/contacts/{row.id}"
    assert PHONE in bo.post(f"{at}/reveal").text
    assert "village_contact.revealed" in {entry.event for entry in stored(engine, AuditEntry)}
    edit = bo.get(f"{at}/edit")
    assert edit.form()["phone"] == PHONE
    bo.post(f"{at}/edit", edit.form() | {"name": "Zhao Qiang"})
    bo.post(f"{at}/edit", edit.form() | {"name": "Late", "op_id": ""}, status=409)
    web("eve").get(f"{at}/edit", status=404)
    web("tao").post(f"{at}/reveal", status=403)
    bo.post(f"{at}/switch", bo.get(f"{at}/edit").form("/switch"))
    assert "Zhao" not in bo.get("/villages/contacts").words
    assert "Zhao Qiang" in bo.get("/villages/contacts?former=1").words
    row = stored(engine, VillageContact)[0]
    assert (row.is_active, row.phone_enc) == (False, None)
    bo.post(f"{at}/switch", bo.get(f"{at}/edit").form("/switch"))
    assert "Zhao Qiang" in bo.get("/villages/contacts?village=222403101201").words


def test_consent_on_paper_taken_back_and_what_was_refused(engine, web, people):
    bo = web("bo")
    at = f"/clients/{people['wang']}"
    url = f"{at}/consents/new"
    form = bo.get(url)
    assert not form.soup.select('input[name="scopes"][checked]'), "nothing is ticked for anybody"
    assert not form.soup.select('input[value="minor_data"]')
    bo.post(url, form.form() | {"scopes": ["photo"], "paper_place": "cabinet 2"}, status=422)
    bo.post(url, form.form() | {"scopes": ["service"], "paper_place": "cabinet 2"})
    row = stored(engine, Consent)[0]
    assert "cabinet 2" in bo.get(f"{at}/consents").words
    bo.post(f"{at}/refused", bo.get(f"{at}/consents").form("/refused") | {"items": ["photo"]})
    assert bo.get(f"{at}/consents").soup.select_one('input[value="photo"]').has_attr("checked")
    back = f"{at}/consents/{row.id}/withdraw"
    bo.get(f"/clients/{people['jun']}/consents/{row.id}/withdraw", status=404)
    old = bo.get(back).form()
    bo.post(back, old)
    assert "taken back" in bo.get(f"{at}/consents").words
    bo.post(back, old | {"op_id": ""}, status=409)
    web("eve").get(f"{at}/consents", status=404)


@pytest.mark.parametrize("kind", ["privacy_notice", "consent", "consent_minor", "children_rules", "nonsense", ""])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_notices_print_without_open_places(sqlite, people_on_sqlite, kind, language):
    page = people_on_sqlite("bo").get(f"/clients/{people_on_sqlite.kid}/notice?text={kind}&language={language}")
    assert not re.search(r"\{\w+\}", page.words)
    assert "Riverside station" in page.words


@pytest.fixture
def people_on_sqlite(sqlite):
    """A browser maker that knows the child's id."""
    from tests.page import Browser

    cast = sqlite.cast
    with sqlite.app.app_context(), system_session("rows", write=True) as session:
        more = {"klass": "minor", "birth_on": date(2018, 1, 1), "worker_id": cast.users["bo"]}
        kid = rows.client(session, cast, "Riverside", "Kid", **more).id

    def browser(name):
        return Browser(sqlite, name)

    browser.kid = kid
    return browser
