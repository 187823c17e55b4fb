"""Referrals by the API: who may do what on which side, what the receiver reads and until when, and what two do at once."""

from typing import Any

import pytest
from sqlalchemy import func, select, update

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models import trust as t
from tests import rows
from tests.api.test_at_once import at_once
from tests.services.casework import referring


def sent(engine: Any, web: Any, case: Any = None, by: str = "bo", **more: Any) -> tuple[Any, dict[str, Any]]:
    """A referral from Riverside to Hillside, without an answer."""
    case = case or referring.laid(engine)
    return case, web(by).api("POST", f"/cases/{case.id}/referrals", referring.body(engine, **more), 201).json


def read(engine: Any, query: Any) -> Any:
    with engine.app.app_context(), system_session("read") as session:
        return session.execute(query).all()


def test_a_person_is_handed_over_and_the_receiver_reads_only_the_packet(engine: Any, web: Any) -> None:
    case, row = sent(engine, web)
    assert (row["status"], row["referral_no"][:2]) == ("sent", "R-")
    eve = web("eve")
    found = eve.api("GET", "/referrals?box=in", status=200).json["items"]
    assert [one["id"] for one in found] == [row["id"]]
    packet = eve.api("GET", f"/referrals/{row['id']}/packet", status=200).json
    assert packet["content"]["sections"]["person"]["name"] == "王淑华"
    assert packet["content"]["sections"]["risk"] == {"risk": "orange", "risk_reason": "lives alone"}
    eve.api("GET", f"/cases/{case.id}", status=404)
    eve.api("GET", f"/clients/{case.client_id}", status=404)
    assert "王淑华" not in web("hal").api("GET", "/clients", status=200).text
    taken = eve.api("POST", f"/referrals/{row['id']}/accept", {"version": row["version"]}, 200).json
    assert taken["status"] == "accepted"
    mine = eve.api("GET", "/clients", status=200).json["items"]
    assert [one["name"] for one in mine] == ["王淑华"] and mine[0]["id"] != str(case.client_id)
    opened = eve.api("GET", "/cases", status=200).json["items"]
    assert [(one["source"], one["risk"], one["status"]) for one in opened] == [("referral", "orange", "intake")]
    eve.api("POST", f"/referrals/{row['id']}/begin", {"version": taken["version"]}, 200)
    now = eve.api("POST", f"/referrals/{row['id']}/complete", {"version": taken["version"] + 1, "text": "每周看望"}, 200).json
    assert now["status"] == "completed"
    assert eve.api("GET", f"/referrals/{row['id']}/packet").status_code == 404, "over: the reading ends"
    assert len(eve.api("GET", "/clients", status=200).json["items"]) == 1, "what it has made its own stays"
    web("bo").api("GET", f"/referrals/{row['id']}/packet", status=200)


def test_the_packet_is_frozen_and_never_follows_the_file(engine: Any, web: Any) -> None:
    case, row = sent(engine, web)
    with engine.app.app_context(), system_session("rows", write=True) as session:
        session.execute(update(c.Client).where(c.Client.id == case.client_id).values(name="改名了"))
    packet = web("eve").api("GET", f"/referrals/{row['id']}/packet", status=200).json
    assert packet["frozen"] and packet["content"]["sections"]["person"]["name"] == "王淑华"


def test_only_ticked_sections_leave_the_station(engine: Any, web: Any) -> None:
    _case, row = sent(engine, web, sections=["risk"])
    packet = web("eve").api("GET", f"/referrals/{row['id']}/packet", status=200)
    assert set(packet.json["content"]["sections"]) == {"person", "risk"}
    assert referring.NUMBER not in packet.text


@pytest.mark.parametrize("name", ["bo", "ben", "ann", "tao", "chen"])
def test_nobody_of_the_senders_station_accepts(engine: Any, web: Any, name: str) -> None:
    _case, row = sent(engine, web)
    for verb, more in (("accept", {}), ("reject", {"reason": "full"}), ("begin", {}), ("complete", {"text": "done"})):
        answer = web(name).api("POST", f"/referrals/{row['id']}/{verb}", {"version": row["version"], **more})
        assert answer.status_code == 403, f"{name} {verb}"
    assert read(engine, select(c.Referral.status)) == [("sent",)]


