"""What hangs on a person and on a case, by calls: each verb, its repeat, and its wall."""

from datetime import timedelta

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.identity_numbers import check_digit
from tests import rows

TODAY = clock.today().isoformat()
NUMBER = "22240319450302122" + check_digit("22240319450302122")  # of an invented person


@pytest.fixture
def wang(engine):
    """Wang of Riverside, Bo's, and a case of hers."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        bo = engine.cast.users["bo"]
        client = rows.client(session, engine.cast, "Riverside", "Wang", worker_id=bo)
        case = rows.case(session, client, bo, status="serving", risk_reason="alone")
        shut = rows.case(session, client, bo, status="serving", klass="P3")
        return {"client": f"/clients/{client.id}", "case": f"/cases/{case.id}", "shut": f"/cases/{shut.id}"}


def test_papers_contacts_and_what_is_shown_in_clear(web, wang):
    bo, tao, eve, dee = web("bo"), web("tao"), web("eve"), web("dee")
    base = wang["client"]
    made = bo.api("POST", f"{base}/documents", {"kind": "111", "number": NUMBER}, 201, Idempotency_Key="paper-one")
    again = bo.api("POST", f"{base}/documents", {"kind": "111", "number": NUMBER}, 201, Idempotency_Key="paper-one")
    assert again.json == made.json and NUMBER not in made.text
    paper = made.json["id"]
    assert bo.api("POST", f"{base}/documents", {"kind": "111", "number": "2.20102E+17"}, 422).json["fields"].keys() == {"number"}
    phone = bo.api("POST", f"{base}/contacts", {"kind": "own", "phone": "13800002206"}, 201).json
    assert "13800002206" not in str(phone)
    shown = bo.api("POST", f"{base}/reveal", {"what": "document", "id": paper}, 200)
    assert shown.json == {"value": NUMBER}
    assert bo.api("POST", f"{base}/reveal", {"what": "contact", "id": phone["id"]}, 200).json == {"value": "13800002206"}
    bo.api("POST", f"{base}/reveal", {"what": "document", "id": phone["id"]}, 404)
    tao.api("POST", f"{base}/contacts", {"kind": "none"}, 403)
    for path in (f"{base}/documents/{paper}", f"{base}/contacts/{phone['id']}"):
        assert eve.api("GET", path).status_code == 404
    changed = {"kind": "shared", "phone": "13800002207", "name": "李"}
    bo.api("PATCH", f"{base}/contacts/{phone['id']}", changed, 200)
    assert bo.api("POST", "/clients/search", {"q": "2207"}, 200).json["items"]
    assert bo.api("POST", "/clients/search", {"q": "2206"}, 200).json["items"] == []
    bo.api("POST", f"{base}/contacts/{phone['id']}/remove", {}, 204)
    assert bo.api("POST", "/clients/search", {"q": "2207"}, 200).json["items"] == []
    bo.api("POST", f"{base}/documents/{paper}/void", {}, 200)
    assert bo.api("POST", "/clients/search", {"q": NUMBER}, 200).json["items"] == []
    events = [row["event"] for row in dee.api("GET", "/audit?limit=200", status=200).json["items"]]
    assert "client.revealed" in events


def test_groups_by_calls(web, wang):
    bo, base = web("bo"), wang["client"]
    tag = bo.api("POST", f"{base}/tags", {"code": "EL03", "from_on": TODAY, "status": "suspected"}, 201).json
    assert bo.api("POST", f"{base}/tags", {"code": "EL03", "from_on": TODAY}, 409).json["code"] == "already_there"
    assert bo.api("POST", f"{base}/tags", {"code": "MD01", "from_on": TODAY}, 422).json["fields"].keys() == {"code"}
    held = bo.api("POST", f"{base}/tags/{tag['id']}/confirm", {"basis": "village list"}, 200).json
    assert held["status"] == "confirmed"
    ended = bo.api("POST", f"{base}/tags/{tag['id']}/end", {"to_on": TODAY, "reason": "moved in"}, 200).json
    assert ended["to_on"] == TODAY
    bo.api("POST", f"{base}/tags/{tag['id']}/end", {"to_on": TODAY}, 409)
    bo.api("POST", f"{base}/tags/{tag['id']}/cancel", {"reason": "another person"}, 200)
    shut = bo.api("POST", f"{wang['shut']}/tags", {"code": "MD01", "from_on": TODAY}, 201).json
    assert bo.api("POST", f"{wang['case']}/tags", {"code": "MD01", "from_on": TODAY}, 409).json["code"] == "not_restricted"
    assert shut["id"] not in [row["id"] for row in bo.api("GET", f"{base}/tags", status=200).json["items"]]
    assert web("ben").api("GET", f"{wang['shut']}/tags").status_code == 404


def test_what_was_not_given_is_a_fact(web, wang):
    bo, base = web("bo"), wang["client"]
    bo.api("POST", f"{base}/refused", {"items": ["phone", "photo"]}, 200)
    assert bo.api("GET", f"{base}/refused", status=200).json["items"] == ["phone", "photo"]
    bo.api("POST", f"{base}/refused", {"items": ["shoe"]}, 422)


def test_comments_tasks_and_risk(web, wang):
    bo, chen, ann = web("bo"), web("chen"), web("ann")
    case = wang["case"]
    made = chen.api("POST", f"{case}/comments", {"field": "aim", "text": "whose wish is it?"}, 201).json
    quiet = chen.api("POST", f"{case}/comments", {"field": "aim", "text": "let us talk", "private": True}, 201).json
    seen = {row["id"] for row in ann.api("GET", f"{case}/comments", status=200).json["items"]}
    assert made["id"] in seen and quiet["id"] not in seen
    assert ann.api("GET", f"{case}/comments/{quiet['id']}").status_code == 404
    bo.api("POST", f"{case}/comments/{made['id']}/settle", {}, 200)
    assert bo.api("POST", f"{case}/comments/{made['id']}/settle", {}).status_code == 409
    version = bo.api("GET", case, status=200).json["version"]
    bo.api("POST", f"{case}/risk", {"risk": "red", "version": version}, 422)
    changed = bo.api("POST", f"{case}/risk", {"risk": "red", "risk_reason": "fell", "version": version}, 200).json
    assert changed["risk"] == "red"
    bo.api("POST", f"{wang['client']}/consents", {"basis": "emergency", "signed_on": TODAY}, 201)
    task = next(row for row in bo.api("GET", "/tasks", status=200).json["items"] if row["kind"] == "notify_later")
    assert web("eve").api("GET", f"/tasks/{task['id']}").status_code == 404
    bo.api("POST", f"/tasks/{task['id']}/end", {"state": "cancelled"}, 422)
    bo.api("POST", f"/tasks/{task['id']}/end", {"state": "done"}, 200)
    bo.api("POST", f"/tasks/{task['id']}/end", {"state": "done"}, 409)


def test_restricting_and_who_may_open(engine, web, wang):
    bo, ann, ben, chen = web("bo"), web("ann"), web("ben"), web("chen")
    case = wang["case"]
    version = bo.api("GET", case, status=200).json["version"]
    bo.api("POST", f"{case}/restrict", {"reason": "violence", "version": version}, 200)
    assert ben.api("GET", case).status_code == chen.api("GET", case).status_code == 404
    assert bo.api("GET", f"{case}/named").status_code == 403, "the head names, nobody else"
    body = {"user_id": str(engine.cast.users["chen"])}
    named = ann.api("POST", f"{case}/named", body, 200).json["items"]
    again = ann.api("POST", f"{case}/named", {**body, "to_on": (clock.today() + timedelta(days=9)).isoformat()}, 200).json[
        "items"
    ]
    assert len(named) == len(again) == 2 and {row["kind"] for row in again} == {"assigned", "named"}
    chen.api("GET", case, status=200)
    ann.api("POST", f"{case}/named", {"user_id": str(engine.cast.users["eve"])}, 422)
    entries = {row["kind"]: row["id"] for row in again}
    assert ann.api("POST", f"{case}/named/{entries['assigned']}/end", {}).status_code == 409
    ann.api("POST", f"{case}/named/{entries['named']}/end", {}, 200)
    assert chen.api("GET", case).status_code == 404
    assert ann.api("POST", f"{wang['client']}/named", body).status_code == 409, "that file is open to the station"


def test_services_and_consultations_by_calls(web, wang):
    bo = web("bo")
    case_id = wang["case"].rsplit("/", 1)[1]
    body = {"kind": "case", "item": "B1.1", "happened_on": TODAY, "minutes": 30, "case_id": case_id}
    made = bo.api("POST", "/services", body, 201, Idempotency_Key="service-one").json
    assert made["minutes"] == 30 and made["catalogue_version"]
    assert bo.api("POST", "/services", body, 201, Idempotency_Key="service-one").json["id"] == made["id"]
    bo.api("POST", "/services", {"kind": "consultation", "item": "B1.1", "happened_on": TODAY}, 422)
    group = {"kind": "station", "item": "B1.1", "happened_on": TODAY, "head_count": 12}
    assert bo.api("POST", "/services", group, 201).json["head_count"] == 12
    for wrong in ({"item": "Z9.9"}, {"happened_on": "2999-01-01"}, {"minutes": 0}, {"head_count": 0}, {"case_id": case_id[:-1]}):
        bo.api("POST", "/services", {**body, **wrong}, 422)
    bo.api("POST", f"/services/{made['id']}/void", {"reason": "typed twice"}, 200)
    assert bo.api("POST", f"/services/{made['id']}/void", {"reason": "typed twice"}).status_code == 409
    assert web("eve").api("GET", f"/services/{made['id']}").status_code == 404
    assert made["id"] in [row["id"] for row in bo.api("GET", "/services", status=200).json["items"]]


def test_village_contacts_by_calls(web):
    bo, eve = web("bo"), web("eve")
    body = {"division_code": "222403101201", "role": "cadre", "name": "金村长", "phone": "13800002206"}
    made = bo.api("POST", "/villages/contacts", body, 201)
    key = made.json["id"]
    assert "13800002206" not in made.text
    assert bo.api("POST", f"/villages/contacts/{key}/reveal", {}, 200).json == {"value": "13800002206"}
    bo.api("PATCH", f"/villages/contacts/{key}", {**body, "name": "朴村长", "version": made.json["version"]}, 200)
    bo.api("PATCH", f"/villages/contacts/{key}", {**body, "version": made.json["version"]}, 409)
    assert eve.api("GET", f"/villages/contacts/{key}").status_code == 404
    assert [row["name"] for row in bo.api("GET", "/villages/contacts", status=200).json["items"]] == ["朴村长"]


def test_households_as_a_whole(web, wang):
    bo = web("bo")
    members = [{"client_id": wang["client"].rsplit("/", 1)[1], "relation_to_head": "head"}]
    home = bo.api("POST", "/households", {"name": "Wang", "address": "3 River Lane", "members": members}, 201).json
    path = f"/households/{home['id']}"
    assert bo.api("POST", f"{path}/reveal", {}, 200).json == {"value": "3 River Lane"}
    whole = bo.api("POST", f"{path}/members", {"name": "Jun", "relation_to_head": "son", "sex": "1"}, 201).json
    head, son = (m["id"] for m in whole["members"])
    bo.api("POST", f"{path}/relations", {"from_id": son, "to_id": head, "kind": "son"}, 200)
    kinds = {(row["from_id"], row["to_id"]): row["kind"] for row in bo.api("GET", f"{path}/relations", status=200).json["items"]}
    assert kinds == {(son, head): "son", (head, son): "mother"}, "the inverse is kept by itself"
    bo.api("PATCH", f"{path}/members/{son}", {"name": "June", "relation_to_head": "daughter", "sex": "2"}, 200)
    bo.api("POST", f"{path}/relations/end", {"from_id": son, "to_id": head}, 200)
    assert bo.api("GET", f"{path}/relations", status=200).json["items"] == []
    bo.api("POST", f"{path}/members/{son}/remove", {}, 200)
    assert len(bo.api("GET", path, status=200).json["members"]) == 1
    other = bo.api("POST", "/households", {"name": "Second", "members": members}, 201).json
    assert bo.api("GET", path, status=200).json["members"] == [], "who moves in there lives here no longer"
    assert len(other["members"]) == 1
