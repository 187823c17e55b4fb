"""A fresh proof of who acts, asked for before a risky act: nothing typed is lost, and the way leads back to the very act."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import organisation as o
from caseapp.models import trust as t
from tests.cast import PASSWORD
from tests.laid import lay


@pytest.fixture
def engine(sqlite: Any) -> Any:
    """SQLite: what is proved here is the way through pages and calls, the same on both."""
    return sqlite


def grow_old(engine: Any) -> None:
    """Every session and token was proved an hour ago."""
    with engine.app.app_context(), system_session("an hour goes by", write=True) as session:
        ago = clock.now() - timedelta(hours=1)
        session.execute(update(o.UserSession).values(started_at=ago))
        session.execute(update(o.ApiToken).values(fresh_at=ago))


def events(engine: Any, name: str) -> list[str]:
    with engine.app.app_context(), system_session("look") as session:
        return list(session.scalars(select(t.AuditEntry.event).where(t.AuditEntry.user_id == engine.cast.users[name])))


def test_a_page_is_asked_for_once_and_comes_after_the_proof(web: Any, engine: Any) -> None:
    sam = web("sam")
    address = f"/admin/accounts/{engine.cast.users['bo']}/disable"
    sam.get(address)  # just signed in
    grow_old(engine)
    asked = sam.get(address, 302).headers["Location"]
    assert asked.startswith("/account/prove?next=")
    page = sam.get(asked)
    assert "goes on where you were" in page.words
    assert sam.post(asked, {"proof": "wrong-password"}, 422).words.count("not your present password")
    assert sam.post(asked, {"proof": PASSWORD}, 303).headers["Location"] == address
    sam.get(address)
    assert {"password.failed", "proof.given"} <= set(events(engine, "sam"))


def test_a_form_that_was_typed_goes_on_with_everything_in_it(web: Any, engine: Any) -> None:
    sam, bo = web("sam"), engine.cast.users["bo"]
    address = f"/admin/accounts/{bo}/disable"
    version = sam.get(address).form()["version"]
    grow_old(engine)
    asked = sam.post(address, {"reason": "moved to another station", "version": version, "op_id": "0123456789"}, 401)
    assert "What you typed is kept" in asked.words
    form = asked.form("/account/prove")
    assert (form["reason"], form["op_id"]) == ("moved to another station", "0123456789")
    again = sam.post("/account/prove?next=" + address, {**form, "proof": "wrong-password"}, 422).form("/account/prove")
    sent = sam.post("/account/prove?next=" + address, {**again, "proof": PASSWORD}, 307)
    assert sent.headers["Location"] == address
    done = sam.client.post(address, data={**again, "proof": PASSWORD}, headers=sam.headers)  # as a browser does after a 307
    assert done.status_code == 302
    with engine.app.app_context(), system_session("look") as session:
        assert session.get_one(o.User, bo).disabled_at is not None
        entry = session.scalars(select(t.AuditEntry).where(t.AuditEntry.event == "account.disabled")).one()
        assert entry.reason == "moved to another station"


def test_the_proof_leads_to_addresses_of_our_own_alone(web: Any) -> None:
    for target in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"):
        sent = web("sam").post("/account/prove?next=" + target, {"proof": PASSWORD}, 303)
        assert sent.headers["Location"] == "/"


def test_a_call_is_told_what_is_missing_and_a_new_token_is_the_way(web: Any, engine: Any) -> None:
    bo, laid = web("bo"), lay(engine)["Riverside"]
    reveal = f"/clients/{laid.ids['client_id']}/reveal"
    bo.api("POST", reveal, {"what": "address"}, 200)
    with engine.app.app_context(), system_session("three hours go by", write=True) as session:
        session.execute(update(o.ApiToken).values(fresh_at=clock.now() - timedelta(hours=3)))
    refused = bo.api("POST", reveal, {"what": "address"}, 401)
    assert (refused.json["code"], refused.json["type"]) == ("proof_needed", "urn:caseapp:problem:proof_needed")
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="insufficient_user_authentication", max_age=7200'
    bo.token = bo.api("POST", "/tokens", {"username": "bo", "password": PASSWORD}, 201).json["token"]
    bo.api("POST", reveal, {"what": "address"}, 200)


def test_a_restricted_file_asks_and_an_ordinary_one_does_not(web: Any, engine: Any) -> None:
    bo, laid = web("bo"), lay(engine)
    with engine.app.app_context(), system_session("three hours go by", write=True) as session:
        session.execute(update(o.UserSession).values(started_at=clock.now() - timedelta(hours=3)))
    bo.get(f"/clients/{laid['Riverside'].ids['client_id']}")
    asked = bo.get(f"/clients/{laid['restricted'].ids['client_id']}", 302).headers["Location"]
    address = bo.post(asked, {"proof": PASSWORD}, 303).headers["Location"]
    assert address == f"/clients/{laid['restricted'].ids['client_id']}"
    bo.get(address)
