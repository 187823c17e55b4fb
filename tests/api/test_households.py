"""Households and consents through the API: the same answers as on pages."""

from uuid import uuid4

import pytest

from caseapp.access.system import system_session
from tests import rows


@pytest.fixture
def people(engine):
    """Wang of Riverside, Sun of Hillside."""
    cast = engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        return {
            "wang": str(rows.client(session, cast, "Riverside", "Wang", sex="1", worker_id=cast.users["bo"]).id),
            "sun": str(rows.client(session, cast, "Hillside", "Sun").id),
        }


def test_a_household_made_read_changed_and_listed(web, people):
    bo = web("bo")
    body = {"name": "Wang household", "members": [{"client_id": people["wang"], "relation_to_head": "head"}]}
    made = bo.api("POST", "/households", body, 201, Idempotency_Key="household-one")
    again = bo.api("POST", "/households", body, 201, Idempotency_Key="household-one")
    key = made.json["id"]
    assert again.json["id"] == key
    assert made.headers["Location"].endswith(key)
    found = bo.api("GET", f"/households/{key}", None, 200).json
    assert [m["client_id"] for m in found["members"]] == [people["wang"]]
    assert "address" not in found
    bo.api("PATCH", f"/households/{key}", {"name": "Second"}, 428)
    changed = bo.api("PATCH", f"/households/{key}", {"name": "Second", "version": found["version"]}, 200).json
    assert changed["name"] == "Second"
    stale = bo.api("PATCH", f"/households/{key}", {"name": "Third", "version": found["version"]}, 409)
    assert stale.json["code"] == "stale_version"
    member = bo.api("POST", f"/households/{key}/members", {"name": "Named", "relation_to_head": "son", "sex": "1"}, 201).json
    one, other = (m["id"] for m in member["members"])
    bo.api("POST", f"/households/{key}/relations", {"from_id": other, "to_id": one, "kind": "son"}, 200)
    assert [row["id"] for row in bo.api("GET", "/households?limit=1", None, 200).json["items"]] == [key]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": 3}, "name"),
        ({"name": "\u0000 \u202e"}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "Wang", "residence_code": "no"}, "residence_code"),
        ({"name": "Wang", "residence_code": "999999999999"}, "residence_code"),
        ({"name": "Wang", "surprise": 1}, "surprise"),
        ({"name": "Wang", "members": [{"relation_to_head": "head"}]}, "members"),
        ({"name": "Wang", "members": [{"name": "A", "relation_to_head": "head", "birth_year": 1}]}, "members"),
        ({"name": "Wang", "members": "many"}, "members"),
    ],
)
def test_what_is_refused_at_its_field(web, body, field):
    answer = web("bo").api("POST", "/households", body, 422)
    assert field in answer.json["fields"]


def test_out_of_scope_is_not_there(web, people):
    bo, eve = web("bo"), web("eve")
    key = bo.api("POST", "/households", {"name": "Wang household"}, 201).json["id"]
    for path in (f"/households/{key}", f"/households/{uuid4()}", "/households/none"):
        eve.api("GET", path, None, 404)
    eve.api("PATCH", f"/households/{key}", {"name": "Mine", "version": 1}, 404)
    stranger = {"name": "Mixed", "members": [{"client_id": people["sun"], "relation_to_head": "head"}]}
    bo.api("POST", "/households", stranger, 404)
    assert len(bo.api("GET", "/households", None, 200).json["items"]) == 1, "nothing half-written"
    web("tao").api("POST", "/households", {"name": "Mine"}, 403)
    web("dee").api("GET", "/households", None, 403)


def test_consent_recorded_and_taken_back(web, people):
    bo = web("bo")
    url = f"/clients/{people['wang']}/consents"
    bo.api("POST", url, {"basis": "consent", "signed_on": "2999-01-01"}, 422)
    refused = bo.api("POST", url, {"basis": "consent", "signed_on": "2026-01-05", "scopes": ["photo"]}, 422)
    assert {"scopes", "paper_place"} <= set(refused.json["fields"])
    body = {"basis": "consent", "signed_on": "2026-01-05", "scopes": ["service"], "paper_place": "cabinet 2"}
    row = bo.api("POST", url, body, 201).json
    assert [item["id"] for item in bo.api("GET", url, None, 200).json["items"]] == [row["id"]]
    back = f"{url}/{row['id']}/withdraw"
    bo.api("POST", f"/clients/{people['wang']}/consents/{uuid4()}/withdraw", {"withdrawn_on": "2026-02-01", "version": 1}, 404)
    bo.api("POST", back, {"withdrawn_on": "2026-02-01"}, 428)
    bo.api("POST", back, {"withdrawn_on": "2026-01-01", "version": row["version"]}, 422)
    gone = bo.api("POST", back, {"withdrawn_on": "2026-02-01", "version": row["version"]}, 200).json
    assert gone["withdrawn_on"] == "2026-02-01"
    bo.api("POST", back, {"withdrawn_on": "2026-02-01", "version": row["version"]}, 409)
    web("eve").api("GET", url, None, 404)
