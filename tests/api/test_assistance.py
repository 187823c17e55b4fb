"""Assistance cases by the API: the same schema and service as the pages."""

import pytest

from tests import poor

DETAIL = {"matter": "apply", "hardships": ["illness"], "hardship_since": "2026-01-05", "urgent_needs": ["heat"]}


@pytest.fixture
def found(engine):
    """The family without an open case."""
    return poor.family(engine, status="declined")


def opened(bo, found, **more):
    body = {"domain": "assistance", "source": "visit", "found_on": "2026-09-01", "household_id": str(found["household"])}
    return bo.api("POST", "/cases", {**body, "detail": DETAIL, **more})


def test_opened_read_and_changed(web, found):
    bo = web("bo")
    answer = opened(bo, found)
    assert answer.status_code == 201 and answer.json["case_no"].startswith("SA-")
    address = f"/cases/{answer.json['id']}"
    whole = bo.api("GET", address, status=200).json
    assert {name: whole["detail"][name] for name in DETAIL} == DETAIL
    changed = bo.api(
        "PATCH", address, {"version": whole["version"], "detail": {"needs": "coal", "income_rhythm": "stable"}}, status=200
    )
    assert changed.json["detail"]["needs"] == "coal" and changed.json["detail"]["matter"] == "apply"
    bo.api("PATCH", address, {"version": whole["version"], "detail": {"needs": "x"}}, status=409)
    assert bo.api("POST", f"{address}/plan", {"version": changed.json["version"]}).status_code == 409
    for name, status in (("eve", 404), ("far", 404), ("cora", 403)):
        web(name).api("GET", address, status=status)


@pytest.mark.parametrize(
    "wrong", [{"hardships": ["unlucky"]}, {"hardship_since": "2999-01-01"}, {"urgent_needs": "heat"}, {"matter": 7}, {"score": 5}]
)
def test_a_bad_intake_is_told_by_field(web, found, wrong):
    answer = opened(web("bo"), found, detail={**DETAIL, **wrong})
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.json["fields"]["detail"], answer.json


def test_the_gate_names_what_is_missing(web, found):
    bo = web("bo")
    case = opened(bo, found).json
    address = f"/cases/{case['id']}"
    case = bo.api("POST", f"{address}/accept", {"version": case["version"]}, status=200).json
    bo.api("PATCH", address, {"version": case["version"], "detail": {"needs": "coal"}}, status=200)
    case = bo.api("GET", address).json
    risk = bo.api("POST", f"{address}/risk", {"version": case["version"], "risk": "blue", "risk_reason": "cold"}, status=200).json
    answer = bo.api("POST", f"{address}/plan", {"version": risk["version"]}, status=409)
    assert answer.json["code"] == "missing_means_sheet"
