"""Forms out of shape, stale and orphaned ones: refused as a whole, with what was typed still to be read, and never a 5xx."""

import time
from typing import Any

import pytest
from bs4 import BeautifulSoup

from caseapp.access import identity
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import organisation as o
from caseapp.models import trust as t
from tests import bad, laid
from tests.house.forms import Walk
from tests.page import Browser
from tests.routes import ENDS_THE_WALK, address

STORY = "She sat by the window and told of the war."
PASSWORD_TYPED = "a secret of three words"


@pytest.fixture
def rows(sqlite: Any) -> Any:
    """The rows on SQLite."""
    return laid.lay(sqlite)


@pytest.fixture
def offered(walk: Walk) -> Any:
    """The forms of all pages, as the pages offer them to who is signed in; with a copy of the rows they are about."""
    forms = {each: form for each, form in walk.forms.items() if each not in ENDS_THE_WALK and form.name is not None}
    return forms, walk.browsers, walk.csrf, walk.copy


BROKEN: dict[str, tuple[str, bytes, set[int]]] = {
    "ten megabytes": ("application/x-www-form-urlencoded", b"name=" + b"a" * 10_000_000, {413}),
    "ten megabytes in parts": ("multipart/form-data; boundary=x", b"--x\r\n" + b"a" * 10_000_000, {413}),
    "JSON": ("application/json", b'{"name": "a"}', {400}),
    "words": ("text/plain", b"name=a", {400}),
    "no boundary": ("multipart/form-data", b"--x\r\n", {400}),
    "half a part": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb', {400}),
    "no UTF-8": ("application/x-www-form-urlencoded", b"name=%ff%fe&csrf_token=%ff", {400}),
    "three thousand parts": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 3_000 + b"--x--",
        {413},
    ),
    "nothing": ("application/x-www-form-urlencoded", b"", {400}),
}


def test_every_form_refuses_what_is_no_form(offered: Any) -> None:
    """A third of what is no form for each, in turn: one place refuses it for all."""
    forms, browsers, _tokens, _copy = offered
    faults, kinds = [], list(BROKEN.items())
    for turn, (endpoint, form) in enumerate(forms.items()):
        for kind, (content_type, body, statuses) in kinds[turn % 3 :: 3]:
            answer = browsers[form.name].client.post(form.action, data=body, content_type=content_type)
            if answer.status_code not in statuses or "<h1" not in answer.text:
                faults.append(f"{endpoint}, {kind}: {answer.status_code}")
    assert faults == [], "\n".join(faults)


def test_a_hundred_thousand_rows_cost_no_more_than_a_few(offered: Any) -> None:
    """Lists of forms read as many rows as somebody can mean, whatever is sent."""
    forms, browsers, tokens, _copy = offered
    for endpoint, rows in (
        ("visits.round", "persons-{}-seen"),
        ("elderly.edit_plan", "goals-{}-text"),
        ("visits.new", "others-{}-outcome"),
    ):
        form = forms[endpoint]
        many = {rows.format(number): "y" for number in range(60_000)}
        began = time.process_time()
        answer = browsers[form.name].client.post(form.action, data=form.values | many | {"csrf_token": tokens[form.name]})
        assert answer.status_code < 500
        assert time.process_time() - began < 8, endpoint
        assert answer.text.count("<fieldset") < 400


def test_more_rows_end_somewhere(offered: Any) -> None:
    forms, browsers, tokens, _copy = offered
    form = forms["elderly.edit_plan"]
    values = form.values
    for _turn in range(12):
        answer = browsers[form.name].client.post(form.action, data=values | {"csrf_token": tokens[form.name], "more": "1"})
        assert answer.status_code == 200
        values = next(one for one in bad.found_in(answer.text, form.action, form.name) if "starts_on" in one.values).values
    assert sum(name.startswith("goals-") and name.endswith("-text") for name in values) == 14


def test_a_stale_form_keeps_its_text_and_can_be_sent_again(offered: Any) -> None:
    forms, browsers, tokens, copy = offered
    versioned = {each: form for each, form in forms.items() if form.values.get("version")}
    assert len(versioned) > 15
    faults = []
    for endpoint, form in versioned.items():
        copy.restore()
        texts = {name: STORY for name in bad.judged_fields(form) if form.values[name] == "几句话"}
        values = form.values | texts | {"version": "77", "csrf_token": tokens[form.name], "op_id": ""}
        answer = browsers[form.name].client.post(form.action, data=values)
        if answer.status_code != 409 and endpoint not in HAS_NO_PAGE:
            faults.append(f"{endpoint}: {answer.status_code}, not 409")
            continue
        if texts and STORY not in BeautifulSoup(answer.text, "html.parser").get_text() + str(
            [one.values for one in bad.found_in(answer.text, form.action, form.name, fill=False)]
        ):
            faults.append(f"{endpoint}: the text is gone")
        again = [one for one in bad.found_in(answer.text, form.action, form.name, fill=False) if "version" in one.values]
        if endpoint in HAS_NO_PAGE:
            continue
        if not again or again[0].values["version"] == "77":
            faults.append(f"{endpoint}: cannot be sent again")
            continue
        second = values | again[0].values | {"op_id": ""}
        done = browsers[form.name].client.post(form.action, data=second)
        if done.status_code not in (200, 302, 303) and endpoint not in bad.NEVER_TAKEN:
            faults.append(f"{endpoint} sent again: {done.status_code}")
    assert faults == [], "\n".join(faults)