def _also_at_hillside(engine: Any, name: str) -> None:
    """A second grant of somebody, at Hillside: from now on they work under that one."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        place = engine.cast.places["Hillside"]
        grant = o.Grant(
            user_id=engine.cast.users[name],
            role="worker",
            organisation_id=place,
            state="active",
            from_on=clock.today(),
            reason="two stations",
            proposed_at=clock.now(),
        )
        session.add(grant)
        session.flush()
        session.add(o.GrantPlace(grant_id=grant.id, organisation_id=place, path=engine.cast.paths["Hillside"]))
        tokens = update(o.ApiToken).where(o.ApiToken.user_id == engine.cast.users[name])
        session.execute(tokens.values(grant_id=grant.id))


def _nobody_else_at_hillside(engine: Any) -> None:
    with engine.app.app_context(), system_session("rows", write=True) as session:
        theirs = update(o.Grant).where(o.Grant.id == engine.cast.grants["eve"])
        session.execute(theirs.values(state="ended", to_on=clock.today().replace(year=2025)))


def test_who_sent_it_does_not_accept_it_under_another_grant_either(engine: Any, web: Any) -> None:
    _case, row = sent(engine, web)
    bo = web("bo")
    _also_at_hillside(engine, "bo")
    assert bo.api("GET", "/referrals?box=in", status=200).json["items"][0]["id"] == row["id"]
    answer = bo.api("POST", f"/referrals/{row['id']}/accept", {"version": row["version"]}, 403)
    assert "does not answer" in answer.json["detail"]
    bo.api("POST", f"/referrals/{row['id']}/reject", {"version": row["version"], "reason": "full"}, 403)
    chen = web("chen")
    chen.api("POST", f"/referrals/{row['id']}/stand-in", {"version": row["version"]}, 409)  # Eve works there


def test_in_a_station_of_one_worker_the_supervisor_stands_in(engine: Any, web: Any) -> None:
    _case, row = sent(engine, web)
    bo = web("bo")
    _also_at_hillside(engine, "bo")
    _nobody_else_at_hillside(engine)
    bo.api("POST", f"/referrals/{row['id']}/stand-in", {"version": row["version"]}, 403)
    now = web("chen").api("POST", f"/referrals/{row['id']}/stand-in", {"version": row["version"]}, 200).json
    bo.api("POST", f"/referrals/{row['id']}/accept", {"version": now["version"]}, 200)


@pytest.mark.parametrize("name", ["far", "fay", "cora", "cyr", "pia", "sam", "sec", "dee", "con", "val"])
def test_third_parties_learn_nothing(engine: Any, web: Any, name: str) -> None:
    _case, row = sent(engine, web)
    for method, path, more in (
        ("GET", "", None),
        ("GET", "/packet", None),
        ("POST", "/accept", {"version": row["version"]}),
        ("POST", "/revoke", {"version": row["version"]}),
    ):
        answer = web(name).api(method, f"/referrals/{row['id']}{path}", more)
        assert answer.status_code in (403, 404) and "王淑华" not in answer.text
        assert answer.status_code == 404 or name not in ("far", "fay")


def test_township_and_supervisor_of_the_receiver_do_not_read_the_packet(engine: Any, web: Any) -> None:
    case = referring.laid(engine, "Hillside", "eve")
    there = {"to_station_id": str(engine.cast.places["Riverside"])}
    row = web("eve").api("POST", f"/cases/{case.id}/referrals", referring.body(engine, **there), 201).json
    web("tao").api("GET", f"/referrals/{row['id']}", status=404)
    web("tao").api("GET", f"/referrals/{row['id']}/packet", status=404)
    web("ben").api("GET", f"/referrals/{row['id']}/packet", status=200)


def test_a_restricted_packet_needs_the_head_and_is_the_receivers_heads_until_given(engine: Any, web: Any) -> None:
    case = referring.laid(engine, klass="P3")
    bo, ann, hal, eve = web("bo"), web("ann"), web("hal"), web("eve")
    refused = bo.api("POST", f"/cases/{case.id}/referrals", referring.body(engine), 409)
    assert refused.json["code"] == "confirmation_needed"
    row = bo.api("POST", f"/cases/{case.id}/referrals", referring.body(engine, draft=True), 201).json
    web("ben").api("GET", f"/referrals/{row['id']}", status=404)
    mark = bo.api("GET", f"/referrals/{row['id']}/packet", status=200).json["digest"]
    body = {"version": row["version"], "digest": mark}
    bo.api("POST", f"/referrals/{row['id']}/confirm", body, 403)
    row = ann.api("POST", f"/referrals/{row['id']}/confirm", body, 200).json
    row = bo.api("POST", f"/referrals/{row['id']}/send", {"version": row["version"], "digest": mark}, 200).json
    assert eve.api("GET", "/referrals?box=in", status=200).json["items"] == []
    eve.api("GET", f"/referrals/{row['id']}/packet", status=404)
    eve.api("POST", f"/referrals/{row['id']}/accept", {"version": row["version"]}, 404)
    hal.api("GET", f"/referrals/{row['id']}/packet", status=200)
    given = {"version": row["version"], "worker_id": str(engine.cast.users["eve"])}
    row = hal.api("POST", f"/referrals/{row['id']}/assign", given, 200).json
    eve.api("GET", f"/referrals/{row['id']}/packet", status=200)
    eve.api("POST", f"/referrals/{row['id']}/accept", {"version": row["version"]}, 200)
    assert [one["data_class"] for one in eve.api("GET", "/cases", status=200).json["items"]] == ["P3"]


def test_the_heads_word_falls_when_the_file_changes(engine: Any, web: Any) -> None:
    case = referring.laid(engine, klass="P3")
    bo = web("bo")
    row = bo.api("POST", f"/cases/{case.id}/referrals", referring.body(engine, draft=True), 201).json
    row = web("ann").api("POST", f"/referrals/{row['id']}/confirm", {"version": row["version"]}, 200).json
    with engine.app.app_context(), system_session("rows", write=True) as session:
        session.execute(update(c.Case).where(c.Case.id == case.id).values(risk_reason="threatened"))
    again = bo.api("POST", f"/referrals/{row['id']}/send", {"version": row["version"]}, 409)
    assert again.json["code"] == "confirmation_needed"


def test_what_was_shown_is_what_is_sent(engine: Any, web: Any) -> None:
    case = referring.laid(engine)
    bo = web("bo")
    row = bo.api("POST", f"/cases/{case.id}/referrals", referring.body(engine, draft=True), 201).json
    web("eve").api("GET", f"/referrals/{row['id']}", status=404)
    mark = bo.api("GET", f"/referrals/{row['id']}/packet", status=200).json
    assert not mark["frozen"]
    with engine.app.app_context(), system_session("rows", write=True) as session:
        session.execute(update(c.Case).where(c.Case.id == case.id).values(risk="red"))
    answer = bo.api("POST", f"/referrals/{row['id']}/send", {"version": row["version"], "digest": mark["digest"]}, 409)
    assert answer.json["code"] == "packet_changed"
    fresh = bo.api("GET", f"/referrals/{row['id']}/packet", status=200).json["digest"]
    bo.api("POST", f"/referrals/{row['id']}/send", {"version": row["version"], "digest": fresh}, 200)
    assert web("eve").api("GET", f"/referrals/{row['id']}/packet", status=200).json["digest"] == fresh


def test_a_minors_packet_is_for_the_head_and_whom_it_was_given_to(engine: Any, web: Any) -> None:
    born = clock.today().replace(year=clock.today().year - 9, day=1)
    case = referring.laid(engine, klass="minor", birth_on=born)
    bo, eve = web("bo"), web("eve")
    body = referring.body(engine, to_domain="elderly", sections=[])
    alone = bo.api("POST", f"/cases/{case.id}/referrals", body, 422)
    assert "signer" in alone.json["fields"]
    guardian = {"signer": "guardian", "signer_name": "王建国", "signer_relation": "father"}
    unheard = bo.api("POST", f"/cases/{case.id}/referrals", body | guardian)
    assert unheard.status_code == 422 and "child_heard" in unheard.json["fields"], unheard.text
    row = bo.api("POST", f"/cases/{case.id}/referrals", body | guardian | {"child_heard": True}, 201).json
    assert eve.api("GET", "/referrals?box=in", status=200).json["items"][0]["id"] == row["id"], "the line is shown"
    eve.api("GET", f"/referrals/{row['id']}/packet", status=404)
    eve.api("POST", f"/referrals/{row['id']}/accept", {"version": row["version"]}, 403)
    web("hal").api("GET", f"/referrals/{row['id']}/packet", status=200)


def test_revoking_ends_the_reading_whatever_became_of_the_other_side(engine: Any, web: Any) -> None:
    _case, row = sent(engine, web)
    eve = web("eve")
    now = eve.api("POST", f"/referrals/{row['id']}/accept", {"version": row["version"]}, 200).json
    with engine.app.app_context(), system_session("rows", write=True) as session:
        session.execute(
            update(o.User)
            .where(o.User.id.in_([engine.cast.users["eve"], engine.cast.users["hal"]]))
            .values(disabled_at=clock.now())
        )
    gone = web("ben").api("POST", f"/referrals/{row['id']}/revoke", {"version": now["version"], "text": "不再需要"}, 200).json
    assert gone["status"] == "revoked"
    with engine.app.app_context(), system_session("rows", write=True) as session:
        session.execute(update(o.User).values(disabled_at=None))
    web("eve").api("GET", f"/referrals/{row['id']}/packet", status=404)
    assert read(engine, select(c.ReferralPacket.reached)) == [(False,)]
    web("bo").api("POST", f"/referrals/{row['id']}/revoke", {"version": gone["version"]}, 409)


def test_the_same_number_is_asked_about_and_never_joined_silently(engine: Any, web: Any) -> None:
    other = referring.laid(engine, "Hillside", "eve", name="王淑华（前）")
    _case, row = sent(engine, web)
    eve = web("eve")
    asked = eve.api("POST", f"/referrals/{row['id']}/accept", {"version": row["version"]}, 409)
    assert asked.json["code"] == "already_on_file"
    with engine.app.app_context(), system_session("rows", write=True) as session:
        stranger = rows.client(session, engine.cast, "Hillside", "Stranger").id
    wrong = {"version": row["version"], "client_id": str(stranger)}
    assert "client_id" in eve.api("POST", f"/referrals/{row['id']}/accept", wrong, 422).json["fields"]
    same = {"version": row["version"], "client_id": str(other.client_id), "open_case": False}
    eve.api("POST", f"/referrals/{row['id']}/accept", same, 200)
    assert read(engine, select(c.Referral.to_client_id)) == [(other.client_id,)]
    assert read(engine, select(func.count()).select_from(c.Client)) == [(3,)]


def test_rejecting_needs_a_reason_and_comes_back_to_the_sender(engine: Any, web: Any) -> None:
    _case, row = sent(engine, web)
    eve = web("eve")
    assert "reason" in eve.api("POST", f"/referrals/{row['id']}/reject", {"version": row["version"]}, 422).json["fields"]
    other = {"version": row["version"], "reason": "other"}
    assert "note" in eve.api("POST", f"/referrals/{row['id']}/reject", other, 422).json["fields"]
    eve.api("POST", f"/referrals/{row['id']}/reject", {"version": 99, "reason": "full"}, 409)
    eve.api("POST", f"/referrals/{row['id']}/reject", {"version": row["version"], "reason": "full", "note": "人手不够"}, 200)
    assert web("bo").api("GET", f"/referrals/{row['id']}", status=200).json["reject_reason"] == "full"
    eve.api("GET", f"/referrals/{row['id']}/packet", status=404)


def test_an_outside_body_answers_by_a_receipt_that_the_sender_writes_down(engine: Any, web: Any) -> None:
    case, body = referring.laid(engine), referring.outside_body(engine)
    bo = web("bo")
    order = referring.body(engine, kind="outside", to_station_id=None, body_id=str(body.id), to_domain=None)
    row = bo.api("POST", f"/cases/{case.id}/referrals", order, 201).json
    bo.api("POST", f"/referrals/{row['id']}/accept", {"version": row["version"]}, 403)
    receipt = {
        "taken": True,
        "happened_on": clock.today().isoformat(),
        "who": "李护士",
        "channel": "phone",
        "version": row["version"],
    }
    web("eve").api("POST", f"/referrals/{row['id']}/receipt", receipt, 404)
    assert "who" in bo.api("POST", f"/referrals/{row['id']}/receipt", {**receipt, "who": ""}, 422).json["fields"]
    now = bo.api("POST", f"/referrals/{row['id']}/receipt", receipt, 200).json
    assert now["status"] == "accepted_outside"
    now = bo.api("POST", f"/referrals/{row['id']}/feedback", {"version": now["version"], "text": "已住院"}, 200).json
    assert (
        bo.api("POST", f"/referrals/{row['id']}/complete", {"version": now["version"], "text": "出院"}, 200).json["status"]
        == "completed"
    )
    theirs = referring.outside_body(engine, "Hillside")
    bo.api("GET", f"/outside-bodies/{theirs.id}", status=404)
    foreign = bo.api("POST", f"/cases/{case.id}/referrals", {**order, "body_id": str(theirs.id)})
    assert foreign.status_code == 404


def test_bad_input_is_said_at_its_member(engine: Any, web: Any) -> None:
    case = referring.laid(engine)
    bo = web("bo")
    for wrong, member in (
        ({"reason": ""}, "reason"),
        ({"to_station_id": None}, "to_station_id"),
        ({"to_station_id": str(engine.cast.places["Riverside"])}, "to_station_id"),
        ({"to_station_id": str(engine.cast.places["county"])}, "to_station_id"),
        ({"paper_place": None}, "paper_place"),
        ({"basis": "statutory", "paper_place": None}, "paper_place"),
        ({"sections": ["secrets"]}, "sections"),
        ({"kind": "domain", "to_station_id": None, "to_domain": "elderly"}, "to_domain"),
        ({"kind": "outside", "to_station_id": None}, "body_id"),
    ):
        answer = bo.api("POST", f"/cases/{case.id}/referrals", referring.body(engine, **wrong))
        assert answer.status_code == 422 and member in answer.json["fields"], (wrong, answer.text)
    assert read(engine, select(func.count()).select_from(c.Referral)) == [(0,)]
    web("tao").api("POST", f"/cases/{case.id}/referrals", referring.body(engine), 403)
    web("eve").api("POST", f"/cases/{case.id}/referrals", referring.body(engine), 404)


def test_two_who_accept_at_once_make_one_person(engine: Any, web: Any) -> None:
    _case, row = sent(engine, web)
    people = [web("eve"), web("hal")]
    answers = at_once(*[lambda b=b: b.api("POST", f"/referrals/{row['id']}/accept", {"version": row["version"]}) for b in people])
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert read(engine, select(func.count()).select_from(c.Client)) == [(2,)]


def test_accepting_and_taking_back_at_once_leaves_one_truth(engine: Any, web: Any) -> None:
    _case, row = sent(engine, web)
    eve, bo = web("eve"), web("bo")
    body = {"version": row["version"]}
    answers = at_once(
        lambda: eve.api("POST", f"/referrals/{row['id']}/accept", body),
        lambda: bo.api("POST", f"/referrals/{row['id']}/revoke", body),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    taken = answers[0].status_code == 200
    assert read(engine, select(c.Referral.status)) == [("accepted" if taken else "revoked",)]
    assert read(engine, select(func.count()).select_from(c.Client)) == [(2 if taken else 1,)]
    assert read(engine, select(c.ReferralPacket.reached)) == [(taken,)]


def test_the_trail_tells_both_sides(engine: Any, web: Any) -> None:
    case, row = sent(engine, web)
    eve = web("eve")
    eve.api("GET", f"/referrals/{row['id']}/packet", status=200)
    eve.api("POST", f"/referrals/{row['id']}/accept", {"version": row["version"]}, 200)
    told = read(engine, select(t.AuditEntry.event, t.AuditEntry.kind, t.AuditEntry.station_path, t.AuditEntry.people))
    by_name = {entry.event: entry for entry in told}
    assert by_name["referral.sent"].station_path == engine.cast.paths["Riverside"]
    packet = by_name["referral.packet_read"]
    assert (packet.kind, packet.station_path) == ("read", engine.cast.paths["Hillside"])
    assert case.id.bytes in packet.people
    assert by_name["referral.accepted"].station_path == engine.cast.paths["Hillside"]
