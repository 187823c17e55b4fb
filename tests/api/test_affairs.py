"""Cases of social affairs over the API: the matter opens them, restricts them, and stays what it is."""

from typing import Any
from uuid import UUID

import pytest

from caseapp.access.system import system_session
from caseapp.models import casework as c
from tests import rows


@pytest.fixture
def person(engine: Any) -> str:
    """Wang of Riverside, Bo's."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        return str(rows.client(session, engine.cast, "Riverside", "王淑华", worker_id=engine.cast.users["bo"]).id)


def opening(person: str, **detail: str) -> dict[str, Any]:
    return {"domain": "affairs", "client_id": person, "source": "visit", "found_on": "2026-11-02", "detail": detail}


def test_violence_is_restricted_whatever_is_asked(engine: Any, web: Any, person: str) -> None:
    bo, ben = web("bo"), web("ben")
    body = opening(person, matter="family", kind="MF04") | {"restricted": False}
    case = bo.api("POST", "/cases", body, 201, Idempotency_Key="violence-1").json
    with engine.app.app_context(), system_session("look") as session:
        kept = session.get(c.Case, UUID(case["id"]))
        tag = session.query(c.TargetTag).one()
        assert (kept.klass, tag.code, tag.case_id, tag.klass) == ("P3", "MF04", kept.id, "P3")
    assert bo.api("GET", f"/cases/{case['id']}", status=200).json["detail"]["matter"] == "family"
    ben.api("GET", f"/cases/{case['id']}", status=404)
    assert case["id"] not in ben.api("GET", "/cases?domain=affairs", status=200).text
    assert case["id"] in web("ann").api("GET", "/cases?domain=affairs", status=200).text
    # Ben learns nothing from being allowed to open one himself, about the same person
    own = ben.api("POST", "/cases", body | {"worker_id": None}, 201, Idempotency_Key="violence-2")
    assert own.json["id"] != case["id"]


def test_the_matter_must_be_said_and_its_kind_must_fit(web: Any, person: str) -> None:
    bo = web("bo")
    for number, detail in enumerate(({}, {"matter": "family"}, {"matter": "family", "kind": "VB01"}, {"matter": "mood"})):
        answer = bo.api("POST", "/cases", opening(person, **detail), 422, Idempotency_Key=f"wrong-one-{number}")
        assert "detail" in str(answer.json["fields"]), answer.json
    body = opening(person, matter="funeral", kind="FN02")
    case = bo.api("POST", "/cases", body, 201, Idempotency_Key="funeral-1").json
    assert bo.api("POST", "/cases", body, 201, Idempotency_Key="funeral-1").json["id"] == case["id"], "the same call twice"
    bo.api("POST", "/cases", body, 409, Idempotency_Key="funeral-2")


def test_needs_are_changed_but_the_matter_stays(web: Any, person: str) -> None:
    bo = web("bo")
    case = bo.api("POST", "/cases", opening(person, matter="vagrant", kind="VB01"), 201, Idempotency_Key="vagrant-1").json
    url = f"/cases/{case['id']}"
    changed = bo.api("PATCH", url, {"version": case["version"], "detail": {"needs": "要回老家"}}, 200).json
    assert changed["detail"]["needs"] == "要回老家" and changed["detail"]["kind"] == "VB01"
    for fixed in ({"matter": "family"}, {"kind": "MF04"}):
        bo.api("PATCH", url, {"version": changed["version"], "detail": fixed}, 422)
    bo.api("PATCH", url, {"version": case["version"] + 7, "detail": {"needs": "x"}}, 409)
    web("eve").api("PATCH", url, {"version": changed["version"], "detail": {"needs": "x"}}, 404)
    web("chen").api("PATCH", url, {"version": changed["version"], "detail": {"needs": "x"}}, 403)