HAS_NO_PAGE = {"village_contacts.switch"}  # one button


ORPHANED = {  # the form that is still open → what somebody else did meanwhile
    "households.edit_member": "households.remove_member",
    "clients.edit_contact": "clients.remove_contact",
    "reviews.show": "reviews.withdraw",
    "elderly.assessment": "elderly.void_assessment",
    "visits.amend": "visits.void",
    "clients.withdraw_consent": "clients.withdraw_consent",
    "today.task": "today.task",
}


@pytest.mark.parametrize("endpoint", ORPHANED)
def test_a_form_whose_row_is_gone_shows_what_was_typed(sqlite: Any, rows: Any, endpoint: str) -> None:
    app, row = sqlite.app, rows["Riverside"]
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    names = {"reviews.show": ("chen", "bo")}.get(endpoint, ("bo", "bo"))
    one, other = (Browser(sqlite, name) for name in names)
    url = address(app, rules[endpoint], row)
    form = one.get(url).form()
    gone = address(app, rules[ORPHANED[endpoint]], row)
    first = other.get(gone).form() if "GET" in rules[ORPHANED[endpoint]].methods else {}
    other.client.post(gone, data={**first, "reason": "meanwhile", "state": "done", "csrf_token": other.csrf(), "op_id": ""})
    told = {"text": STORY, "note": STORY, "reason": STORY, "occupation": STORY, "state": "undone", "level": "0"}
    form.setdefault("version", "1")
    answer = one.client.post(url, data={**form, **told, "csrf_token": one.csrf(), "op_id": ""})
    assert answer.status_code in (404, 409)
    assert STORY in answer.text


def test_what_was_typed_is_shown_to_who_typed_it_without_secrets(sqlite: Any, rows: Any) -> None:
    bo = Browser(sqlite, "bo")
    nowhere = f"/clients/{rows['Hillside'].ids['client_id']}/contacts/new"
    data = {"note": STORY, "password": PASSWORD_TYPED, "kind": "own", "phone": "13800002207", "csrf_token": bo.csrf()}
    answer = bo.post(nowhere, data, status=404)
    assert STORY in answer.text
    assert PASSWORD_TYPED not in answer.text and data["csrf_token"] not in answer.soup.find("main").text
    stranger = Browser(sqlite, None)
    assert STORY not in stranger.client.post(nowhere, data=data).text
    own = {"note": STORY, "draft_grant": str(sqlite.cast.grants["bo"])}
    assert STORY in bo.client.post("/clients/new", data=own).text, "a form whose token is over"
    for drawn_for in ({}, {"draft_grant": str(sqlite.cast.grants["ann"])}):  # perhaps of who used this computer before
        assert STORY not in bo.client.post("/clients/new", data={"note": STORY, **drawn_for}).text
    assert "<script>alert" not in bo.client.post("/clients/new", data={**own, "note": "<script>alert(1)</script> and more"}).text


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"draft_form": "client-edit", "draft_address": "//elsewhere.example"},
        {"draft_form": "x" * 5_000, "draft_record": "y" * 5_000, "draft_title": "z" * 5_000},
        {"draft_form": "client-edit", "draft_address": "/" + "a" * 5_000},
        {"draft_form": "client-edit", "draft_file": "no id"},
        {"draft_form": "client-edit", "note": "长" * 400_000},
        {f"field{number}": "a" for number in range(900)},
    ],
)
def test_a_form_of_a_session_that_idled_out_is_kept_or_not_but_never_a_fault(sqlite: Any, odd: dict[str, str]) -> None:
    bo = Browser(sqlite, "bo")
    token = bo.csrf()
    with sqlite.app.app_context(), system_session("an hour later", write=True) as session:
        for held in session.query(o.UserSession):
            held.seen_at = clock.now() - identity.IDLE * 2
    answer = bo.client.post("/clients/new", data={"note": STORY, "csrf_token": token, **odd})
    assert answer.status_code in (302, 413)
    assert answer.status_code == 413 or answer.headers["Location"].startswith("/login")
    if not odd:
        with sqlite.app.app_context(), system_session("look") as session:
            assert session.query(t.Draft).one().payload["note"] == [STORY]
