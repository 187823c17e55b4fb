"""One life by the API on both engines: the same verbs, refusals and scopes as on the pages."""

from datetime import timedelta

from caseapp import reference
from caseapp.core import clock
from caseapp.core.identity_numbers import check_digit

NUMBER = "22240319450302122" + check_digit("22240319450302122")  # of an invented person
PERSON = {
    "name": "王淑华",
    "sex": "2",
    "birth": "1945-03-02",
    "document": {"kind": "111", "number": NUMBER},
    "residence_code": "222403101201",
    "contacts": [{"kind": "own", "phone": "13800002206"}],
    "tags": ["EL02"],
}


def days(count):
    """A day from now."""
    return (clock.today() + timedelta(days=count)).isoformat()


def test_one_life(web):
    bo, chen, tao, eve, cora = web("bo"), web("chen"), web("tao"), web("eve"), web("cora")
    answer = bo.api("POST", "/clients", PERSON, 201, Idempotency_Key="register-1")
    client = answer.json
    assert answer.headers["Location"].endswith(client["id"])
    assert NUMBER not in answer.text and client["documents"][0]["number"].startswith("222*")
    again = bo.api("POST", "/clients", PERSON, 201, Idempotency_Key="register-1")
    assert again.json["id"] == client["id"], "a repeat makes nothing new"
    bo.api("POST", "/clients", {**PERSON, "name": "别人"}, 422, Idempotency_Key="register-1")
    assert bo.api("POST", "/clients", PERSON, 409).json["code"] == "already_on_file"
    base = f"/clients/{client['id']}"
    for stranger in (eve, web("far")):
        for method, path, body in (
            ("GET", base, None),
            ("PATCH", base, {"version": 1, "note": "x"}),
            ("GET", f"{base}/visits", None),
            ("POST", f"{base}/visits", {"outcome": "done", "happened_on": days(0)}),
            ("POST", f"{base}/consents", {"basis": "statutory", "signed_on": days(0), "paper_place": "县民政局通知"}),
            ("POST", "/cases", {"domain": "elderly", "client_id": client["id"], "source": "visit", "found_on": days(0)}),
        ):
            assert stranger.api(method, path, body).status_code == 404, (method, path)
    assert cora.api("GET", base).status_code == 403

    # found by everything one may search by
    for q in ("王", "淑华", "wangshuhua", "wsh", NUMBER, NUMBER.lower(), "13800002206", "2206"):
        found = bo.api("POST", "/clients/search", {"q": q}, 200).json["items"]
        assert [row["id"] for row in found] == [client["id"]], q
        assert eve.api("POST", "/clients/search", {"q": q}, 200).json["items"] == []

    # versions
    bo.api("PATCH", base, {"note": "住村东头"}, 428)
    bo.api("PATCH", base, {"version": 999, "note": "住村东头"}, 409)
    changed = bo.api("PATCH", base, {"version": client["version"], "living": "alone"}, 200).json
    assert changed["living"] == "alone" and changed["name"] == "王淑华"

    # a visit without a case, voided with a reason
    visit = bo.api("POST", f"{base}/visits", {"outcome": "done", "happened_on": days(0), "note": "头晕"}, 201).json
    assert bo.api("GET", f"/visits?due_before={days(400)}", status=200).json["items"][0]["why"]
    assert eve.api("POST", f"/visits/{visit['id']}/void", {"reason": "错记", "version": 1}).status_code == 404
    bo.api("POST", f"/visits/{visit['id']}/void", {"reason": "错记", "version": visit["version"]}, 200)

    # a case, step by step
    bo.api("POST", f"{base}/consents", {"basis": "statutory", "signed_on": days(0), "paper_place": "县民政局通知"}, 201)
    body = {"domain": "elderly", "client_id": client["id"], "source": "visit", "found_on": days(0), "risk_reason": "独居"}
    case = bo.api("POST", "/cases", body, 201).json
    where = f"/cases/{case['id']}"
    case = bo.api("POST", f"{where}/accept", {"version": case["version"]}, 200).json
    assert bo.api("POST", f"{where}/plan", {"version": case["version"]}, 409).json["code"].startswith("missing_")
    case = bo.api("PATCH", where, {"version": case["version"], "detail": {"needs": "夜里不稳"}}, 200).json
    assert bo.api("PATCH", where, {"version": case["version"], "detail": {"shoe_size": 9}}, 422).json["fields"]
    case = assess(bo, where)
    case = bo.api("POST", f"{where}/plan", {"version": case["version"]}, 200).json
    plan = {"starts_on": days(0), "goals": [{"text": "不摔跤", "due_on": days(60)}]}
    plan = bo.api("POST", f"{where}/plans", plan, 201).json
    assert bo.api("POST", f"{where}/reviews", {"kind": "plan"}, 409).json["code"] == "not_agreed"
    agreed = {"agreed_on": days(0), "agreed_by": "self", "agreed_how": "signed", "version": plan["version"]}
    goals = [{"id": plan["goals"][0]["id"], "text": "不摔跤", "due_on": days(60)}]
    plan = bo.api("PATCH", f"{where}/plans/{plan['id']}", {"starts_on": days(0), "goals": goals, **agreed}, 200).json
    review = bo.api("POST", f"{where}/reviews", {"kind": "plan"}, 201).json
    assert bo.api("POST", f"/reviews/{review['id']}/approve", {"version": 1}).status_code == 403
    assert tao.api("POST", f"/reviews/{review['id']}/approve", {"version": 1}).status_code == 403, "closures only"
    chen.api("POST", f"/reviews/{review['id']}/return", {"version": 1}, 422)
    chen.api("POST", f"/reviews/{review['id']}/approve", {"version": 1}, 200)
    case = bo.api("GET", where, status=200).json
    case = bo.api("POST", f"{where}/serve", {"version": case["version"]}, 200).json
    bo.api("POST", f"{where}/visits", {"outcome": "done", "happened_on": days(0)}, 201)
    assert bo.api("GET", f"{where}/reviews", status=200).json["items"][0]["state"] == "approved", "a visit fells nothing"
    case = bo.api("GET", where, status=200).json
    case = bo.api("POST", f"{where}/evaluate", {"version": case["version"]}, 200).json
    asked = {"reason": "achieved", "outcomes": {goals[0]["id"]: "reached"}, "version": case["version"]}
    case = bo.api("POST", f"{where}/ask_closing", asked, 200).json
    closure = bo.api("POST", f"{where}/reviews", {"kind": "closure"}, 201).json
    assert bo.api("POST", f"{where}/close", {"version": case["version"] + 1}).status_code == 409
    tao.api("POST", f"/reviews/{closure['id']}/approve", {"version": 1}, 200)
    case = bo.api("GET", where, status=200).json
    case = bo.api("POST", f"{where}/close", {"version": case["version"]}, 200).json
    assert (case["status"], case["closing_reason"]) == ("closed", "achieved")

    # death ends what still runs; the record stays
    bo.api("POST", f"{where}/reopen", {"version": case["version"]}, 200)
    client = bo.api("GET", base, status=200).json
    bo.api("POST", f"{base}/end", {"reason": "moved", "to_on": days(0), "version": client["version"]}, 409)
    bo.api("POST", f"{base}/end", {"reason": "deceased", "to_on": days(0), "version": client["version"]}, 200)
    after = bo.api("GET", base, status=200).json
    assert (after["state"], after["next_visit_on"]) == ("ended", None)
    assert bo.api("GET", where, status=200).json["closing_reason"] == "deceased"
    seen = web("dee").api("GET", "/audit?kind=change", status=200).json["items"]
    assert {"client.registered", "case.close"} <= {row["event"] for row in seen} or len(seen) == 25
    assert "王淑华" not in web("dee").api("GET", "/audit?limit=200", status=200).text


def assess(bo, where):
    """The national instrument at its best, level confirmed; the case as it then is."""
    instrument = reference.instrument("gbt42195")
    answers = {item.code: max(option.score for option in item.options) for item in instrument.items}
    body = {"instrument": "gbt42195", "assessed_on": days(0), "answers": answers}
    row = bo.api("POST", f"{where}/assessments", body, 201).json
    confirm = {"level": row["computed_level"], "version": row["version"]}
    bo.api("POST", f"{where}/assessments/{row['id']}/confirm", confirm, 200)
    return bo.api("GET", where, status=200).json
